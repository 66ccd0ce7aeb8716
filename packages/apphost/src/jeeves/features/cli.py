"""`jeeves features list|put|on|off|remove`."""

import os
from typing import Annotated, Any

import typer

from jeeves.features.api import Features
from jeeves.office.asking import AsJson, show, table
from jeeves.told import told

app = typer.Typer(help="The actions that a running Jeeves knows. Changes hold from the next message on.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="an action's name, as its manifest has it")]


def _features() -> Features:
    from jeeves import operator
    from jeeves.environment import Given

    return Features(operator.found(Given.read(os.environ)))


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show them, one a line."""
    with told():
        every = list(_features().listed().values())
        rows = [
            {**one, "state": "on" if one["effective"]["on"] else "off", "version": one["granted"]["version"]} for one in every
        ]
        table(every if as_json else rows, ("name", "state", "version", "url", "summary"), as_json=as_json)


@app.command()
def put(
    name: Name,
    url: Annotated[str, typer.Argument(help="its origin, such as http://127.0.0.1:9001")],
    as_json: AsJson = False,
) -> None:
    """Bring an action in, or follow it to another address; it is granted what its manifest asks for now."""
    with told():
        put_in = _features().put(name, url)
        show(put_in, as_json=as_json, line="\n".join(_grant(name, put_in["granted"])))


def _grant(name: str, grant: dict[str, Any]) -> list[str]:
    lines = [f"{name} is in. Commands: {', '.join(command['name'] for command in grant['commands'])}."]
    if given := [*grant["facts"], *grant["connections"]]:
        lines.append(f"It is given: {', '.join(given)}.")
    if grant["jobs"]:
        lines.append(f"It may keep schedules for people: {', '.join(grant['jobs'])}.")
    return lines


@app.command()
def on(name: Name, as_json: AsJson = False) -> None:
    """Switch an action on."""
    with told():
        _features().switch(name, enabled=True)
        show({"name": name, "enabled": True}, as_json=as_json, line=f"{name} is on")


@app.command()
def off(name: Name, as_json: AsJson = False) -> None:
    """Switch an action off: people are told so."""
    with told():
        _features().switch(name, enabled=False)
        show({"name": name, "enabled": False}, as_json=as_json, line=f"{name} is off")


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Take an action out. One whose service.toml is still there comes back at the next start."""
    with told():
        _features().remove(name)
        show(None, as_json=as_json, line=f"{name} is out")
