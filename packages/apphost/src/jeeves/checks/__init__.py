"""`make check`: the tools, and our own rules; a line for each, its complaints below it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from jeeves.registry import ROOT


@dataclass(frozen=True)
class Outcome:
    """`wrong` are complaints, one a line; `noted` are said and do not fail."""

    wrong: list[str]
    noted: list[str]


Check = Callable[[], Outcome]
SKIPPED = {".venv", ".tools", ".git", ".jeeves", "node_modules", "__pycache__"}


def sources(root: Path = ROOT, pattern: str = "*.py") -> Iterator[Path]:
    """Yield the checkout's own files."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith("_cache"))
        yield from (path for name in sorted(names) if (path := Path(folder) / name).match(pattern))


def rule(find: Callable[[], list[str]]) -> Check:
    """Return a check of our own that finds complaints."""
    return lambda: Outcome(find(), [])


def tool(*arguments: str, **more: str) -> Check:
    """Return a check that runs a tool of the environment; `more` is added to its environment variables."""

    def run() -> Outcome:
        command = [str(Path(sys.executable).parent / arguments[0]), *arguments[1:]]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)
        return Outcome([] if done.returncode == 0 else (done.stdout + done.stderr).splitlines(), [])

    return run


def run_all() -> int:
    """Run every check; return 1 when one complains."""
    from jeeves.checks import compose, declared, imports, layout, requirements

    checks: dict[str, Check] = {
        "types": tool("mypy", "--no-error-summary", *_typed(), MYPYPATH=os.pathsep.join(_typed("actions-*/src"))),
        "format": tool("ruff", "format", "--check", "--quiet", "."),
        "lint": tool("ruff", "check", "--quiet", "--output-format", "concise", "."),
        "import rules": imports.rules,
        "sizes": layout.sizes,
        "SQL only in repositories": rule(layout.sql),
        "decisions are numbered once": rule(layout.decisions),
        "declared dependencies": rule(requirements.undeclared),
        "no httpx2": rule(requirements.lock),
        "service.toml and code": rule(declared.disagreements),
        "gateway's routes": rule(declared.gateway_file),
        "service.toml and Compose": rule(compose.disagreements),
        "schemas": schemas(),
        "OpenAPI": tool("python", "-m", "users_service.api.openapi", "check", "docs/schemas"),
        "who may do what": tool("python", "-m", "users_service.api.matrix", "check", "docs/policies.md"),
        "AsyncAPI": tool("python", "-m", "jeeves_service.bus.asyncapi", "check", "docs/schemas"),
        "generated documents": tool("python", "-m", "jeeves.docs", "check"),
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = {name: pool.submit(_timed, check) for name, check in checks.items()}
        failed = [name for name, outcome in outcomes.items() if not _show(name, *outcome.result())]
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "all checks passed\n")
    return 1 if failed else 0


def _typed(*patterns: str) -> list[str]:
    """Every package, and what tests share."""
    patterns = patterns or ("*/src", "packages/*/src", "tests/support")
    return [str(path.relative_to(ROOT)) for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def schemas() -> Check:
    """The committed schemas are what the contracts say."""
    return tool("python", "-m", "jeeves_contracts.schemas", "check", "docs/schemas")


def _timed(check: Check) -> tuple[Outcome, float]:
    began = time.monotonic()
    try:
        outcome = check()
    except Exception as error:  # noqa: BLE001 - what cannot be checked is not right
        outcome = Outcome([f"{error.__class__.__name__}: {error}"], [])
    return outcome, time.monotonic() - began


def _show(name: str, outcome: Outcome, seconds: float) -> bool:
    sys.stdout.write(f"{'FAILED' if outcome.wrong else 'ok':7} {name} ({seconds:.1f} s)\n")
    sys.stdout.writelines(f"        {line}\n" for line in (*outcome.wrong, *outcome.noted))
    sys.stdout.flush()
    return not outcome.wrong
