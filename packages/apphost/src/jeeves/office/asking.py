"""How the commands ask, and how they show what was answered."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

from jeeves.operator import Operator, part
from jeeves_service.errors import PermanentError

AsJson = Annotated[bool, typer.Option("--json", help="show JSON, for programs")]
Who = Annotated[str, typer.Argument(help="a person: platform:workspace:user such as slack:T123:U456, or their id in Jeeves")]
Installation = Annotated[str | None, typer.Option(help="an installation such as slack:T123; all where it is not given")]
WHOLE = ("id", "name", "reference")  # columns that are copied from a terminal
NAMES = 3  # parts of platform:workspace:user


def found() -> Operator:
    """Return the Jeeves that is meant. Raises SettingsError where there is none."""
    from jeeves import operator
    from jeeves.environment import Given

    return operator.found(Given.read(os.environ))


def person(jeeves: Operator, who: str) -> dict[str, Any]:
    """Return the person of a name. Raises PermanentError where there is none."""
    names = who.split(":")
    if len(names) != NAMES:
        told: dict[str, Any] = jeeves.ask("GET", f"/people/{part(who)}")
        return told
    platform, workspace, user = names
    wanted = {"platform": platform, "workspace_id": workspace, "user_id": user}
    for one in jeeves.pages("/people", workspace_id=workspace, user_id=user):
        if wanted in one["identities"]:
            return dict(one)
    raise PermanentError(f"Jeeves does not know {who} yet: they say something to it first, such as `hi`.")


def show(value: Any, *, as_json: bool, line: str) -> None:
    """Show an answer: itself to programs, a line to people."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else line)


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Show rows: all of them as JSON, or for people these columns of each."""
    every = list(rows)
    if as_json:
        typer.echo(json.dumps(every, ensure_ascii=False))
        return
    if not every:
        typer.echo("none")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column.replace("_", " "), overflow="fold", no_wrap=column in WHOLE)
    for row in every:
        drawn.add_row(*(Text(words(row.get(column))) for column in columns))
    Console(soft_wrap=False).print(drawn)


def words(value: Any) -> str:
    """Return a value as people read it in a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(words, value)) or "-"
    if isinstance(value, dict):
        return ":".join(map(words, value.values()))
    return str(value)
