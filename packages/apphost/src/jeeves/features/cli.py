"""`jeeves features list|put|on|off|remove`."""

import os
from typing import Annotated

import typer

from jeeves.features.api import Features
from jeeves.told import told

app = typer.Typer(help="The actions that a running Jeeves knows. Changes hold from the next message on.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="an action's name, as its manifest has it")]


def _features() -> Features:
    from jeeves import operator
    from jeeves.environment import Given

    return Features(operator.found(Given.read(os.environ)))


@app.command("list")
def list_() -> None:
    """Show them, one a line."""
    with told():
        for feature in _features().listed().values():
            state = "on" if feature.enabled else "off"
            manifest = feature.manifest
            typer.echo(f"{feature.name:20} {state:4} {manifest.version:10} {feature.url:32} {manifest.summary}")


@app.command()
def put(name: Name, url: Annotated[str, typer.Argument(help="its origin, such as http://127.0.0.1:9001")]) -> None:
    """Bring an action in, or follow it to another address; it is granted what its manifest asks for now."""
    with told():
        manifest = _features().put(name, url).manifest
        typer.echo(f"{name} is in. Commands: {', '.join(command.name for command in manifest.commands)}.")
        if granted := [*manifest.facts, *manifest.connections]:
            typer.echo(f"It is given: {', '.join(granted)}.")
        if manifest.jobs:
            typer.echo(f"It may keep schedules for people: {', '.join(manifest.jobs)}.")


@app.command()
def on(name: Name) -> None:
    """Switch an action on."""
    with told():
        _features().switch(name, enabled=True)
        typer.echo(f"{name} is on")


@app.command()
def off(name: Name) -> None:
    """Switch an action off: people are told so."""
    with told():
        _features().switch(name, enabled=False)
        typer.echo(f"{name} is off")


@app.command()
def remove(name: Name) -> None:
    """Take an action out. One whose service.toml is still there comes back at the next start."""
    with told():
        _features().remove(name)
        typer.echo(f"{name} is out")
