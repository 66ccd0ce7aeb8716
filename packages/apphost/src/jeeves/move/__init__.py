"""`jeeves move` and `jeeves migrate`: where the data are, and which tables they are in."""
