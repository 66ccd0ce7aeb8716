"""`jeeves run` without a Slack: the sandbox is on, on this machine alone, and never beside a Slack (design: Trust)."""

import contextlib
import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jeeves.environment import Given, no_slack, opens_sandbox
from jeeves.servers.processes import free_ports, until
from jeeves.stack.stack import Stack
from jeeves_service.errors import SettingsError
from support.openmeteo import OpenMeteo
from support.processes import Embedded, ask, embedded

SAID = {"person": "U0ANA", "channel": "D0ANA"}


class Page:
    """A browser that has opened the page of a sandbox."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        response, _ = self.ask("GET", "/sandbox/")
        self.cookie = str(response.getheader("Set-Cookie")).partition(";")[0]
        self.token = self.state()["token"]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        connection.request(method, path, body, {"Sec-Fetch-Site": "same-origin", **headers})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def state(self, person: str = "U0ANA") -> Any:
        _, body = self.ask("GET", f"/sandbox/state?person={person}", Cookie=self.cookie)
        return json.loads(body)

    def say(self, text: str, **more: Any) -> None:
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "X-Sandbox-Token": self.token}
        body = json.dumps({**SAID, "text": text, **more}).encode()
        response, _ = self.ask("POST", "/sandbox/say", body, **headers, **{"Content-Type": "application/json"})
        assert response.status == 200

    def answers(self, person: str = "U0ANA") -> list[Any]:
        return [post for post in self.state(person)["posts"] if post.get("bot_id")]

    @contextlib.contextmanager
    def stream(self, since: str = "", **headers: str) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        path = f"/sandbox/stream?person=U0ANA&since={since}"
        connection.request("GET", path, headers={"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", **headers})
        try:
            yield connection.getresponse()
        finally:
            connection.close()


def events(response: http.client.HTTPResponse, last: str) -> list[dict[str, str]]:
    """Read events up to one of the kind `last`."""
    found: list[dict[str, str]] = [{}]
    while raw := response.readline():
        name, _, value = raw.decode().rstrip("\n").partition(": ")
        if name:
            found[-1][name] = value
        elif found[-1].get("event") == last:
            return found
        elif found[-1]:
            found.append({})
    raise AssertionError(f"no {last} in {found}")


def test_a_conversation_is_held_without_a_slack(tmp_path: Path) -> None:  # S164
    with (
        OpenMeteo() as meteo,
        embedded(tmp_path, {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}) as jeeves,
    ):
        jeeves.wait(lambda: jeeves.log.read_text(encoding="utf-8").endswith(f"\nTry it: {jeeves.url}/sandbox/\n"))
        assert ask(f"{jeeves.ops_url}/readyz")[0] == 200
        page = Page(jeeves.url)
        page.say("weather in Paris")
        jeeves.wait(lambda: bool(page.answers()))
        assert "Paris" in page.answers()[0]["text"]
        page.say("@Jeeves help", channel="C0GENERAL", person="U0BEN")
        jeeves.wait(lambda: bool(page.answers("U0BEN")))
        assert page.answers("U0BEN")[0]["ephemeral"]
        assert len(page.answers()) == 1  # what Ben alone sees Ana does not
        assert ask(f"{jeeves.url}/sandbox/state")[0] == 403
        log = jeeves.log.read_text(encoding="utf-8")
        assert page.token not in log
        assert page.cookie.partition("=")[2] not in log
        assert "xoxb-" not in log


def test_a_stream_goes_on_where_it_was_and_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with embedded(tmp_path) as jeeves:
        jeeves.wait(lambda: "Try it" in jeeves.log.read_text(encoding="utf-8"))
        page = Page(jeeves.url)
        with page.stream(page.state()["last"]) as response:
            assert response.getheader("Content-Type") == "text/event-stream"
            page.say("help")
            first = events(response, "posted")
        page.say("thanks")
        with page.stream(page.state()["last"], **{"Last-Event-ID": first[-1]["id"]}) as response:
            later = events(response, "posted")
            assert int(later[0]["id"].rpartition("-")[2]) == int(first[-1]["id"].rpartition("-")[2]) + 1
            with page.stream("other-1") as anew:
                assert events(anew, "reset")[-1]["data"] == "{}"
                began = time.monotonic()
                assert jeeves.end(signal.SIGTERM) == 0
                assert time.monotonic() - began < 2


@pytest.mark.parametrize("dark", [True, False])
def test_what_hangs_on_purpose_does_not_hold_up_the_end(tmp_path: Path, dark: bool) -> None:
    with embedded(tmp_path) as jeeves:
        jeeves.wait(lambda: "slack knows us" in jeeves.log.read_text(encoding="utf-8"))
        page = Page(jeeves.url)
        headers = {
            "Cookie": page.cookie,
            "Origin": jeeves.url,
            "X-Sandbox-Token": page.token,
            "Content-Type": "application/json",
        }
        how = ("weather", {"dark": True}) if dark else ("trouble", {"method": "chat.postMessage", "kind": "silent"})
        assert page.ask("POST", f"/sandbox/{how[0]}", json.dumps(how[1]).encode(), **headers)[0].status == 200
        page.say("help")
        jeeves.wait(lambda: any(entry["status"] == 0 for entry in page.state()["entries"]))
        began = time.monotonic()
        assert jeeves.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("settings", "on"),
    [
        ({}, True),
        ({"JEEVES_SANDBOX": "on"}, True),
        ({"JEEVES_SANDBOX": "1"}, True),
        ({"JEEVES_SANDBOX": "off"}, False),
        ({"JEEVES_SANDBOX": "0"}, False),
        ({"JEEVES_SANDBOX": ""}, True),
        ({"SLACK_BOT_TOKEN": ""}, True),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, False),
        ({"SLACK_SIGNING_SECRET": "x"}, False),
        ({"SLACK_APP_TOKEN": "xapp-1"}, False),
        ({"SLACK_API_URL": "http://127.0.0.1:1/"}, False),
        ({"JEEVES_HOST": "192.168.0.1"}, False),
        ({"JEEVES_HOST": "::1"}, True),
        ({"JEEVES_HOST": "localhost"}, True),
        ({"JEEVES_PUBLIC_URL": "https://jeeves.example.com"}, False),
        ({"JEEVES_PUBLIC_URL": "http://127.0.0.1:8000"}, True),
        ({"JEEVES_SANDBOX": "off", "SLACK_BOT_TOKEN": "xoxb-1"}, False),
    ],
)
def test_it_is_on_only_without_a_slack_and_for_this_machine(settings: dict[str, str], on: bool) -> None:
    assert opens_sandbox(Given.read(settings)) is on


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "secret", "SLACK_CLIENT_ID": "1.2"}, "SLACK_SIGNING_SECRET and SLACK_CLIENT_ID"),
        ({"JEEVES_HOST": "192.168.0.1"}, "JEEVES_HOST"),
        ({"JEEVES_PUBLIC_URL": "https://jeeves.example.com"}, "JEEVES_PUBLIC_URL"),
    ],
)
def test_it_refuses_to_start_beside_a_slack_or_for_others(tmp_path: Path, settings: dict[str, str], name: str) -> None:
    ended = Embedded(tmp_path, {"JEEVES_SANDBOX": "on", **settings}).run("run")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert f"JEEVES_SANDBOX cannot be on beside {name} as set" in ended.stderr
    assert "secret" not in ended.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"JEEVES_HOST": "0.0.0.0"}, "because JEEVES_HOST is 0.0.0.0."),  # noqa: S104
        ({"JEEVES_PUBLIC_URL": "https://jeeves.example.com"}, "because JEEVES_PUBLIC_URL is https://jeeves.example.com."),
        ({"JEEVES_SANDBOX": "off"}, "because JEEVES_SANDBOX is off."),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "with none of the SLACK_* settings set, `make run` opens a sandbox"),
    ],
)
def test_why_there_is_neither_a_slack_nor_a_sandbox_is_told(settings: dict[str, str], words: str) -> None:
    told = no_slack(Given.read(settings))
    assert told
    assert words in told


def test_what_it_may_be_is_said() -> None:
    with pytest.raises(SettingsError, match="JEEVES_SANDBOX is wrong: it is on or off"):
        Given.read({"JEEVES_SANDBOX": "perhaps"})


def test_the_distributed_form_says_how_to_try_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="python -m jeeves_sandbox"):
        Stack({"JEEVES_SANDBOX": "on", "JEEVES_DATA_DIR": str(tmp_path)})
    assert Stack({"JEEVES_SANDBOX": "off", "JEEVES_DATA_DIR": str(tmp_path)})


def test_with_a_slack_there_is_no_sandbox(tmp_path: Path) -> None:
    with embedded(tmp_path, {"SLACK_SIGNING_SECRET": "x"}) as jeeves:
        assert ask(f"{jeeves.url}/sandbox/")[0] == 404
        assert ask(f"{jeeves.url}/sandbox/api/auth.test", "POST", b"{}")[0] == 404


def test_alone_it_is_the_slack_of_a_jeeves_that_runs_elsewhere(tmp_path: Path) -> None:
    (port,), jeeves = free_ports(1), Embedded(tmp_path)
    out = tmp_path / "sandbox.log"
    with out.open("wb") as file:
        command = [sys.executable, "-m", "jeeves_sandbox", "--port", str(port), "--jeeves", jeeves.url]
        alone = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        assert until(lambda: f"http://127.0.0.1:{port}/sandbox/" in out.read_text(encoding="utf-8"), 20), out.read_text()
        lines = [line.removeprefix("export ") for line in out.read_text(encoding="utf-8").splitlines() if "export" in line]
        jeeves.environ |= dict(line.split("=", 1) for line in lines)
        jeeves.start()
        jeeves.wait(lambda: "slack knows us" in jeeves.log.read_text(encoding="utf-8"))
        page = Page(f"http://127.0.0.1:{port}")
        page.say("help")
        jeeves.wait(lambda: bool(page.answers()))
    finally:
        jeeves.close()
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "environ", "words"),
    [
        (["--jeeves", "http://jeeves.example.com"], {}, "not on this machine"),
        ([], {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN is set"),
    ],
)
def test_alone_it_is_as_careful(tmp_path: Path, arguments: list[str], environ: dict[str, str], words: str) -> None:
    kept = Embedded(tmp_path, environ).environ
    command = [sys.executable, "-m", "jeeves_sandbox", *arguments]
    ended = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, words in ended.stderr, len(ended.stderr.splitlines())) == (1, True, 1)
