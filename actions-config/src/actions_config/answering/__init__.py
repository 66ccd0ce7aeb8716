"""What is answered, and what changes by it."""
