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
from support.keys import service_keys
from support.scheduling import TOKEN, Office
from users_service.models import installations, people, runs
from users_service.settings import Settings

NOBODY = "00000000-0000-4000-8000-000000000000"
JOB = {"workspace_id": "T1", "user_id": "U7", "command": "weather in Paris"}


async def known(desk: Office) -> Office:
    """Somebody of the workspace has spoken before."""
    await desk.say()
    return desk


async def ask(desk: Office, body: Any = None, **headers: str) -> Response:
    given = body if isinstance(body, bytes) else json.dumps(JOB if body is None else body).encode()
    return await desk.api("POST", "/api/v1/jobs", given, **headers)


async def shown(desk: Office, job: str) -> dict[str, Any]:
    answer = await desk.api("GET", f"/api/v1/jobs/{job}")
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
        "id": run.run_id, "state": "answered", "due_at": "2026-11-25T09:00:00Z", "expires_at": "2026-11-25T10:00:00Z",
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
    answers = await asyncio.gather(*(ask(desk, Idempotency_Key="a key of mine, with blanks") for _ in range(5)))
    assert {answer.status for answer in answers} == {202}
    assert len({json.loads(answer.body)["id"] for answer in answers}) == 1
    assert len((await desk.lease()).runs) == 1
    for change in ({"command": "help"}, {"user_id": "U8"}, {"expires_seconds": 60}):
        other = await ask(desk, {**JOB, **change}, Idempotency_Key="a key of mine, with blanks")
        assert other.status == 422
        assert b"used for another job" in other.body
    assert (await ask(desk, Idempotency_Key="another")).status == 202
    assert (await ask(desk)).status == (await ask(desk)).status == 202
    assert len((await desk.lease()).runs) == 3


async def test_nobody_is_let_in_without_the_token(desk: Office) -> None:
    await known(desk)
    for token in ("", "x", TOKEN[:-1], TOKEN + "0", TOKEN.upper()):
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
    "half a minute": {**JOB, "expires_seconds": 30},
    "a year": {**JOB, "expires_seconds": 31_536_000},
    "much": {**JOB, "command": "x", "more": "y" * 900_000},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_what_is_no_job_is_a_problem_and_nobody_is_made(desk: Office, body: Any) -> None:
    await known(desk)
    answer = await ask(desk, body)
    if isinstance(body, dict) and "more" in body:
        assert answer.status == 202  # unknown fields are not read
        return
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert len(await desk.rows(sa.select(people))) == 1
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
        answer = await desk.api("GET", path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_persons_schedules_are_listed_with_what_became_of_the_last_run(desk: Office) -> None:  # S134
    await desk.put()
    path = "/api/v1/schedules?workspace_id=T1&user_id=U1"

    async def listed() -> list[dict[str, Any]]:
        return list(json.loads((await desk.api("GET", path)).body)["items"])

    assert await listed() == [
        {
            "feature": "weather", "name": "morning-weather", "command": "weather in Paris", "timezone": "Europe/Paris",
            "rule": "every weekday at 07:30 (Europe/Paris)", "next_due": "2026-11-26T06:30:00Z",
        }
    ]  # fmt: skip
    await desk.until("2026-11-26T06:30Z")
    (run,) = (await desk.lease()).runs
    await desk.note(run.run_id)
    (one,) = await listed()
    assert one["next_due"] == "2026-11-27T06:30:00Z"
    assert (one["last"]["state"], one["last"]["due_at"]) == ("published", "2026-11-26T06:30:00Z")
    assert json.loads((await desk.api("GET", "/api/v1/schedules?workspace_id=T1&user_id=U9")).body) == {"items": []}
    assert (await desk.api("GET", "/api/v1/schedules?workspace_id=T1")).status == 422
    assert (await desk.api("GET", "/api/v1/schedules?workspace_id=T1&user_id=%00")).status == 422
