"""A browser for the tests of pages."""

import os
import shutil
from pathlib import Path

from jeeves.provision import packages
from jeeves.provision.means import first

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APPLICATIONS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
CHROMIUM = {"apt-get": "chromium", "dnf": "chromium", "apk": "chromium"}
REMEDY = "apt-get install -y chromium   (or: brew install --cask chromium; or set CHROMIUM to a Chromium's path)"


def found() -> str | None:
    """Return the path of a Chromium of this machine: what CHROMIUM names, else one that is installed."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).exists() else None
    applications = [Path("/Applications") / name for name in APPLICATIONS]
    return next(filter(None, map(shutil.which, NAMES)), None) or next(
        (str(path) for path in applications if path.exists()), None
    )


def provide() -> str:
    """Return the path of a Chromium, installed where it was not. Raises NoMeansError."""
    ways = [
        ("is this machine's", found),
        ("was installed", lambda: found() if packages.install("Chromium", CHROMIUM) else None),
    ]
    return first("Chromium", ways, REMEDY)
