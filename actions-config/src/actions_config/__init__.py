"""What people tell Jeeves about themselves, their channel and their workspace: set, show, forget."""
