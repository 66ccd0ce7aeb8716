"""What holds for every action of this checkout, whatever it does."""

import ast
from pathlib import Path

import pytest

from jeeves.checks import imports, sources
from jeeves.registry import ROOT, Declared, services

ACTIONS = [service for service in services() if service.feature]


def imported(path: Path) -> set[str]:
    """Return the first part of each module that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_its_tests_inherit_the_one_contract(action: Declared) -> None:  # S43
    inherited = [
        base.id
        for path in sources(action.folder / "tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    assert "ActionContract" in inherited


def test_neither_the_dispatcher_nor_its_tests_know_any_of_them() -> None:  # S44, S163
    packages = {action.package for action in ACTIONS}
    assert packages == set(imports.actions())
    assert {path.name for path in sources(ROOT / "dispatcher") if imported(path) & packages} == set()
