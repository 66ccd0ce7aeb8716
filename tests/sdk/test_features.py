"""`jeeves features`: an operator's hands on the actions of a Jeeves that runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.processes import Embedded, ask, embedded
from support.slack import SlackStandIn
from support.talker import Talker, credentials


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture(scope="module")
def jeeves(slack: SlackStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("jeeves"), credentials(slack)) as one:
        one.wait(lambda: ask(f"{one.ops_url}/readyz")[0] == 200)
        yield one


def told(jeeves: Embedded, *arguments: str) -> str:
    """Run a command that succeeds; return what it says."""
    done = jeeves.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_action_is_switched_off_and_on_without_a_restart(jeeves: Embedded, slack: SlackStandIn) -> None:  # S5, S54
    ana = Talker(slack, jeeves.url)
    assert told(jeeves, "features", "off", "config") == "config is off\n"
    assert "off" in next(line for line in told(jeeves, "features", "list").splitlines() if line.startswith("config "))
    switched_off = ana.says("what do you know about me")
    assert told(jeeves, "features", "on", "config") == "config is on\n"
    assert ana.says("what do you know about me") != switched_off


def test_an_action_that_is_taken_out_is_unknown_until_it_is_put_in_again(jeeves: Embedded) -> None:  # S45
    assert told(jeeves, "features", "remove", "weather") == "weather is out\n"
    assert "weather" not in told(jeeves, "features", "list")
    put = told(jeeves, "features", "put", "weather", "http://actions-weather")
    assert put.startswith("weather is in. Commands: weather")
    assert "It is given: " in put
    assert "It may keep schedules for people: " in put
    assert "http://actions-weather" in told(jeeves, "features", "list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("features", "off", "nosuch"), "jeeves: There is no action of this name."),
        (("features", "put", "dice", "http://127.0.0.1:1"), "jeeves: its manifest cannot be read: no connection"),
        (("features", "put", "dice", "127.0.0.1:1"), "jeeves: url: it is an origin: http:// or https://"),
        (("features", "put", "dice", "http://actions-config"), "jeeves: it calls itself config, not dice"),
        (("action", ""), "jeeves: NAME is missing: make action NAME=weather. There are: config, weather."),
        (("action", "nosuch"), "jeeves: No action here is called “nosuch”. There are: config, weather."),
        (("action", "dice", "--", "false"), "jeeves: dice ended at its start, with exit code 1"),
        (("action", "dice", "--", "/no/such/program"), "jeeves: /no/such/program cannot be started"),
    ],
)
def test_a_mistake_is_one_line(jeeves: Embedded, arguments: tuple[str, ...], words: str) -> None:
    done = jeeves.run(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert words in done.stderr
    assert "dice" not in told(jeeves, "features", "list")


def test_where_nothing_runs_that_is_said(tmp_path: Path) -> None:
    for arguments in (("features", "list"), ("action", "weather")):
        done = Embedded(tmp_path).run(*arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert "Nothing runs on the data in" in done.stderr
