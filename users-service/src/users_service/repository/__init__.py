"""All SQL. Every function takes the scope it may see as its first argument, then the connection of the caller's transaction."""
