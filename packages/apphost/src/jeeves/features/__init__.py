"""Actions as a running Jeeves knows them: shown, put in, switched and taken out without a restart."""
