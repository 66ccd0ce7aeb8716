"""`jeeves` over the API of a running Jeeves, as its operator types it; and as a program reads it (`--json`)."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jeeves_service.http import HttpClient
from support.eventually import eventually
from support.openmeteo import OpenMeteo
from support.processes import Embedded, embedded
from support.slack import TEAM, SlackStandIn
from support.slack_events import deliver, direct, envelope
from support.talker import credentials

WHO = f"slack:{TEAM}:U0ANA"


class Desk:
    """An operator's terminal beside a running Jeeves."""

    def __init__(self, jeeves: Embedded) -> None:
        self.jeeves = jeeves

    def run(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "jeeves", *words]
        given = {**self.jeeves.environ, "COLUMNS": "200", **environ}
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A Jeeves to whom Ana has spoken."""
    folder = tmp_path_factory.mktemp("command")
    with SlackStandIn() as slack, OpenMeteo() as meteo, embedded(folder, {**credentials(slack), **meteo.settings}) as jeeves:

        async def speak() -> None:
            http = HttpClient()
            await deliver(http, jeeves.url, envelope(direct("hi", user="U0ANA")))
            await http.aclose()
            await eventually(slack.shown, "an answer")

        asyncio.run(speak())
        yield Desk(jeeves)


def test_people_are_found_and_made_operators_with_the_reason(desk: Desk) -> None:
    (ana,) = [one for one in desk.json("users", "list") if "U0ANA" in one["identities"]]
    assert (ana["roles"], ana["is_active"]) == ("member", True)
    assert "U0ANA" in desk.run("users", "list").stdout
    assert desk.run("users", "grant", WHO, "operator").returncode == 0
    shown = desk.json("users", "show", WHO)
    assert [role["role"] for role in shown["roles"]] == ["operator"]
    assert "the jeeves command" in shown["roles"][0]["because"]
    last = desk.run("users", "revoke", WHO, "operator")
    assert (last.returncode, "last operator" in last.stderr) == (1, True)


def test_somebody_who_is_not_known_is_told_of_in_one_line(desk: Desk) -> None:
    done = desk.run("users", "show", f"slack:{TEAM}:UNOBODY")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "does not know" in done.stderr


def test_people_are_deactivated_and_activated(desk: Desk) -> None:
    assert desk.run("users", "grant", WHO, "admin").returncode == 0
    asyncio.run(_say(desk, "U0BEN"))
    ben = f"slack:{TEAM}:U0BEN"
    assert desk.json("users", "deactivate", ben)["is_active"] is False
    assert desk.json("users", "activate", ben)["is_active"] is True


async def _say(desk: Desk, user: str) -> None:
    http = HttpClient()
    await deliver(http, desk.jeeves.url, envelope(direct("hi", user=user)))
    await http.aclose()

    def known() -> bool:
        return any(user in one["identities"] for one in desk.json("users", "list"))

    for _ in range(100):
        if await asyncio.to_thread(known):
            return
    raise AssertionError(user)


def test_features_are_shown_and_switched(desk: Desk) -> None:
    assert {feature["name"] for feature in desk.json("features", "list")} >= {"weather", "config"}
    assert desk.run("features", "off", "weather").returncode == 0
    (weather,) = [one for one in desk.json("features", "list") if one["name"] == "weather"]
    assert weather["enabled"] is False
    assert desk.run("features", "put", "weather", weather["url"]).returncode == 0
    (weather,) = [one for one in desk.json("features", "list") if one["name"] == "weather"]
    assert weather["enabled"] is False  # another address, or a new grant, is no switch
    assert desk.run("features", "on", "weather").returncode == 0


def test_a_token_is_made_used_and_revoked(desk: Desk) -> None:
    made = desk.json("tokens", "make", "ci", "--scope", "features:read", "--days", "1")
    by = {"JEEVES_PUBLIC_URL": desk.jeeves.url, "JEEVES_API_TOKEN": made["token"]}
    listed = desk.run("features", "list", "--json", **by)
    assert listed.returncode == 0, listed
    refused = desk.run("users", "list", **by)
    assert (refused.returncode, "people:read" in refused.stderr) == (1, True)
    assert made["token"] not in json.dumps(desk.json("tokens", "list"))
    assert desk.run("tokens", "revoke", made["id"]).returncode == 0
    assert desk.run("features", "list", **by).returncode == 1


def test_statistics_are_shown_as_a_table_as_json_and_as_csv(desk: Desk) -> None:
    assert desk.json("stats", "--by", "day")["totals"]["count"] >= 1
    assert str(datetime.now(UTC).date()) in desk.run("stats", "--by", "day").stdout
    assert desk.run("stats", "--csv").stdout.startswith("feature,count")


def test_what_became_of_a_message_is_told_station_by_station(desk: Desk) -> None:
    export = desk.json("export", WHO)
    reference = export["messages"][0]["reference"]
    assert desk.json("messages", "timeline", reference)
    assert "answered" in desk.run("messages", "timeline", reference).stdout


def test_an_export_is_written_for_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "ana.json"
    assert desk.run("export", WHO, str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    assert "U0ANA" in file.read_text(encoding="utf-8")


def test_an_export_that_is_written_over_a_file_of_everybodys_is_for_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "ana.json"
    file.write_text("x" * 1_000_000, encoding="utf-8")
    file.chmod(0o644)
    assert desk.run("export", WHO, str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text(encoding="utf-8"))
    nowhere = desk.run("export", WHO, str(tmp_path / "no" / "folder"))
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (1, 1)


def test_jeeves_is_paused_and_resumed(desk: Desk) -> None:
    assert desk.run("pause", "--reason", "an upgrade").returncode == 0
    assert desk.run("resume").returncode == 0


def test_dead_letters_are_listed(desk: Desk) -> None:
    assert desk.json("dead-letters", "list") == []


def test_the_doctor_finds_nothing_wrong_and_says_what_mends_a_fault(desk: Desk) -> None:
    done = desk.run("doctor", "--json")
    found = {one["name"]: one for one in json.loads(done.stdout)}
    assert (done.returncode, [one for one in found.values() if one["ok"] is False]) == (0, [])
    assert {"settings", "database", "broker", "slack token", "slack scopes", "jeeves", "action weather"} <= found.keys()
    ill = desk.run("doctor", JEEVES_AMQP_URL="amqp://guest:guest@127.0.0.1:9/", SLACK_BOT_TOKEN="xoxb-wrong")
    assert ill.returncode == 1
    assert "Start RabbitMQ" in ill.stdout
    assert "Take SLACK_BOT_TOKEN from your Slack app" in ill.stdout
    assert "guest:guest" not in ill.stdout + ill.stderr
    misspelt = desk.run("doctor", JEEVES_RETENSION_DAYS="5")
    assert (misspelt.returncode, "JEEVES_RETENSION_DAYS" in misspelt.stdout) == (1, True)


@pytest.mark.parametrize(
    "setting",
    [
        {"JEEVES_DATABASE_URL": "hidden"},
        {"JEEVES_DATABASE_URL": "postgresql+asyncpg://ana:hidden@127.0.0.1:notaport/x"},
        {"JEEVES_PUBLIC_URL": "hidden", "JEEVES_API_TOKEN": "hidden"},
        {"JEEVES_PUBLIC_URL": "http://127.0.0.1:9", "JEEVES_SERVICE_KEY": "hidden"},
        {"JEEVES_PUBLIC_URL": "http://127.0.0.1:9", "JEEVES_SERVICE_KEY": '{"kty": "hidden"}'},
        {"JEEVES_PUBLIC_URL": "http://127.0.0.1:9", "JEEVES_API_TOKEN": "hid\nden"},
    ],
)
def test_the_doctor_tells_of_a_setting_that_is_wrong_without_a_trace_or_a_secret(desk: Desk, setting: dict[str, str]) -> None:
    for words in (["doctor"], ["doctor", "--json"]):
        done = desk.run(*words, **setting)
        assert (done.returncode, done.stderr) == (1, ""), done
        assert "hidden" not in done.stdout.replace("hid\\nden", "")


def test_what_answers_and_is_not_jeeves_is_told_of_in_one_line(desk: Desk) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        by = {"JEEVES_PUBLIC_URL": f"http://127.0.0.1:{server.server_port}", "JEEVES_API_TOKEN": "x"}
        runs = [desk.run("features", "list", **by), desk.run("doctor", **by)]
        server.shutdown()
    assert [(done.returncode, done.stderr.count("\n")) for done in runs] == [(1, 1), (1, 0)]
    assert all("not Jeeves" in done.stdout + done.stderr for done in runs)


def test_the_version_is_told(desk: Desk) -> None:
    assert desk.json("version")["version"]
