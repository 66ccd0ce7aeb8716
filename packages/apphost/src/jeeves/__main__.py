"""`python -m jeeves` is the `jeeves` command."""

from jeeves.cli import app

app()
