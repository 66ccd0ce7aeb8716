"""A scripted conversation through the real path: `make demo`, `make demo FORM=stack`. Exit code 1 when a reply is wrong.

Slack and Open-Meteo are stand-ins on this machine; DEMO_HOST, DEMO_SLACK_PORT and DEMO_METEO_PORT fix where they listen.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from demo.chat import Chat, WrongError, show
from demo.forms import FORMS
from demo.script import turns
from jeeves.quit import by_exception
from jeeves_service.http import HttpClient
from support.openmeteo import OpenMeteo, warmth
from support.slack import SlackStandIn
from support.talker import credentials


async def hold(origin: str, slack: SlackStandIn) -> None:
    """Hold the conversation."""
    http = HttpClient()
    try:
        await Chat(http, origin, slack).hold(turns(warmth))
    finally:
        await http.aclose()


def main(form: str) -> int:
    """Run the demo in a form; return the exit code."""
    host = os.environ.get("DEMO_HOST", "127.0.0.1")
    slack_port, meteo_port = (int(os.environ.get(f"DEMO_{name}_PORT", "0")) for name in ("SLACK", "METEO"))
    with (
        tempfile.TemporaryDirectory(prefix="jeeves-demo-") as folder,
        OpenMeteo(host=host, port=meteo_port) as meteo,
        SlackStandIn(host=host, port=slack_port) as slack,
    ):
        settings = {
            **credentials(slack),
            **meteo.settings,
            "JEEVES_LOG_LEVEL": "WARNING",
        }
        with FORMS[form](Path(folder), settings) as origin:
            try:
                asyncio.run(hold(origin, slack))
            except WrongError as wrong:
                show(f"WRONG: {wrong}")
                return 1
    show("All replies are right, none is missing, none is doubled.")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FORMS:
        sys.exit(f"FORM is one of {', '.join(FORMS)}")
    by_exception()  # so that what was begun is ended on SIGTERM as well
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1]))
    sys.exit(130)
