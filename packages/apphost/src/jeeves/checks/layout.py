"""Rules about files: sizes, where SQL stands, numbers of decisions."""

import ast
from collections import Counter
from pathlib import Path

from jeeves.checks import Outcome, sources
from jeeves.registry import ROOT

LONG, TOO_LONG, FUNCTION = 300, 500, 50  # lines
SQL_FILES = {"engine.py", "migrate.py", "models.py", "types.py", "repository.py"}
SQL_FOLDERS = {"models", "repository", "migrations", "tests"}
STATEMENTS = {"select", "insert", "update", "delete", "text", "execute", "exec_driver_sql", "scalar", "scalars"}


def sizes() -> Outcome:
    """Complain about files and functions that nobody reads at one sitting; note those that come near."""
    wrong: list[str] = []
    noted: list[str] = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        name, count = path.relative_to(ROOT), text.count("\n")
        if count > LONG:
            (wrong if count > TOO_LONG else noted).append(f"{name} has {count} lines; {LONG} are many, {TOO_LONG} too many")
        wrong += [
            f"{name}:{node.lineno} {node.name} has {lines} lines; a function may have {FUNCTION}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and "migrations" not in path.parts
            and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
        ]
    return Outcome(wrong, noted)


def sql(root: Path = ROOT) -> list[str]:
    """Complain about statements made or run outside of repositories, models and migrations."""
    wrong = []
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root)
        if "sqlalchemy" not in text or path.name in SQL_FILES or SQL_FOLDERS & set(name.parts) or path.name == "conftest.py":
            continue
        wrong += [
            f"{name}:{node.lineno} {called} belongs in a repository"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and (called := _called(node)) in STATEMENTS
        ]
    return wrong


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        # `things.update(…)` is a dictionary's more often than a statement; `sa.update(…)` is a statement
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        return function.attr if owner in {"sa", "sqlalchemy"} or function.attr.startswith(("exec", "scalar")) else ""
    return function.id if isinstance(function, ast.Name) else ""


def decisions(root: Path = ROOT) -> list[str]:
    """Complain about numbers of ADRs that are used twice, and about files without one."""
    names = [path.name for path in sorted((root / "docs/adr").glob("*.md")) if path.name != "README.md"]
    counted = Counter(name[:4] for name in names)
    unnumbered = [f"docs/adr/{name} does not begin with NNNN-" for name in names if not (name[:4].isdigit() and name[4] == "-")]
    return unnumbered + [f"docs/adr: number {number} is used {count} times" for number, count in counted.items() if count > 1]
