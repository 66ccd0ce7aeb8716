"""What the documents say is there: commands, files, tests, settings (S161)."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jeeves.docs import GENERATED, meanings, settings
from jeeves.docs.cited import in_file
from jeeves.docs.errors import DocsError
from jeeves.registry import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = sorted([*ROOT.glob("*/README.md"), *ROOT.glob("packages/*/README.md")])
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]+\.(?:py|md|toml|yml|json|txt)(?:::\w+)?")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(text: str) -> Iterator[str]:
    """Yield the make targets that a document tells people to run."""
    lines = [line for _, block in FENCED.findall(text) for line in block.splitlines()]
    for line in [*lines, *CODE.findall(FENCED.sub("", text))]:
        if found := re.fullmatch(r"make ([a-z-]+)(?: .*)?", line.strip()):
            yield found[1]


def missing(code: str) -> str | None:
    """Return what a path, or `path::test`, names that is not there."""
    path, _, test = code.partition("::")
    if not (ROOT / path).exists():
        return code
    has = re.search(rf"def {test}\(", (ROOT / path).read_text(encoding="utf-8")) if test else True
    return None if has else code


@pytest.mark.parametrize("document", [*DOCUMENTS, *READMES], ids=named)
def test_every_make_command_is_a_target(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(commands(document.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_file_and_test_that_is_named_is_there(document: Path) -> None:
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    paths = [code for code in CODE.findall(text) if PATH.fullmatch(code)]
    assert [gone for code in paths if (gone := missing(code))] == []


@pytest.mark.parametrize("document", [*DOCUMENTS, *READMES], ids=named)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_what_is_made_from_the_code_is_what_the_code_says() -> None:  # S161
    done = subprocess.run([sys.executable, "-m", "jeeves.docs", "check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all((ROOT / name).exists() for name in GENERATED)


def test_a_setting_that_nobody_described_stops_the_making_of_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(meanings.SERVICES, "JEEVES_PORT")
    monkeypatch.setitem(meanings.SERVICES, "JEEVES_PROT", "No such thing.")
    with pytest.raises(DocsError) as caught:
        settings.render()
    assert [line.split()[2] for line in caught.value.lines if "has no meaning" in line] == ["JEEVES_PORT"]
    assert [line.split()[3] for line in caught.value.lines if "tells of" in line] == ["JEEVES_PROT,"]


def test_every_service_has_a_readme_and_the_core_is_in_the_architecture() -> None:  # S15
    told = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    services = [path.parent for path in ROOT.glob("*/service.toml")]
    core = [folder.name for folder in services if not folder.name.startswith("actions-")]  # of actions there may be any number
    assert core
    assert [name for name in core if f"| `{name}` |" not in told] == []
    assert [folder.name for folder in services if not (folder / "README.md").exists()] == []


def test_decisions_are_numbered_from_one_without_a_gap_and_have_all_parts() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        titles = Counter(re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert titles == Counter(["Context", "Decision", "Consequences", "Rejected"]), path.name


def test_a_number_belongs_to_the_test_around_it_to_those_that_use_its_table_or_to_the_file() -> None:
    text = '''"""All of it (S1)."""

CASES = [
    1,  # P2
]


def test_one() -> None:  # S36, A1
    assert CASES  # noqa: S101


def helper() -> None:  # B4
    ...


# D1
def test_two() -> None:
    """As S20 wants it, whatever slack:T1:C1 is."""
'''
    expected = {("S1", ""), ("P2", "test_one"), ("S36", "test_one"), ("A1", "test_one"), ("B4", ""), ("D1", "test_two")}
    assert set(in_file(text)) == expected | {("S20", "test_two")}
