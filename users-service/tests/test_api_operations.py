"""Pause and resume over the API: what claims are answered meanwhile, and who may."""

from jeeves_contracts.delivery import Over, Unsent, Wait, Yours
from support.api import Api
from support.messages import item, message


async def test_in_a_pause_nothing_is_claimed_and_what_is_claimed_is_finished(api: Api) -> None:
    work, done, sent = (item(message(), delivery=name) for name in ("one", "two", "three"))
    await api.users.answered(done, "x")
    await api.users.read(await api.users.answered(sent, "x"))
    await api.users.claimed(work)
    paused = await api.operator("POST", "/operations/pause", {"reason": "a new disk"})
    assert (paused.status, paused.json["paused"], paused.json["until"]) == (200, True, None)
    fresh = item(message())
    verdicts = await api.users.claim(fresh, work, done, sent, item(work.message, delivery="other"))
    assert [type(verdict) for verdict in verdicts] == [Wait, Wait, Unsent, Over, Over]
    assert isinstance(verdicts[0], Wait)
    assert verdicts[0].seconds == 2
    assert (await api.users.service.ops.test_client().get("/readyz")).status_code == 200
    unknown = await api.operator("GET", "/messages/AAAAAAAA/timeline")
    assert "has paused everything" in unknown.json["detail"]
    assert (await api.operator("POST", "/operations/resume")).json["paused"] is False
    (verdict,) = await api.users.claim(fresh)
    assert isinstance(verdict, Yours)
    assert verdict.fence == 1


async def test_a_pause_ends_by_itself_when_it_said(api: Api) -> None:
    until = "2026-11-25T09:30:00Z"
    told = await api.operator("POST", "/operations/pause", {"until": until})
    assert told.json["until"] == until
    waiting = item(message())
    assert [type(one) for one in await api.users.claim(waiting)] == [Wait]
    await api.users.clock.advance(1801)
    assert [type(one) for one in await api.users.claim(waiting)] == [Yours]
    assert (await api.operator("GET", "/operations")).json["paused"] is False
    assert (await api.operator("POST", "/operations/pause", {})).json["paused"] is True
    assert [type(one) for one in await api.users.claim(item(message()))] == [Wait]


async def test_asked_again_it_is_changed_and_asked_once_more_resumed(api: Api) -> None:
    for reason in ("one", "two"):
        told = await api.operator("POST", "/operations/pause", {"reason": reason})
        assert (told.json["paused"], told.json["reason"]) == (True, reason)
    for _ in range(2):
        assert (await api.operator("POST", "/operations/resume")).json["paused"] is False
    (latest, *_) = (await api.operator("GET", "/audit?action=operations.resume")).json["items"]
    assert latest["subject"] == "everything"


async def test_only_operators_may_and_only_with_sense(api: Api) -> None:  # S110
    member = await api.person("POST", "/operations/resume")
    for told in (member, await api.admin("POST", "/operations/pause", {}), await api.admin("GET", "/operations")):
        assert (told.status, told.json["policy"]) == (403, "operations")
    for wrong in (
        {"until": "2026-11-25T08:00:00Z"},
        {"until": "soon"},
        {"reason": "x" * 201},
        {"reason": "a\nb"},
        {"paused": 1},
    ):
        assert (await api.operator("POST", "/operations/pause", wrong)).status == 422
    assert (await api.operator("GET", "/operations")).json["paused"] is False
