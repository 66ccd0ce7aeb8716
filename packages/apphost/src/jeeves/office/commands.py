"""`jeeves stats`, `messages timeline`, `export`, `pause`, `resume`: one question each."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from jeeves.office.asking import AsJson, Installation, Who, found, person, show, table
from jeeves.operator import part
from jeeves.told import told
from jeeves_service.errors import PermanentError

messages = typer.Typer(help="Messages: what became of one.", no_args_is_help=True)
NUMBERS = ("count", "failed", "active_people", "p50_ms", "p95_ms", "p99_ms")
Day = Annotated[str | None, typer.Option(help="a day such as 2026-11-01, in UTC")]


def stats(
    *,
    by: Annotated[
        str, typer.Option(help="day, week, month, feature, command, installation, outcome, trigger, or two")
    ] = "feature",
    since: Day = None,
    until: Day = None,
    installation: Installation = None,
    csv: Annotated[bool, typer.Option("--csv", help="show CSV, for a spreadsheet")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how much Jeeves did, how fast, for how many people: the last thirty days, or the days that are given."""
    with told():
        asked = {"by": by, "from": since, "to": until, "installation_id": installation}
        path = f"/statistics?{urlencode({name: value for name, value in asked.items() if value is not None})}"
        if csv:
            sys.stdout.buffer.write(found().ask("GET", path, headers={"Accept": "text/csv"}))
            return
        answer = found().ask("GET", path)
        if as_json:
            show(answer, as_json=True, line="")
            return
        columns = [name for name in answer["rows"][0] if answer["rows"][0][name] is not None] if answer["rows"] else []
        keys = [name for name in columns if name not in NUMBERS]
        rows = [{**row, **{key: row[key] or "Jeeves itself" for key in keys}} for row in answer["rows"]]
        table([*rows, {**dict.fromkeys(keys, "all"), **answer["totals"]}], (*keys, *NUMBERS), as_json=False)


@messages.command()
def timeline(
    reference: Annotated[str, typer.Argument(help="a message's reference, as an apology or a report tells it")],
    as_json: AsJson = False,
) -> None:
    """Show what happened to a message, station by station: why did the bot not answer?"""
    with told():
        answer = found().ask("GET", f"/messages/{part(reference)}/timeline")
        if as_json:
            show(answer, as_json=True, line="")
            return
        for station in answer["stations"]:
            typer.echo(f"{station['at'] or '-':32} {station['name']:12} {station['says']}")
        typer.echo(answer["says"])


def export(
    who: Who,
    file: Annotated[Path | None, typer.Argument(help="where to write it; else it is shown")] = None,
    as_json: AsJson = False,
) -> None:
    """Write everything that is known about a person as JSON."""
    with told():
        jeeves = found()
        everything = jeeves.ask("GET", f"/people/{part(person(jeeves, who)['id'])}/export")
        text = json.dumps(everything, indent=1, ensure_ascii=False) + "\n"
        if file is None:
            typer.echo(text, nl=False)
            return
        _write(file, text)
        show({"file": str(file)}, as_json=as_json, line=f"{file} is written: keep it where only they may read it")


def _write(file: Path, text: str) -> None:
    """Write what only its owner may read, also over what was there."""
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as written:
            os.fchmod(written.fileno(), 0o600)
            written.write(text)
    except OSError as error:
        raise PermanentError(f"{file} cannot be written: {error.strerror}.") from None


def pause(
    reason: Annotated[str | None, typer.Option(help="why, for who looks later")] = None,
    until: Annotated[str | None, typer.Option(help="when it resumes by itself, such as 2026-11-30T08:00:00Z")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer nobody for now: what people say waits, and nothing is lost."""
    with told():
        asked = {name: value for name, value in {"reason": reason, "until": until}.items() if value is not None}
        answer = found().ask("POST", "/operations/pause", asked)
        show(answer, as_json=as_json, line="paused: messages wait until `jeeves resume`")


def resume(as_json: AsJson = False) -> None:
    """Answer again, what has waited first."""
    with told():
        show(found().ask("POST", "/operations/resume", {}), as_json=as_json, line="resumed")


def add(app: typer.Typer) -> None:
    """Add the commands to `jeeves`."""
    for command in (stats, export, pause, resume):
        app.command()(command)
    app.add_typer(messages, name="messages")
