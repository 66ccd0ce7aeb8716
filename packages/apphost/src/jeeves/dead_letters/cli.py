"""`jeeves dead-letters list|show|replay|drop`."""

import json
import os
from typing import Annotated, Any, Protocol

import typer

from jeeves.office.asking import AsJson, show, table
from jeeves.told import told

app = typer.Typer(help="What could not be handled: look at it, try it again, or drop it for good.", no_args_is_help=True)
AtBroker = Annotated[bool, typer.Option("--broker", help="ask the broker itself, for when users-service is down")]
Letter = Annotated[str, typer.Argument(help="an id that `list` shows")]


class Letters(Protocol):
    """Both ways to the dead letters. Each raises a JeevesError that says what is wrong."""

    def listed(self) -> list[dict[str, Any]]: ...

    def show(self, letter: str) -> dict[str, Any]: ...

    def replay(self, letter: str) -> None: ...

    def drop(self, letter: str) -> None: ...


def _letters(broker: bool) -> Letters:
    from jeeves import operator
    from jeeves.environment import Given

    found = operator.found(Given.read(os.environ))
    if broker:
        from jeeves.dead_letters.broker import Broker

        return Broker(found.amqp_url)
    from jeeves.dead_letters.api import Api

    return Api(found)


@app.command("list")
def list_(broker: AtBroker = False, as_json: AsJson = False) -> None:
    """Show what lies there, one a line."""
    with told():
        table(_letters(broker).listed(), ("id", "kind", "type", "origin", "reason", "state"), as_json=as_json)


@app.command("show")
def show_(letter: Letter, broker: AtBroker = False, as_json: AsJson = False) -> None:
    """Show one with its content."""
    with told():
        found = _letters(broker).show(letter)
        show(found, as_json=as_json, line=json.dumps(found, indent=1, ensure_ascii=False))


@app.command()
def replay(letter: Letter, broker: AtBroker = False, as_json: AsJson = False) -> None:
    """Put one back on its way."""
    with told():
        _letters(broker).replay(letter)
        show({"id": letter}, as_json=as_json, line=f"{letter} is on its way again")


@app.command()
def drop(letter: Letter, broker: AtBroker = False, as_json: AsJson = False) -> None:
    """Give one up. This is final."""
    with told():
        _letters(broker).drop(letter)
        show({"id": letter}, as_json=as_json, line=f"{letter} is dropped")
