"""`jeeves doctor`: looks at everything that Jeeves needs, and says of each fault what mends it."""
