"""What people tell Jeeves about themselves: set, show, forget."""
