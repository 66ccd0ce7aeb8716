"""What the parts of Jeeves say to each other. Pydantic only, no I/O."""
