"""`/api/v1`: the public API. An operation is declared once (`routing`); the door (`door`) does what is the same for all."""
