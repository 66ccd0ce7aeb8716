"""The public API through the edge: a job on demand, from 202 to the words that its person reads (S132)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jeeves_service.http import HttpClient
from support.eventually import eventually
from support.openmeteo import OpenMeteo
from support.processes import ask, embedded
from support.slack import TEAM, SlackStandIn
from support.slack_events import deliver, direct, envelope
from support.talker import credentials

TOKEN = "a-token-of-the-tests-with-enough-characters"
BOOTSTRAP = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def settings(slack: SlackStandIn, meteo: OpenMeteo) -> dict[str, str]:
    return {
        **credentials(slack),
        **meteo.settings,
        "JEEVES_ADMIN_TOKEN": TOKEN,
    }


async def test_a_job_is_taken_done_and_read_by_its_person(tmp_path: Path) -> None:  # S129, S130, S132, S140
    with SlackStandIn() as slack, OpenMeteo() as meteo, embedded(tmp_path, settings(slack, meteo)) as jeeves:
        http = HttpClient()
        await deliver(http, jeeves.url, envelope(direct("hi", user="U0BEN")))  # Jeeves knows whom it works for
        await http.aclose()
        await eventually(slack.shown, "an answer")
        job = {"workspace_id": TEAM, "user_id": "U0BEN", "command": "weather in Paris"}

        def asked(method: str, path: str, body: bytes | None = None, headers: dict[str, str] = BOOTSTRAP) -> tuple[int, Any]:
            status, answer = ask(jeeves.url + path, method, body, headers)
            return status, json.loads(answer)

        expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        wanted = {"name": "jobs", "scopes": ["jobs:read", "jobs:write"], "expires_at": expires}
        status, made = await asyncio.to_thread(asked, "POST", "/api/v1/tokens", json.dumps(wanted).encode())
        assert status == 201
        program = {**BOOTSTRAP, "Authorization": f"Bearer {made['token']}"}
        status, told = await asyncio.to_thread(asked, "POST", "/api/v1/jobs", json.dumps(job).encode(), program)
        assert (status, told["state"]) == (202, "queued")
        path = f"/api/v1/jobs/{told['id']}"
        state = told["state"]
        for _ in range(500):
            if state == "answered":
                break
            await asyncio.sleep(0.02)
            state = (await asyncio.to_thread(asked, "GET", path, None, program))[1]["state"]
        assert state == "answered"
        await eventually(lambda: "U0BEN" in [call.args["channel"] for call in slack.called("chat.postMessage")], "the weather")
        assert (await asyncio.to_thread(asked, "GET", path, None, {}))[0] == 401
        for closed in ("/api/v1/jobs/../../internal/v1/runs/lease", "/api/v1/jobs/%2e%2e", "/api/v1/jobs//x"):
            assert (await asyncio.to_thread(asked, "GET", closed, None, program))[0] == 404
        secrets = jeeves.log.read_text(encoding="utf-8")
    assert TOKEN not in secrets
    assert made["token"] not in secrets
