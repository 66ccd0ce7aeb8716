"""`jeeves run`: one process with every service in it."""

import hashlib
import hmac
import json
import signal
import time
from pathlib import Path

import pytest

from support.processes import Embedded, ask, embedded

SECRET = "a-signing-secret"


def signed(body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    return {"Content-Type": "application/json", **headers}


def test_it_answers_shows_its_health_and_ends_politely(tmp_path: Path) -> None:  # S18, S160
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "are-you-there"}).encode()
    with embedded(tmp_path, {"SLACK_SIGNING_SECRET": SECRET}) as jeeves:
        assert ask(f"{jeeves.url}/slack/events", "POST", body)[0] == 401
        status, challenge = ask(f"{jeeves.url}/slack/events", "POST", body, signed(body))
        assert (status, b"are-you-there" in challenge) == (200, True)
        for path in ("/metrics", "//metrics", "/%69nternal/v1/messages/claim", "/healthz", "/readyz", "/v1/invoke"):
            assert ask(jeeves.url + path)[0] == 404
        jeeves.wait(lambda: ask(f"{jeeves.ops_url}/readyz")[0] == 200)
        checks = json.loads(ask(f"{jeeves.ops_url}/readyz")[1])["checks"]
        assert {"users-service.database", "dispatcher.bus", "slack-ingest.bus"} <= set(checks)
        assert ask(f"{jeeves.url}/slack/events", "POST", b"x" * 10_000_000)[0] == 413
        assert b'service="slack-ingest"' in ask(f"{jeeves.ops_url}/metrics")[1]
        assert ask(f"{jeeves.ops_url}/internal/v1/messages/claim", "POST", b"{}")[0] == 401
        assert jeeves.run("dead-letters", "list").returncode == 0
        assert jeeves.end(signal.SIGTERM) == 0
        assert SECRET not in jeeves.log.read_text(encoding="utf-8")
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_the_second_on_the_same_data_says_who_was_first(tmp_path: Path) -> None:
    with embedded(tmp_path) as jeeves:
        second = jeeves.run("run")
        assert second.returncode == 1
        assert jeeves.process is not None
        assert f"process {jeeves.process.pid}, port {jeeves.port}" in second.stderr
        assert jeeves.end(signal.SIGINT) == 0


def test_it_starts_again_after_a_kill_on_the_same_data(tmp_path: Path) -> None:
    with embedded(tmp_path) as jeeves:
        assert jeeves.end(signal.SIGKILL) == -signal.SIGKILL
        jeeves.start()
        assert jeeves.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"JEEVES_PROT": "1"}, "JEEVES_PROT is not a setting of Jeeves. Did you mean JEEVES_PORT?"),
        ({"JEEVES_PORT": "eighty"}, "JEEVES_PORT is wrong"),
        ({"JEEVES_OPERATORS": "ana"}, "JEEVES_OPERATORS is wrong"),
        ({"SLACK_BOT_TOKEN_FILE": "/nowhere"}, "SLACK_BOT_TOKEN_FILE cannot be read"),
    ],
)
def test_a_mistake_in_the_settings_stops_the_start_with_its_name(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    ended = Embedded(tmp_path, settings).run("run")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert words in ended.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with embedded(tmp_path) as jeeves:
        other = Embedded(tmp_path, {"JEEVES_DATA_DIR": str(tmp_path / "other"), "JEEVES_PORT": str(jeeves.port)})
        ended = other.run("run")
        assert ended.returncode == 1
        assert f"127.0.0.1:{jeeves.port}: Address already in use" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", ["settings", "Jeeves is ready"])
def test_a_signal_during_the_start_ends_it_politely(tmp_path: Path, words: str) -> None:  # A6
    jeeves = Embedded(tmp_path)
    try:
        jeeves.launch()
        jeeves.wait(lambda: words in jeeves.log.read_text(encoding="utf-8"))
        assert jeeves.end(signal.SIGTERM) == 0
    finally:
        jeeves.close()
