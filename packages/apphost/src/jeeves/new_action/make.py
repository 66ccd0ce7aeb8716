"""Write an action's folder from the template, and give it its place: in docker-compose.yml, and in the environment."""

import shutil
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from jeeves.new_action import compose, taken
from jeeves.new_action.names import Named, objection
from jeeves.registry import ROOT, services
from jeeves.stack.stack import tell
from jeeves_service.errors import PermanentError

WRITTEN = """\
{service} is there. It works, and says again what it is told; now it is yours to change.

  Run it beside a Jeeves that runs already:  make action NAME={name}
  Start Jeeves with it:                      make run
  Run its tests:                             .venv/bin/pytest {service}
  Undo all of this:                          rm -r {service}; git checkout docker-compose.yml uv.lock

Begin in {service}/src/{package}/service.py; docs/write-an-action.md goes on from here.
"""
CHANGED = ("docker-compose.yml", "uv.lock")


def make(name: str, root: Path = ROOT) -> None:
    """Make an action. Raises PermanentError with what is wrong; then nothing is changed."""
    if wrong := objection(name, taken.commands(services(root)), root):
        raise PermanentError(wrong)
    named, folder = Named(name), root / f"actions-{name}"
    before = {root / file: (root / file).read_text(encoding="utf-8") for file in CHANGED}
    composed = compose.added(before[root / "docker-compose.yml"], named)
    try:
        write(named, folder)
        (root / "docker-compose.yml").write_text(composed, encoding="utf-8")
        install(root)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        for file, text in before.items():
            file.write_text(text, encoding="utf-8")
        raise
    tell(WRITTEN.format(service=named.service, name=name, package=named.package))


def write(named: Named, folder: Path) -> None:
    """Write the files of a new action. Raises OSError where they are there, or cannot be."""
    values = {"name": named.name, "package": named.package, "title": named.title}
    places = {"src": f"src/{named.package}", "tests": "tests", "test_package.py": f"test_{named.package[len('actions_') :]}.py"}
    folder.mkdir()
    _render(files("jeeves.new_action") / "template", folder, values, places)


def _render(template: Traversable, folder: Path, values: Mapping[str, str], places: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for entry in template.iterdir():
        name = entry.name.removesuffix(".txt")
        target = folder / places.get(name, name)
        if entry.is_dir():
            _render(entry, target, values, places)
        else:
            target.write_text(Template(entry.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")


def install(root: Path) -> None:
    """Put the checkout's packages into the lock and the environment. Raises PermanentError with what uv says."""
    uv = shutil.which("uv") or str(root / ".tools/bin/uv")
    for offline in (["--offline"], []):  # what it needs is there already, as a rule
        command = [uv, "sync", "--quiet", "--all-packages", *offline]
        try:
            done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PermanentError(f"uv cannot be started: {error.strerror}: {uv}") from error
        if done.returncode == 0:
            return
    raise PermanentError(f"the environment could not be brought up to date: {done.stderr.strip()}")
