"""`jeeves tokens make|list|revoke`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from jeeves.office.asking import AsJson, found, show, table
from jeeves.operator import part
from jeeves.told import told
from jeeves_service.errors import PermanentError

app = typer.Typer(help="Tokens for the API: each for what it is made for, until it ends or is revoked.", no_args_is_help=True)
PARTS = 3  # of platform:workspace:user


@app.command()
def make(
    *,
    name: Annotated[str, typer.Argument(help="what it is for, such as `ci`")],
    scope: Annotated[list[str], typer.Option(help="what it may be used for, such as features:read; give it again for more")],
    days: Annotated[int, typer.Option(help="how long it is good", min=1, max=366)] = 90,
    person: Annotated[str | None, typer.Option(help="it acts as this person, such as slack:T123:U456")] = None,
    installation: Annotated[str | None, typer.Option(help="it acts as an admin of this installation")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token, and show it: this once. Without --person and --installation it acts as an operator."""
    with told():
        expires = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        asked: dict[str, Any] = {"name": name, "scopes": scope, "expires_at": expires, "installation_id": installation}
        if person is not None:
            asked["person"] = _identity(person)
        made = found().ask("POST", "/tokens", asked)
        show(made, as_json=as_json, line=made["token"])


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show all tokens, without what they are."""
    with told():
        table(
            found().pages("/tokens"),
            ("id", "name", "hint", "scopes", "expires_at", "last_used_at", "revoked_at"),
            as_json=as_json,
        )


@app.command()
def revoke(token: Annotated[str, typer.Argument(help="an id that `list` shows")], as_json: AsJson = False) -> None:
    """End a token, from the next request on."""
    with told():
        show(found().ask("DELETE", f"/tokens/{part(token)}"), as_json=as_json, line=f"{token} is revoked")


def _identity(who: str) -> dict[str, str]:
    parts = who.split(":")
    if len(parts) != PARTS:
        raise PermanentError(f"{who} is no platform:workspace:user such as slack:T123:U456.")
    return dict(zip(("platform", "workspace_id", "user_id"), parts, strict=True))
