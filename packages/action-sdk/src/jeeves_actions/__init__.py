"""Write an action in ten lines."""
