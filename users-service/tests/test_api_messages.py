"""What one said, for oneself; and the way of a message, which answers why it was answered or not (design.md 10)."""

from typing import Any

import pytest

from jeeves_contracts.delivery import AnswerItem, Send, SettleItem, TakeItem
from jeeves_contracts.ids import reference
from jeeves_contracts.messages import Message
from jeeves_service.bus.topology import DEAD, WORK
from support.api import Api
from support.clock import START
from support.eventually import succeeds
from support.messages import envelope, item, message


async def mine(api: Api, query: str = "", user: str = "U1") -> list[dict[str, Any]]:
    me = (await api.person("GET", "/me", user=user)).json["person_id"]
    return list((await api.person("GET", f"/people/{me}/messages?{query}", user=user)).json["items"])


async def way(api: Api, said: Message) -> dict[str, Any]:
    told = await api.operator("GET", f"/messages/{reference(said.message_id)}/timeline")
    assert told.status == 200, told
    return dict(told.json)


async def test_people_read_what_they_said_and_were_answered_the_newest_first(api: Api) -> None:
    texts = [f"weather in {place} \U0001f600" for place in ("Paris", "Rome", "Oslo")]
    for text in texts:
        await api.users.read(await api.users.answered(item(message(text)), f"sunny: {text}", feature="notes"))
        await api.users.clock.advance(1)
    shown = [one for one in await mine(api) if one["feature"] == "notes"]
    assert [one["text"] for one in shown] == texts[::-1]
    assert shown[0]["replies"][0]["text"].endswith("sunny: weather in Oslo \U0001f600")
    assert (shown[0]["replies"][0]["state"], shown[0]["state"]) == ("sent", "answered")
    assert [one["text"] for one in await mine(api, "feature=notes&until=2026-11-25T09:00:01Z")] == texts[:1]
    assert await mine(api, "since=2026-11-26T00:00:00Z") == []
    me = (await api.person("GET", "/me")).json["person_id"]
    seen, cursor = [], ""
    while cursor is not None:
        page = (await api.person("GET", f"/people/{me}/messages?limit=1{cursor and '&cursor=' + cursor}")).json
        seen += [one["reference"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [one["reference"] for one in await mine(api)]
    for wrong in ("limit=1000", "limit=0", "since=x", "until=9999-12-31T23:59:59-12:00", "cursor=WyJ4IiwgInkiXQ", "more=1"):
        assert (await api.person("GET", f"/people/{me}/messages?{wrong}")).status == 422


async def test_nobody_reads_what_others_said(api: Api) -> None:  # S112
    await api.users.answered(item(message("a secret", user="U1")), "told")
    me = (await api.person("GET", "/me")).json["person_id"]
    for user in ("U2", "UADMIN", "UOP"):
        assert (await api.person("GET", f"/people/{me}/messages", user=user)).status == 404
    for told in (await api.operator("GET", f"/people/{me}/messages"), await api.admin("GET", f"/people/{me}/messages")):
        assert (told.status, told.json["policy"]) == (403, "messages-own-read")


async def test_the_way_of_a_message_is_told_without_its_words(api: Api) -> None:
    said = message("a secret", user="U1", received_at=START)
    await api.users.clock.advance(3)
    claimed = item(said, delivery="one")
    await api.users.claimed(claimed)
    await api.users.clock.advance(1)
    await api.users.read(await api.users.answered(claimed, "told", feature="notes", command="notes"))
    told = await way(api, said)
    assert [one["name"] for one in told["stations"]] == [
        "received", "claimed", "taken_over", "routed", "answered", "reply", "reply_taken", "reply_sent",
    ]  # fmt: skip
    assert told["stations"][1]["says"] == "A dispatcher claimed it, after 3.0 s in the queue."
    assert (told["fence"], told["says"]) == (2, "It was answered, and the reply is there.")
    assert "secret" not in str(told)


async def test_a_timeline_is_for_its_person_its_admins_and_operators(api: Api) -> None:  # S112
    said = message(user="U1")
    await api.users.answered(item(said), "told")
    path = f"/messages/{reference(said.message_id).lower()}/timeline"
    for told in (await api.person("GET", path), await api.admin("GET", path), await api.operator("GET", path)):
        assert told.status == 200
    await api.users.answered(item(message(team="T2")))
    for told in (await api.person("GET", path, user="U2"), await api.admin("GET", path, of="slack:T2")):
        assert told.status == 404
    for wrong in ("AAAAAAAA", "aaaaaaa", "AAAA0189", "%00AAAAAAA", "ÄAAAAAAA"):
        assert (await api.operator("GET", f"/messages/{wrong}/timeline")).status == 404


async def refused(api: Api, said: Message, reason: str) -> None:
    (ref,) = await api.users.answered(item(said), "x")
    (sent,) = await api.users.take(TakeItem(reply_id=ref))
    assert isinstance(sent, Send)
    await api.users.settle(SettleItem(reply_id=ref, number=sent.number, outcome="refused", reason=reason))


@pytest.mark.parametrize(
    ("outcome", "reason", "texts", "says"),
    [
        ("answered", "command-roles", ["no"], "refused by the policy command-roles"),
        ("answered", "", [], "nothing to say about it"),
        ("answered", "unknown command", [], "does not know any more"),
        ("answered", "hint", ["try help"], "did not understand"),
        ("answered", "external call in doubt", ["?"], "cannot be told whether it was done"),
        ("failed", "the action does not answer", ["sorry"], "It failed: the action does not answer. The person has read"),
        ("failed", "the action does not answer", [], "Nobody was told."),
    ],
)  # fmt: skip
async def test_it_says_why(api: Api, outcome: str, reason: str, texts: list[str], says: str) -> None:
    said = message()
    await api.users.read(await api.users.answered(item(said), *texts, outcome=outcome, reason=reason))
    assert says in (await way(api, said))["says"]


async def test_it_says_what_it_waits_for(api: Api) -> None:
    said = message()
    one = item(said, delivery="one")
    fence = await api.users.claimed(one)
    for seconds, says in ((0, "at work on it"), (61, "has not come back yet"), (300, "Anybody may take it over")):
        await api.users.clock.advance(seconds)
        assert says in (await way(api, said))["says"]
    more: dict[str, Any] = {"outcome": "answered", "replies": [{"text": "x"}]}
    await api.users.answer(AnswerItem.model_validate({"message_id": said.message_id, "fence": fence, **more}))
    assert "waits to be posted" in (await way(api, said))["says"]
    (sent,) = await api.users.take(TakeItem(reply_id=f"{said.message_id}/1"))
    assert isinstance(sent, Send)
    assert "being posted just now" in (await way(api, said))["says"]
    await api.users.take(TakeItem(reply_id=sent.reply_id, number=sent.number, doubt=True, blind=True))
    await api.users.settle(SettleItem(reply_id=sent.reply_id, number=2, outcome="sent", ts="1.1"))
    told = await way(api, said)
    assert "may be there twice" in told["says"]
    assert (told["replies"][0]["takes"], told["replies"][0]["resent_in_doubt"]) == (2, 1)


async def test_it_says_what_became_of_the_reply(api: Api) -> None:
    for reason, says in (("channel_not_found", "refused the reply: channel_not_found"), ("in_doubt", "nobody waited")):
        said = message()
        await refused(api, said, reason)
        assert says in (await way(api, said))["says"]


async def test_it_says_what_was_never_worked_on(api: Api) -> None:
    late = message(expires_at=START)
    await api.users.claim(item(late))
    assert "too late" in (await way(api, late))["says"]
    flood = [item(message(user="U9")) for _ in range(121)]
    verdicts = await api.users.claim(*flood)
    left_out = next(
        one.message for one, verdict in zip(flood, verdicts, strict=True) if getattr(verdict, "verdict", "") == "throttled"
    )
    assert "more than 120 things" in (await way(api, left_out))["says"]
    dead = message()
    await api.users.bus.send(DEAD, envelope(dead).to_bytes(), {"reason": "crash limit", "origin": WORK, "tries": 2})

    async def buried() -> None:
        await api.users.clock.advance(0.5)
        told = await way(api, dead)
        assert [one["name"] for one in told["stations"]][-1] in ("dead_letter", "reply")
        assert (told["dead_letters"][0]["reason"], told["dead_letters"][0]["state"]) == ("crash limit", "open")

    await succeeds(buried, AssertionError)
