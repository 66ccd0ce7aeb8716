"""import-linter's rules, with every action's package: it wants each by name, and nobody should have to write it down."""

import tempfile
from pathlib import Path

from jeeves.checks import Outcome, tool
from jeeves.registry import ROOT

ANY = '"actions_*"'


def rules() -> Outcome:
    """Run it with the configuration of pyproject.toml, its wildcard replaced by the actions that there are."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "rules.toml"
        config.write_text(expanded((ROOT / "pyproject.toml").read_text(encoding="utf-8"), actions()), encoding="utf-8")
        return tool("lint-imports", "--no-cache", "--config", str(config))()


def expanded(text: str, packages: list[str]) -> str:
    """Return a configuration with the packages in place of the wildcard."""
    return text.replace(ANY, ", ".join(f'"{package}"' for package in packages))


def actions(root: Path = ROOT) -> list[str]:
    """Return the packages of all actions."""
    return [path.parent.name for path in sorted(root.glob("actions-*/src/*/__init__.py"))]
