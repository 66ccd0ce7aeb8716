"""From the command to the answer, in a checkout of its own: nothing of Jeeves is changed or started anew for an action."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdk.timed import NAME, first_answer
from support.beginner import Beginner
from support.slack import SlackStandIn

FOLDER, PACKAGE = f"actions-{NAME}", f"actions_{NAME.replace('-', '_')}"
#: What `make check` says of it, but for what takes half a minute: its complaints about anything else are no concern of this.
CHECKS = f"""
.venv/bin/ruff format --check --quiet {FOLDER} && .venv/bin/ruff check --quiet {FOLDER} &&
MYPYPATH={FOLDER}/src .venv/bin/mypy --no-error-summary {FOLDER}/src &&
.venv/bin/python -c '
from jeeves.checks import compose, declared, imports, requirements
said = [*compose.disagreements(), *declared.disagreements(), *imports.rules().wrong, *requirements.undeclared()]
assert "{PACKAGE}" in imports.actions()
wrong = [line for line in said if "{NAME}" in line or "{PACKAGE}" in line]
assert not wrong, wrong
'
"""


@pytest.fixture
def beginner(tmp_path: Path) -> Iterator[Beginner]:
    with SlackStandIn() as slack:
        one = Beginner(tmp_path, slack)
        made = one.types("make .venv/ready")
        assert made.returncode == 0, made.stdout
        yield one


def test_a_new_action_answers_within_the_minute_and_nothing_of_jeeves_changes(beginner: Beginner) -> None:  # S43, S44, S45
    steps: dict[str, float] = {}
    with beginner.jeeves():
        assert "You said: hello there" in first_answer(beginner, steps.__setitem__)
        assert "You said" not in beginner.says(f"{NAME} hello there")  # it has ended, and is out again
        with beginner.running(f"make action NAME={NAME}", lambda words: "answers now" in words) as log:
            assert beginner.says(f"tell {NAME} good morning") == "You said: good morning"
            assert beginner.presses("Say it again") == "You said: good morning"
            assert beginner.says("and good night") == "You said: good morning, and good night"
            words = beginner.root / FOLDER / "src" / PACKAGE / "words.py"
            words.write_text(words.read_text(encoding="utf-8").replace("You said", "I heard"), encoding="utf-8")
            beginner.sees("is started anew", log)
            assert beginner.says(f"{NAME} hello") == "I heard: hello"
            words.write_text("no Python", encoding="utf-8")
            beginner.sees("waits for your next change", log)
    assert sum(steps.values()) < 60, steps


def test_what_is_made_keeps_every_rule_of_this_code(beginner: Beginner) -> None:
    fresh = beginner.files()
    made = beginner.types(f"make new-action NAME={NAME}")
    assert made.returncode == 0, made.stdout
    tested = beginner.types(f".venv/bin/python -m pytest -n0 -q {FOLDER}")
    assert tested.returncode == 0, tested.stdout
    checked = beginner.types(CHECKS)
    assert checked.returncode == 0, checked.stdout

    before = beginner.files()
    again = beginner.types(f"make new-action NAME={NAME}")
    assert again.returncode != 0
    assert f"{FOLDER} is there already" in again.stdout
    assert beginner.files() == before
    assert beginner.types(f"rm -r {FOLDER}").returncode == 0
    left = beginner.files()
    assert sorted(name for name in left | fresh if left.get(name) != fresh.get(name)) == ["docker-compose.yml", "uv.lock"]


def test_what_cannot_be_made_leaves_nothing_behind(beginner: Beginner) -> None:
    before = beginner.files()
    beginner.environ["PATH"] = f"{beginner.root}:{beginner.environ['PATH']}"
    (beginner.root / "uv").write_text("#!/bin/sh\necho 'no network' >&2; exit 2\n", encoding="utf-8")
    (beginner.root / "uv").chmod(0o755)
    failed = beginner.types(f".venv/bin/python -m jeeves new-action {NAME}")
    (beginner.root / "uv").unlink()
    assert failed.returncode == 1
    assert "could not be brought up to date: no network" in failed.stdout
    assert beginner.files() == before
