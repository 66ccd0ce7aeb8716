"""`jeeves move`, `jeeves migrate`."""

import os
from typing import Annotated

import typer

from jeeves.told import told

To = Annotated[str | None, typer.Option(help="the empty database; rather set JEEVES_DATABASE_URL, or JEEVES_DATABASE_URL_FILE")]
Amqp = Annotated[str | None, typer.Option(help="the RabbitMQ for what still waits; rather set JEEVES_AMQP_URL or its _FILE")]
Check = Annotated[bool, typer.Option("--check", help="change nothing; exit code 1 when it is not at the newest revision")]


def move(to: To = None, amqp: Amqp = None) -> None:
    """Move all data of the embedded form (SQLite in JEEVES_DATA_DIR) to PostgreSQL or MariaDB, and to RabbitMQ.

    All or nothing; Jeeves must not run. The old files stay, under another name.
    """
    with told():
        from jeeves.environment import Given
        from jeeves.move.move import move_all

        for line in move_all(Given.read(os.environ), to, amqp):
            typer.echo(line)


def migrate(check: Check = False) -> None:
    """Bring the tables of JEEVES_DATABASE_URL, else of the data folder, to the newest revision."""
    with told():
        from jeeves.environment import Given
        from jeeves.move.migrate import migrate as run

        behind, line = run(Given.read(os.environ), check=check)
        typer.echo(line)
        raise typer.Exit(int(behind))


def add(app: typer.Typer) -> None:
    """Add both commands to `jeeves`."""
    app.command()(move)
    app.command()(migrate)
