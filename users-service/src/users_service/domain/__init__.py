"""What is decided without a database: pure functions of rows and time."""
