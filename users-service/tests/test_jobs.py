"""A command on demand over the public API: taken at once, done later, and what became of it (S132, S134)."""

import asyncio
import json
from typing import Any

import pytest
import sqlalchemy as sa

from jeeves_contracts.delivery import ClaimItem
from jeeves_contracts.messages import Message
from jeeves_service.errors import SettingsError
from jeeves_service.http import Response
from jeeves_service.tokens import Signer
from support.keys import service_keys
from support.scheduling import TOKEN, Office
from users_service.models import installations, people, runs
from users_service.settings import Settings

NOBODY = "00000000-0000-4000-8000-000000000000"
JOB = {"workspace_id": "T1", "user_id": "U7", "command": "weather in Paris"}


async def known(desk: Office) -> Office:
    """Two of the workspace have spoken before."""
    await desk.say()
    await desk.say(user="U7")
    return desk


async def get(desk: Office, path: str) -> Response:
    """Ask as the operator's command does."""
    token = Signer(desk.keys[0]["operator"], desk.clock).token("users-service", "api")
    return await desk.api("GET", path, token=token)


async def ask(desk: Office, body: Any = None, **headers: str) -> Response:
    given = body if isinstance(body, bytes) else json.dumps(JOB if body is None else body).encode()
    token = Signer(desk.keys[0]["operator"], desk.clock).token("users-service", "api")
    return await desk.api("POST", "/api/v1/jobs", given, token=token, Content_Type="application/json", **headers)


async def shown(desk: Office, job: str) -> dict[str, Any]:
    answer = await get(desk, f"/api/v1/jobs/{job}")
    assert answer.status == 200
    return dict(json.loads(answer.body))


async def test_a_job_is_taken_at_once_and_tells_what_became_of_it(desk: Office) -> None:  # S129, S132
    await known(desk)
    taken = await ask(desk)
    told = json.loads(taken.body)
    assert (taken.status, told["state"]) == (202, "queued")
    assert taken.headers["location"] == f"/api/v1/jobs/{told['id']}"
    (run,) = (await desk.lease()).runs
    assert (run.run_id, run.job.text, run.job.identity.user_id) == (told["id"], "weather in Paris", "U7")
    assert (run.job.conversation.channel_id, run.job.conversation.is_direct) == ("U7", True)
    assert (await shown(desk, run.run_id))["state"] == "queued"
    await desk.note(run.run_id)
    assert (await shown(desk, run.run_id))["state"] == "published"
    said = ClaimItem(delivery_id="d", message=Message.model_validate(run.job.model_dump()))
    await desk.claim(said)
    assert (await shown(desk, run.run_id))["state"] == "working"
    await desk.say(said=said)
    assert await shown(desk, run.run_id) == {
        "id": run.run_id, "state": "answered", "reason": None,
        "due_at": "2026-11-25T09:00:00Z", "expires_at": "2026-11-25T10:00:00Z",
        "published_at": "2026-11-25T09:00:00Z",
    }  # fmt: skip


async def test_a_job_that_failed_says_why(desk: Office) -> None:
    await known(desk)
    job = json.loads((await ask(desk)).body)["id"]
    (run,) = (await desk.lease()).runs
    said = ClaimItem(delivery_id="d", message=Message.model_validate(run.job.model_dump()))
    await desk.say(said=said, outcome="failed", reason="the action does not answer", replies=[])
    told = await shown(desk, job)
    assert (told["state"], told["reason"]) == ("failed", "the action does not answer")


async def test_a_job_that_came_too_late_is_expired_wherever_it_was(desk: Office) -> None:  # S135
    await known(desk)
    early, late = [json.loads((await ask(desk, {**JOB, "expires_seconds": 60})).body)["id"] for _ in range(2)]
    leased = await desk.lease(limit=1)
    await desk.clock.advance(61)
    (run,) = leased.runs
    await desk.claim(ClaimItem(delivery_id="d", message=Message.model_validate(run.job.model_dump())))
    assert (await desk.lease()).runs == []
    assert [(await shown(desk, job))["state"] for job in (early, late)] == ["expired", "expired"]


