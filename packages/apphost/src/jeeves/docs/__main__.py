"""`python -m jeeves.docs write|check`: exit code 1 with a line for each document that is not what the code says."""

import sys
from pathlib import Path

from jeeves.docs import GENERATED
from jeeves.docs.errors import DocsError
from jeeves.registry import ROOT


def write(path: Path, text: str) -> list[str]:
    """Write a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return []


def check(path: Path, text: str) -> list[str]:
    """Complain about a document that is missing or differs."""
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    return [] if same else [f"{path.relative_to(ROOT)} is not what the code says: run `python -m jeeves.docs write`"]


def main(arguments: list[str]) -> int:
    """Do as the command line says, for every document."""
    doing = {"write": write, "check": check}.get(" ".join(arguments))
    if doing is None:
        sys.stderr.write("usage: python -m jeeves.docs write|check\n")
        return 2
    lines: list[str] = []
    for name, render in GENERATED.items():
        try:
            lines += doing(ROOT / name, render())
        except DocsError as error:
            lines += error.lines
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
