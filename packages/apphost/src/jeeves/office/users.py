"""`jeeves users list|show|grant|revoke|activate|deactivate|erase`."""

from typing import Annotated, Any, Literal

import typer

from jeeves.office.asking import AsJson, Installation, Who, found, person, show, table
from jeeves.operator import Operator, part
from jeeves.told import told
from jeeves_service.errors import PermanentError

app = typer.Typer(help="People: who they are, what they may, and why.", no_args_is_help=True)
Role = Annotated[Literal["admin", "operator"], typer.Argument(help="admin of an installation, or operator of all")]
At = Annotated[str | None, typer.Option("--installation", help="the installation; a person of one needs none")]


@app.command("list")
def list_(
    begins: Annotated[str | None, typer.Option("--name", help="how their name or address begins")] = None,
    installation: Installation = None,
    as_json: AsJson = False,
) -> None:
    """Show people, one a line."""
    with told():
        rows = (_row(one) for one in found().pages("/people", q=begins, installation_id=installation))
        table(rows, ("id", "name", "identities", "is_active", "roles"), as_json=as_json)


@app.command("show")
def show_(who: Who, as_json: AsJson = False) -> None:
    """Show one person, with their roles and why they have them."""
    with told():
        one = person(found(), who)
        if as_json:
            show(one, as_json=True, line="")
            return
        for name, value in _row(one).items():
            typer.echo(f"{name.replace('_', ' '):12} {value if value is not None else '-'}")
        for role in one["roles"]:
            typer.echo(f"{'why':12} {role['because']}")


@app.command()
def grant(who: Who, role: Role, installation: At = None, as_json: AsJson = False) -> None:
    """Make somebody admin or operator, from their next message on."""
    with told():
        jeeves = found()
        given = jeeves.ask("PUT", _path(jeeves, who, role, installation))
        show(given, as_json=as_json, line=f"{who} is {role}: {given['because']}")


@app.command()
def revoke(who: Who, role: Role, installation: At = None, as_json: AsJson = False) -> None:
    """Take a role back, from their next message on."""
    with told():
        jeeves = found()
        show(jeeves.ask("DELETE", _path(jeeves, who, role, installation)), as_json=as_json, line=f"{who} is no {role} any more")


@app.command()
def activate(who: Who, as_json: AsJson = False) -> None:
    """Do what somebody asks again."""
    with told():
        show(_switch(found(), who, active=True), as_json=as_json, line=f"{who} is active")


@app.command()
def deactivate(who: Who, as_json: AsJson = False) -> None:
    """Do nothing for somebody any more, from their next message on."""
    with told():
        show(_switch(found(), who, active=False), as_json=as_json, line=f"{who} is not active any more")


@app.command()
def erase(
    who: Who,
    sure: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase everything about somebody, for good."""
    with told():
        jeeves = found()
        one = person(jeeves, who)
        if not sure:
            typer.confirm(f"Erase everything about {who} for good?", abort=True)
        gone = jeeves.ask("POST", f"/people/{part(one['id'])}/erasure", {"confirm": one["id"]})
        line = ", ".join(f"{number} {what}" for what, number in gone.items())
        show(gone, as_json=as_json, line=f"erased: {line}")


def _row(one: dict[str, Any]) -> dict[str, Any]:
    identities = [f"{each['platform']}:{each['workspace_id']}:{each['user_id']}" for each in one["identities"]]
    roles = [role["role"] for role in one["roles"]] or ["member"]
    return {**one, "identities": ", ".join(identities), "roles": ", ".join(roles)}


def _switch(jeeves: Operator, who: str, *, active: bool) -> Any:
    return jeeves.ask("PATCH", f"/people/{part(person(jeeves, who)['id'])}", {"is_active": active})


def _path(jeeves: Operator, who: str, role: str, installation: str | None) -> str:
    one = person(jeeves, who)
    if role == "operator":
        return f"/operators/{part(one['id'])}"
    homes = sorted({f"{each['platform']}:{each['workspace_id']}" for each in one["identities"]})
    if installation is None and len(homes) != 1:
        raise PermanentError(f"{who} is in several: say which by --installation ({', '.join(homes)}).")
    return f"/installations/{part(installation or homes[0])}/admins/{part(one['id'])}"