async def test_asked_again_under_its_key_it_is_the_same_job(desk: Office) -> None:
    await known(desk)
    answers = await asyncio.gather(*(ask(desk, Idempotency_Key="a key of mine, with blanks") for _ in range(3)))
    assert {answer.status for answer in answers} == {202}
    assert len({json.loads(answer.body)["id"] for answer in answers}) == 1
    assert len((await desk.lease()).runs) == 1
    for change in ({"command": "help"}, {"user_id": "U1"}, {"expires_seconds": 60}):
        assert (await ask(desk, {**JOB, **change}, Idempotency_Key="a key of mine, with blanks")).status == 409
    assert (await ask(desk, Idempotency_Key="another")).status == 202
    assert (await ask(desk)).status == (await ask(desk)).status == 202
    assert len((await desk.lease()).runs) == 3


async def test_nobody_is_let_in_without_the_token(desk: Office) -> None:
    await known(desk)
    for token in ("x", TOKEN[:-1], TOKEN + "0", TOKEN.upper()):
        for method, path in (("POST", "/api/v1/jobs"), ("GET", f"/api/v1/jobs/{NOBODY}"), ("GET", "/api/v1/schedules")):
            answer = await desk.api(method, path, json.dumps(JOB).encode(), token=token)
            assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.headers["content-type"] == "application/problem+json"
            assert TOKEN.encode() not in answer.body
    basic = await desk.http.request("GET", "http://public.test/api/v1/schedules", headers={"Authorization": f"Basic {TOKEN}"})
    assert basic.status == 401
    assert await desk.rows(sa.select(runs)) == []


@pytest.mark.parametrize("token", ["short", "x" * 15, "é" * 40, "with a blank " * 4, "\t" * 40])
def test_a_token_that_is_no_secret_stops_the_start(token: str) -> None:  # S99
    private, public = service_keys()
    environ = {
        "JEEVES_DATABASE_URL": "sqlite+aiosqlite:///x", "JEEVES_AMQP_URL": "sqlite:///x", "JEEVES_ADMIN_TOKEN": token,
        "JEEVES_SERVICE_KEY": private["users-service"], "JEEVES_SERVICE_KEYS": public,
    }  # fmt: skip
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ)
    assert [line.split()[0] for line in caught.value.lines] == ["JEEVES_ADMIN_TOKEN"]
    assert token not in str(caught.value)


BAD: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": [],
    "no person": {"workspace_id": "T1", "command": "x"},
    "no command": {**JOB, "command": ""},
    "blanks": {**JOB, "command": " \u2003 "},
    "a long command": {**JOB, "command": "x" * 1501},
    "a NUL": {**JOB, "command": "a\0b"},
    "a NUL in a name": {**JOB, "user_id": "U\0"},
    "half a character": b'{"workspace_id":"T1","user_id":"U7","command":"\\ud800"}',
    "bytes that are no text": b'{"workspace_id":"T1","user_id":"U7","command":"\xff"}',
    "a number for a name": {**JOB, "user_id": 7},
    "a long name": {**JOB, "user_id": "U" * 300},
    "a platform that is none": {**JOB, "platform": "Slack:T1"},
    "a platform that is not here": {**JOB, "platform": "pigeon"},
    "a workspace that nobody knows": {**JOB, "workspace_id": "T2"},
    "a person whom nobody knows": {**JOB, "user_id": "U8"},
    "a person whose name differs by case": {**JOB, "user_id": "u7"},
    "a field that is none": {**JOB, "person_id": NOBODY},
    "half a minute": {**JOB, "expires_seconds": 30},
    "a year": {**JOB, "expires_seconds": 31_536_000},
    "much": {**JOB, "command": "x", "more": "y" * 900_000},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_what_is_no_job_is_a_problem_and_nobody_is_made(desk: Office, body: Any) -> None:
    await known(desk)
    answer = await ask(desk, body)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert len(await desk.rows(sa.select(people))) == 2
    assert await desk.rows(sa.select(runs)) == []


