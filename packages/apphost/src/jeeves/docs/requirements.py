"""`docs/requirements.md`: what Jeeves must do, point by point, and the tests that show it."""

import re
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from jeeves.docs.cited import cited
from jeeves.docs.errors import DocsError
from jeeves.registry import ROOT

TITLES = Path("docs/requirements.toml")
NOT_SHOWN = "*not shown by a test*"
HEAD = """# What Jeeves must do, and the tests that show it

Made from `docs/requirements.toml` and the tests by `python -m jeeves.docs write`; do not edit.

A test shows a point when it cites its number in a comment or docstring (`# S36`). A name without `::` is a file whose tests
show it together. *make check* names a rule of that command.
"""


class Point(BaseModel):
    """`check` is the name of a rule of `make check` that shows the point."""

    model_config = ConfigDict(extra="forbid")

    title: str
    check: str | None = None


class Points(BaseModel):
    """`points` are those that this version must show; `others` are told of where a test cites them."""

    model_config = ConfigDict(extra="forbid")

    points: dict[str, Point]
    others: dict[str, Point] = {}


def render() -> str:
    """Return the document. Raises DocsError when a cited number, or a rule that is named, does not exist."""
    points, tests = read(ROOT), cited(ROOT)
    described = points.points | points.others
    rules = (ROOT / "packages/apphost/src/jeeves/checks/__init__.py").read_text(encoding="utf-8")
    lines = [
        f"{number} is cited by {names[0]} and not in {TITLES}" for number, names in tests.items() if number not in described
    ]
    lines += [
        f"{n}: `make check` has no rule “{p.check}”" for n, p in described.items() if p.check and f'"{p.check}"' not in rules
    ]
    if lines:
        raise DocsError(sorted(lines))
    missing = [number for number, point in points.points.items() if number not in tests and not point.check]
    others = {number: point for number, point in points.others.items() if number in tests}
    count = f"{len(points.points) - len(missing)} of {len(points.points)} points are shown"
    told = f"{count}; not yet: {', '.join(sorted(missing, key=_order))}.\n" if missing else f"{count}.\n"
    return "\n".join([HEAD, told, _table(points.points, tests), "## Cited besides\n", _table(others, tests)])


def read(root: Path) -> Points:
    """Return the points. Raises DocsError."""
    try:
        return Points.model_validate(tomllib.loads((root / TITLES).read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DocsError([f"{TITLES} is wrong: {error}"]) from None


def _table(points: dict[str, Point], tests: dict[str, list[str]]) -> str:
    rows = ["| Number | What | Shown by |", "| --- | --- | --- |"]
    for number in sorted(points, key=_order):
        shown = [f"`{test}`" for test in tests.get(number, [])]
        if rule := points[number].check:
            shown.append(f"*make check*: {rule}")
        rows.append(f"| {number} | {points[number].title} | {'<br>'.join(shown) or NOT_SHOWN} |")
    return "\n".join(rows) + "\n"


def _order(number: str) -> tuple[str, int]:
    found = re.fullmatch(r"([A-Z])([0-9]+)", number)
    return (found[1], int(found[2])) if found else (number, 0)
