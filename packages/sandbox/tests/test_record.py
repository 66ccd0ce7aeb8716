"""What Jeeves and the workspace said to each other, for whoever looks, without secrets."""

from typing import Any

import pytest

from jeeves_sandbox.record import KEPT, LONGEST, MASKED, Record, bounded, gist, masked
from support.clock import FakeClock
from support.eventually import eventually


@pytest.mark.parametrize(
    "name", ["token", "bot_access_token", "Authorization", "X-Slack-Signature", "trigger_id", "signing_secret", "action_token"]
)
def test_what_is_secret_is_masked_wherever_it_stands(name: str) -> None:
    value = {"event": [{name: "hush"}], name: {"more": "hush"}, "text": "token", "tokens": 1}
    assert masked(value) == {"event": [{name: MASKED}], name: MASKED, "text": "token", "tokens": 1}


def test_a_long_body_is_cut() -> None:
    assert bounded({"text": "short"}) == {"text": "short"}
    cut = bounded({"text": "x" * (LONGEST * 2)})
    assert isinstance(cut, str)
    assert len(cut) < LONGEST + 100


def test_the_last_ones_are_kept() -> None:
    record = Record(FakeClock())
    for _ in range(KEPT + 3):
        record.add("to_slack", "auth.test", status=200, ok=True, seconds=0.001)
    assert (len(record.entries), record.find(3), record.entries[-1].number) == (KEPT, None, KEPT + 3)


async def test_both_ways_are_recorded_with_their_bodies(world: Any) -> None:
    world.sandbox.acts.say("U0ANA", "D0ANA", "help")
    await eventually(lambda: world.jeeves.got)
    await world.call("chat.postMessage", {"channel": "C0GENERAL", "text": "hello"})
    await world.call("chat.postMessage", {"channel": "C0NOWHERE", "text": "hello"})
    await world.open()
    entries = (await world.read("/state"))["entries"]
    told = [(entry["way"], entry["what"], entry["status"], entry["ok"], entry["note"]) for entry in entries]
    assert told == [
        ("to_jeeves", "message", 200, True, ""),
        ("to_slack", "chat.postMessage", 200, True, ""),
        ("to_slack", "chat.postMessage", 200, False, "channel_not_found"),
    ]
    event = await world.read(f"/record/{entries[0]['number']}")
    assert event["sent"]["event"]["text"] == "help"
    assert (event["sent"]["token"], event["headers"]["X-Slack-Signature"]) == (MASKED, MASKED)
    call = await world.read(f"/record/{entries[1]['number']}")
    assert (call["sent"]["text"], call["answered"]["ok"]) == ("hello", True)
    for secret in (world.credentials.token, world.credentials.signing_secret):
        assert secret not in str([await world.read(f"/record/{entry['number']}") for entry in entries])
    assert (await world.get("/record/99")).status == 404


async def test_retries_stand_in_it(world: Any) -> None:
    world.jeeves.answers = [(503, {}), (200, {})]
    world.sandbox.acts.say("U0ANA", "D0ANA", "help")
    await eventually(lambda: len(world.sandbox.record.entries) == 2)
    first, second = world.sandbox.record.entries
    assert (first.status, first.ok, first.note) == (503, False, "http_error")
    assert (second.status, second.ok, second.note) == (200, True, "retry 1")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"event": {"text": "weather\nin Paris"}}, "weather in Paris"),
        ({"channel": "C1", "text": "x" * 500}, "x" * 100),
        ({"status": "is looking…"}, "is looking…"),
        ({"actions": [{"text": {"type": "plain_text", "text": "Undo"}}]}, "Undo"),
        ({"actions": [{"selected_option": {"text": {"text": "Paris, Texas"}}}]}, "Paris, Texas"),
        ({"user": "U0ANA"}, "U0ANA"),
        ({"filename": "chart.png", "length": "9"}, "chart.png"),
        ({"files": [{"id": "F1", "title": "one"}, {"id": "F2", "name": "two"}, 3]}, "one, two"),
        ({"event": {"text": "", "user": "U0JEEVES", "files": [{"name": "all.json"}]}}, "all.json"),
        ({"type": "url_verification"}, ""),
        ({"text": ["odd"]}, "['odd']"),
        ({"event": None, "actions": []}, ""),
        (None, ""),
    ],
)
def test_it_says_what_a_request_is_about(sent: Any, words: str) -> None:
    assert gist(sent) == words