async def test_a_job_for_who_is_not_active_or_where_jeeves_is_not_any_more_is_refused(desk: Office) -> None:  # S125
    await known(desk)
    assert (await ask(desk)).status == 202
    await desk.change(sa.update(people).values(is_active=False))
    assert b"not active" in (await ask(desk)).body
    await desk.change(sa.update(people).values(is_active=True))
    await desk.change(sa.update(installations).values(removed_at=desk.clock.now()))
    assert b"not installed" in (await ask(desk)).body


async def test_what_there_is_not_is_not_found(desk: Office) -> None:
    for path in ("/api/v1/jobs/x", "/api/v1/jobs/%00", f"/api/v1/jobs/{NOBODY}", "/api/v1/nothing"):
        answer = await get(desk, path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_persons_schedules_are_listed_with_what_became_of_the_last_run(desk: Office) -> None:  # S134
    await desk.put()

    async def listed(query: str = "workspace_id=T1&user_id=U1") -> list[dict[str, Any]]:
        return list(json.loads((await get(desk, f"/api/v1/schedules?{query}")).body)["items"])

    (one,) = await listed()
    assert one | {"id": "", "person_id": ""} == {
        "id": "", "person_id": "", "installation_id": "slack:T1", "feature": "weather", "name": "morning-weather",
        "command": None, "timezone": "Europe/Paris", "rule": "every weekday at 07:30 (Europe/Paris)",
        "next_due": "2026-11-26T06:30:00Z", "last": None,
    }  # fmt: skip
    await desk.until("2026-11-26T06:30Z")
    (run,) = (await desk.lease()).runs
    await desk.note(run.run_id)
    (one,) = await listed(f"person_id={one['person_id']}")
    assert one["next_due"] == "2026-11-27T06:30:00Z"
    assert (one["last"]["state"], one["last"]["due_at"]) == ("published", "2026-11-26T06:30:00Z")
    assert await listed("workspace_id=T1&user_id=U9") == []
    assert await listed("installation_id=slack:T9") == []
    for wrong in ("workspace_id=T1", "user_id=U1", "workspace_id=T1&user_id=%00", "cursor=x"):
        assert (await get(desk, f"/api/v1/schedules?{wrong}")).status in (404, 422)


async def test_runs_are_listed_by_what_became_of_them(desk: Office) -> None:  # S132, S134
    await desk.put()
    await known(desk)
    late = json.loads((await ask(desk, {**JOB, "expires_seconds": 60})).body)["id"]
    await desk.clock.advance(61)
    jobs = [json.loads((await ask(desk)).body)["id"] for _ in range(3)]
    runs = {run.run_id: run for run in (await desk.lease()).runs}
    await desk.note(jobs[0])
    said = ClaimItem(delivery_id="d", message=Message.model_validate(runs[jobs[0]].job.model_dump()))
    await desk.say(said=said, outcome="failed", reason="the action does not answer", replies=[])

    async def listed(query: str = "") -> list[dict[str, Any]]:
        return list(json.loads((await get(desk, f"/api/v1/runs?{query}")).body)["items"])

    states = {state: [one["id"] for one in await listed(f"state={state}")] for state in ("queued", "failed", "expired")}
    assert states == {"queued": sorted(jobs[1:], reverse=True), "failed": [jobs[0]], "expired": [late]}
    (failed,) = await listed("state=failed")
    assert (failed["kind"], failed["reason"], failed["schedule"]) == ("job", "the action does not answer", None)
    assert len(failed["reference"]) == 8
    assert [one["id"] for one in await listed("limit=2")] == sorted(jobs, reverse=True)[:2]
    page = json.loads((await get(desk, "/api/v1/runs?limit=3")).body)
    rest = json.loads((await get(desk, f"/api/v1/runs?limit=3&cursor={page['next']}")).body)
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([late], None)
    assert len(await listed("since=2026-11-25T09:00:30Z")) == 3
    assert await listed("installation_id=slack:T2") == []
    for wrong in ("state=none", "limit=1000000", "since=yesterday", "since=0001-01-01T00:00:00%2B10:00", "installation_id="):
        assert (await get(desk, f"/api/v1/runs?{wrong}")).status == 422
