"""How any service of Jeeves runs, never what it means."""
