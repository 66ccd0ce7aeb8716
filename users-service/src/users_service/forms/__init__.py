"""Forms for all that a person may edit, served as data: no other service knows a column, and each face shows them all."""
