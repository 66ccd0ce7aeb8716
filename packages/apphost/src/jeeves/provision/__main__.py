"""`python -m jeeves.provision -- [pytest's arguments]`: provide the servers, run the tests, take the servers away."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from jeeves.provision import browser, mariadb, postgres, rabbitmq
from jeeves.provision.means import NoMeansError, say
from jeeves.registry import ROOT
from jeeves.servers.processes import ServerError


def main(arguments: list[str]) -> int:
    """Return pytest's exit code; 1 where a server cannot be had."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are taken away
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="jeeves-test-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)  # the databases may run as other users
        environ = dict(os.environ)
        try:
            environ["AMQP_TEST_URL"] = rabbitmq.provide(folder, ends)
            environ["DATABASE_TEST_URL"] = postgres.provide(folder, ends)
            environ["MARIADB_TEST_URL"] = mariadb.provide(folder, ends)
            environ |= _browser()
        except (NoMeansError, ServerError) as error:
            say(str(error))
            return 1
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "2", *arguments], env=environ, cwd=ROOT, check=False
        ).returncode


def _browser() -> dict[str, str]:
    """Return where a browser is. Without one the tests of pages are skipped, each with its reason.

    Raises NoMeansError where REQUIRE_BROWSER is set.
    """
    try:
        return {"CHROMIUM": browser.provide()}
    except (NoMeansError, ServerError) as error:
        if os.environ.get("REQUIRE_BROWSER"):
            raise
        say(f"the tests of pages are skipped. {error}")
        return {}


if __name__ == "__main__":
    sys.exit(main([argument for argument in sys.argv[1:] if argument != "--"]))
