"""Every package declares what it imports: one environment for all hides what one of them lacks."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from jeeves.checks import sources
from jeeves.registry import ROOT

#: Modules that are part of what another distribution promises.
WITHIN = {"pydantic_core": ["pydantic"], "werkzeug": ["quart"]}


def undeclared(root: Path = ROOT) -> list[str]:
    """Complain about imports, lazy ones too, of distributions that a package's pyproject.toml does not name."""
    owners = {**packages_distributions(), **WITHIN}
    wrong = []
    for file in sorted([*root.glob("*/pyproject.toml"), *root.glob("packages/*/pyproject.toml")]):
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        declared = {_normal(re.split(r"[\s\[<>=!~;]", needed, maxsplit=1)[0]) for needed in project.get("dependencies", ())}
        own = {path.name for path in (file.parent / "src").iterdir()}
        for path in sources(file.parent / "src"):
            wrong += [
                f"{path.relative_to(root)}:{line} imports {module}, which {file.relative_to(root)} does not declare"
                for module, line in _imports(path)
                if module not in sys.stdlib_module_names | own
                and not declared & {_normal(name) for name in owners.get(module, [module])}
            ]
    return wrong


def _imports(path: Path) -> set[tuple[str, int]]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name.split(".")[0], node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add((node.module.split(".")[0], node.lineno))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(root: Path = ROOT) -> list[str]:
    """Complain about httpx2 in the lock: where it is installed, libraries use it silently (docs/adr/0003)."""
    locked = {package["name"] for package in tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))["package"]}
    return [f"uv.lock holds {name}" for name in sorted(locked & {"httpx2"})]
