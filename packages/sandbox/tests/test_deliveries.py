"""What is delivered to Jeeves: signed, in the shapes of recorded payloads, and again as Slack does it."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from support.eventually import eventually

RECORDED = Path(__file__).parents[3] / "slack-ingest/tests/payloads"
GENERAL, DIRECT = "C0GENERAL", "D0ANA"
Json = dict[str, Any]


def recorded(name: str) -> Json:
    payload: Json = json.loads((RECORDED / f"{name}.json").read_bytes())
    return payload


async def delivered(world: Any, count: int) -> list[Json]:
    await eventually(lambda: len(world.jeeves.events) >= count, f"{count} events")
    events: list[Json] = world.jeeves.events
    return events


async def shown_with_button(world: Any, channel: str = GENERAL, **parts: Any) -> Json:
    """Let Jeeves post a button and two menus."""
    option = {"text": {"type": "plain_text", "text": "Undo"}, "value": "undo"}
    elements = [
        {
            "type": "button",
            "action_id": "jeeves:0",
            "text": {"type": "plain_text", "text": "Paris"},
            "value": "weather in Paris",
        },
        {"type": "static_select", "action_id": "jeeves:1", "options": [option]},
        {"type": "overflow", "action_id": "jeeves:2", "options": [option]},
    ]
    method = "chat.postEphemeral" if "user" in parts else "chat.postMessage"
    blocks = [{"type": "actions", "block_id": "b", "elements": elements}]
    answer = await world.call(method, {"channel": channel, "text": "Which?", "blocks": blocks, **parts})
    return {"channel": answer.get("channel", channel), "ts": answer.get("ts") or answer["message_ts"]}


def press(post: Json, action: str = "jeeves:0", *, person: str = "U0ANA", **more: Any) -> Json:
    return {"person": person, **post, "block_id": "b", "action_id": action, **more}


def payload_of(delivery: tuple[Json, bytes]) -> Json:
    payload: Json = json.loads(parse_qs(delivery[1].decode())["payload"][0])
    return payload


async def test_every_delivery_is_signed_over_its_bytes(world: Any) -> None:
    world.sandbox.start()
    world.sandbox.acts.say("U0ANA", DIRECT, "weather in Zürich")
    await delivered(world, 1)
    for headers, body in world.jeeves.got:
        stamp = headers["x-slack-request-timestamp"]
        base = b"v0:" + stamp.encode() + b":" + body
        digest = hmac.new(world.credentials.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        assert headers["x-slack-signature"] == f"v0={digest}"
        assert int(stamp) == int(world.clock.now().timestamp())


async def test_jeeves_hears_who_mentions_it_and_direct_messages(world: Any) -> None:
    acts = world.sandbox.acts
    acts.say("U0ANA", GENERAL, "good morning")
    acts.say("U0ANA", GENERAL, "`@Jeeves` is a name")
    acts.say("U0ANA", GENERAL, "@Jeeves weather")
    acts.say("U0ANA", DIRECT, "help")
    told = await delivered(world, 2)
    assert {(event["type"], event["channel"], event["text"]) for event in told} == {
        ("app_mention", GENERAL, "<@U0JEEVES> weather"),
        ("message", DIRECT, "help"),
    }


async def test_it_hears_its_own_direct_messages_too_as_from_slack(world: Any) -> None:
    posted = await world.call("chat.postMessage", {"channel": "U0ANA", "text": "one"})
    await world.call("chat.postMessage", {"channel": GENERAL, "text": "aloud"})
    await world.call("chat.update", {"channel": DIRECT, "ts": posted["ts"], "text": "two"})
    await world.call("chat.delete", {"channel": DIRECT, "ts": posted["ts"]})
    told = {event.get("subtype"): event for event in await delivered(world, 3)}
    assert told.keys() == {None, "message_changed", "message_deleted"}
    assert (told[None]["bot_id"], told["message_changed"]["message"]["text"]) == ("B0JEEVES", "two")
    assert (told["message_deleted"]["hidden"], told["message_deleted"]["deleted_ts"]) == (True, posted["ts"])


async def test_what_one_person_alone_sees_is_no_event(world: Any) -> None:
    await shown_with_button(world, user="U0ANA")
    world.sandbox.acts.say("U0ANA", DIRECT, "after")
    assert [event["text"] for event in await delivered(world, 1)] == ["after"]


async def test_events_have_the_shape_of_recorded_ones(world: Any) -> None:
    root = world.sandbox.acts.say("U0ANA", GENERAL, "@Jeeves weather").ts
    world.sandbox.acts.say("U0BEN", GENERAL, "@Jeeves in *Paris*", root)
    world.sandbox.acts.say("U0ANA", DIRECT, "help")
    await delivered(world, 3)
    outer, inner = recorded("events/message-03"), recorded("events/message-03")["event"]
    for _, body in world.jeeves.got:
        payload = json.loads(body)
        assert payload.keys() == outer.keys()
        assert payload["authorizations"][0].keys() == outer["authorizations"][0].keys()
        event = payload["event"]
        assert event.keys() - {"thread_ts"} <= inner.keys()
        assert event["event_ts"] == event["ts"]
        assert ("channel_type" in event) == (event["type"] == "message")
        (block,) = event["blocks"]
        assert block["type"] == inner["blocks"][0]["type"]
    assert len({json.loads(body)["event_id"] for _, body in world.jeeves.got}) == 3
    assert [event.get("thread_ts") for event in world.jeeves.events].count(root) == 1


@pytest.mark.parametrize("private", [True, False])
async def test_a_press_has_the_shape_of_recorded_ones(world: Any, private: bool) -> None:
    root = world.sandbox.acts.say("U0ANA", GENERAL, "weather").ts
    post = await shown_with_button(world, thread_ts=root, **({"user": "U0ANA"} if private else {}))
    await world.open()
    assert json.loads((await world.do("/press", **press(post))).body) == {"taken": True}
    headers, body = world.jeeves.got[-1]
    payload, theirs = payload_of((headers, body)), recorded("interactivity/block_actions-02")
    more = recorded("interactivity/block_actions-01")
    assert payload.keys() <= theirs.keys() | more.keys()
    assert ("message" in payload) == (not private)
    assert payload["container"] == {
        "type": "message", "message_ts": post["ts"], "channel_id": GENERAL, "is_ephemeral": private, "thread_ts": root,
    }  # fmt: skip
    (action,) = payload["actions"]
    assert action.keys() == theirs["actions"][0].keys()
    assert (payload["user"]["id"], action["value"], action["type"]) == ("U0ANA", "weather in Paris", "button")


@pytest.mark.parametrize(("action", "kind"), [("jeeves:1", "static_select"), ("jeeves:2", "overflow")])
async def test_a_choice_tells_which_option_it_was(world: Any, action: str, kind: str) -> None:
    post = await shown_with_button(world)
    await world.open()
    assert (await world.do("/press", **press(post, action, value="nothing"))).status == 422
    assert (await world.do("/press", **press(post, action, value="undo"))).status == 200
    (chosen,) = payload_of(world.jeeves.got[-1])["actions"]
    assert (chosen["type"], chosen["selected_option"]["value"]) == (kind, "undo")


async def test_nobody_presses_what_they_do_not_see(world: Any) -> None:
    private = await shown_with_button(world, user="U0BEN")
    direct = await shown_with_button(world, channel="U0BEN")
    await world.open()
    for post in (private, direct):
        assert (await world.do("/press", **press(post))).status == 422
    assert (await world.do("/press", **press(private, "jeeves:9", person="U0BEN"))).status == 422
    assert not [1 for headers, _ in world.jeeves.got if "form" in headers["content-type"]]


async def test_what_is_not_taken_comes_again_at_once_after_a_minute_and_after_five(world: Any) -> None:
    world.jeeves.answers = [(503, {})] * 3
    world.sandbox.acts.say("U0ANA", DIRECT, "help")
    tries = [(None, 0), ("1", 0), ("2", 60), ("3", 300)]
    for count, (number, pause) in enumerate(tries, 1):
        for _ in range(10):  # nothing comes before its time
            await asyncio.sleep(0)
        if pause:
            await eventually(lambda count=count: len(world.jeeves.got) == count - 1)  # type: ignore[misc]
            await world.clock.advance(pause)
        await eventually(lambda count=count: len(world.jeeves.got) == count)  # type: ignore[misc]
        headers = world.jeeves.got[-1][0]
        assert headers.get("x-slack-retry-num") == number
        assert headers.get("x-slack-retry-reason") == (number and "http_error")
    assert len({body for _, body in world.jeeves.got}) == 1  # the same event_id each time
    assert len({headers["x-slack-signature"] for headers, _ in world.jeeves.got}) > 1  # signed anew


async def test_after_three_retries_slack_gives_up(world: Any) -> None:
    world.jeeves.answers = [(500, {})] * 5
    delivery = asyncio.create_task(world.sandbox.acts.deliveries.deliver({"type": "event_callback", "event": {"type": "x"}}))
    while not delivery.done():
        await world.clock.advance(300)
        await asyncio.sleep(0)
    assert (await delivery, len(world.jeeves.got)) == (False, 4)


async def test_no_retry_means_none(world: Any) -> None:
    world.jeeves.answers = [(400, {"X-Slack-No-Retry": "1"})]
    assert not await world.sandbox.acts.deliveries.deliver({"type": "event_callback", "event": {"type": "x"}})
    assert len(world.jeeves.got) == 1


async def test_a_press_that_fails_is_told_and_not_tried_again(world: Any) -> None:
    post = await shown_with_button(world)
    await world.open()
    world.jeeves.answers = [(503, {})]
    assert json.loads((await world.do("/press", **press(post))).body) == {"taken": False}
    assert len(world.jeeves.got) == 1


@pytest.mark.parametrize(
    ("channel", "typed", "thread", "words"),
    [
        (GENERAL, " \n ", None, "nothing to say"),
        (GENERAL, "x" * 12_001, None, "longer than Slack"),
        ("C0NOWHERE", "x", None, "not there"),
        ("D0BEN", "x", None, "not there"),
        (GENERAL, "x", "1.1", "thread is not there"),
    ],
)
async def test_what_cannot_be_said_is_refused_in_words(
    world: Any, channel: str, typed: str, thread: str | None, words: str
) -> None:
    await world.open()
    got = await world.do("/say", person="U0ANA", channel=channel, text=typed, thread=thread)
    assert (got.status, words in json.loads(got.body)["detail"]) == (422, True)
    assert not world.sandbox.space.posts
