"""The sandbox alone, as the Slack of a Jeeves that runs elsewhere on this machine: `python -m jeeves_sandbox`.

It prints the settings to start that Jeeves with, such as `make stack`; the secrets in them are good for this run only.
"""

import argparse
import os
import sys
from urllib.parse import urlsplit

import uvloop

from jeeves_sandbox.app import PREFIX, Credentials, create_sandbox
from jeeves_sandbox.guard import is_loopback
from jeeves_service import logs, serve
from jeeves_service.clock import SystemClock
from jeeves_service.http import HttpClient

SLACK = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")


async def run(port: int, jeeves: str, credentials: Credentials) -> None:
    """Serve until told to stop."""
    told = serve.told_to_stop()
    http, origin = HttpClient(), f"http://127.0.0.1:{port}"
    sandbox = create_sandbox(credentials, origin, jeeves=jeeves, http=http, clock=SystemClock())
    server = serve.listener(sandbox.app, "127.0.0.1", port)
    (task,) = await serve.listen(server)
    settings = credentials.settings(origin)
    lines = [f"export {name}={value}" for name, value in settings.items()]
    sys.stdout.write("\n".join(["# Start Jeeves with these:", *lines, "", f"# Then try it: {origin}{PREFIX}/", ""]))
    sys.stdout.flush()
    await told.wait()
    sandbox.hush()
    await serve.hush(server, task)
    await sandbox.stop()
    await http.aclose()


def main() -> None:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(
        prog="python -m jeeves_sandbox", description="A Slack to try Jeeves with, on this machine."
    )
    parser.add_argument("--port", type=int, default=8100, help="where the sandbox listens (8100)")
    parser.add_argument("--jeeves", default="http://127.0.0.1:8000", help="the origin of the Jeeves to deliver to")
    given = parser.parse_args()
    if there := [name for name in SLACK if os.environ.get(name)]:
        sys.exit(f"jeeves_sandbox: {', '.join(there)} is set: the sandbox takes the place of Slack. Unset it here.")
    if not is_loopback(urlsplit(given.jeeves).hostname or ""):
        sys.exit("jeeves_sandbox: --jeeves is not on this machine, and the sandbox is for this machine alone.")
    logs.configure("WARNING")
    try:
        uvloop.run(run(given.port, given.jeeves.rstrip("/"), Credentials()))
    except OSError as error:
        sys.exit(f"jeeves_sandbox: cannot start: {error.strerror or error}. Choose another --port.")


if __name__ == "__main__":
    main()
