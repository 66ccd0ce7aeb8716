"""`jeeves doctor`."""

import asyncio
import json
import os
from typing import TYPE_CHECKING

import typer

from jeeves.office.asking import AsJson

if TYPE_CHECKING:
    from jeeves.doctor.finding import Finding
    from jeeves.environment import Given

MARKS = {True: "ok", False: "FAULT", None: "-"}


def doctor(as_json: AsJson = False) -> None:
    """Look at settings, database, broker, clock, Slack and what runs; say what mends each fault. Exit code 1 for any."""
    from jeeves.doctor import running, settings

    given, found = settings.look(os.environ)
    if given is not None:
        found += [*asyncio.run(_outside(given)), *running.look(given)]
    if as_json:
        typer.echo(json.dumps([vars(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            typer.echo(f"{MARKS[one.ok]:6} {one.name:16} {one.words}")
            if one.mend:
                typer.echo(f"{'':24}{one.mend}")
    raise typer.Exit(int(any(one.ok is False for one in found)))


async def _outside(given: "Given") -> "list[Finding]":
    from jeeves.doctor import slack, stores
    from jeeves_service.http import HttpClient

    http = HttpClient()
    try:
        looks = stores.database(given), stores.broker(given), slack.look(given, http)
        return [finding for found in await asyncio.gather(*looks) for finding in found]
    finally:
        await http.aclose()
