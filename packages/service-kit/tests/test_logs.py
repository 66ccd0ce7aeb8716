"""Logs are for machines, one object a line, and hold no local variables."""

import json
from collections.abc import Iterator

import pytest
import structlog

from jeeves_service import logs


@pytest.fixture(autouse=True)
def defaults() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logs.clear()


@pytest.mark.parametrize("pretty", [False, True])
def test_a_traceback_has_no_local_variables(capsys: pytest.CaptureFixture[str], *, pretty: bool) -> None:
    logs.configure(pretty=pretty)
    words = "what-a-person-said"
    try:
        int(words)
    except ValueError:
        logs.logger("test").exception("it failed")
    err = capsys.readouterr().err
    assert "it failed" in err
    assert "ValueError" in err
    assert "'words'" not in err  # as structlog shows a local variable
    assert "locals" not in err


def test_a_line_is_an_object_with_what_was_bound(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", pretty=False)
    logs.bind(message_id="m1")
    logs.logger("test").info("seen", count=2)
    logs.logger("test").debug("unseen")
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["count"], told["message_id"], told["level"]) == ("seen", 2, "m1", "info")
