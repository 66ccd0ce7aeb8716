"""What people do in the sandbox reaches Jeeves as from Slack: verified, understood, and no more than was meant."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jeeves_sandbox import chat
from jeeves_sandbox.app import Credentials, Sandbox, create_sandbox
from jeeves_sandbox.asked import Pressed
from jeeves_service.clock import SystemClock
from jeeves_service.http import Asgi, HttpClient
from support.eventually import eventually
from support.ingest import Ingest, receiving


@dataclass
class Both:
    sandbox: Sandbox
    ingest: Ingest

    async def heard(self, count: int) -> list[str]:
        """Return what Jeeves was told to do, once so many deliveries were taken."""
        await eventually(lambda: len(self.sandbox.record.entries) >= count, f"{count} deliveries")
        assert all(entry.ok for entry in self.sandbox.record.entries)
        outcomes = await self.ingest.counted()
        published = sum(number for (outcome, _), number in outcomes.items() if outcome == "published")
        await eventually(lambda: len(self.ingest.published) >= published)
        return [one.data.text for one in self.ingest.published]


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    credentials, mounts = Credentials(), dict[str, Asgi]()
    http = HttpClient(mounts=mounts)
    sandbox = create_sandbox(credentials, "http://127.0.0.1:8000", jeeves="http://slack-ingest", http=http, clock=SystemClock())
    async with receiving(tmp_path / "bus", SLACK_SIGNING_SECRET=credentials.signing_secret) as ingest:
        assert ingest.service.public
        mounts["slack-ingest"] = ingest.service.public
        yield Both(sandbox, ingest)
        sandbox.hush()
        await sandbox.stop()
    await http.aclose()


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("@Jeeves weather in Zürich", "weather in Zürich"),
        ("@jeeves, weather", "weather"),
        ("weather @Jeeves", "weather"),
        ("@Jeeves *weather* in _Paris_", "weather in Paris"),
        ("@Jeeves ask @Ben about #travel", "ask <@U0BEN> about <#C0TRAVEL>"),
        ("@Jeeves <!channel> a & b < c", "<!channel> a & b < c"),
        ("@Jeeves @here", "@here"),
        ("@Jeeves https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2"),
        ("@Jeeves :wave: 東京", ":wave: 東京"),
        ("@Jeeves remember\nmilk\neggs", "remember\nmilk\neggs"),
        ("@Jeeves `my location is Paris`", "my location is Paris"),
    ],
)
async def test_words_in_a_channel_are_heard_as_they_were_typed(both: Both, typed: str, heard: str) -> None:
    both.sandbox.acts.say("U0ANA", "C0GENERAL", typed)
    assert await both.heard(1) == [heard]


async def test_a_direct_message_is_heard_and_jeeves_does_not_answer_itself(both: Both) -> None:
    post = both.sandbox.acts.say("U0BEN", "D0BEN", "help")
    answer = chat.post_message(both.sandbox.space, {"channel": "U0BEN", "text": "help yourself"})
    chat.update(both.sandbox.space, {"channel": "D0BEN", "ts": answer["ts"], "text": "help again"})
    assert await both.heard(3) == ["help"]
    (message,) = [one.data for one in both.ingest.published]
    assert (message.identity.user_id, message.identity.workspace_id) == ("U0BEN", "T0SANDBOX")
    assert (message.conversation.installation_id, message.conversation.is_direct) == ("slack:T0SANDBOX", True)
    assert message.conversation.thread_id == post.ts


async def test_a_thread_and_a_press_in_it_are_heard_where_they_are(both: Both) -> None:
    root = both.sandbox.acts.say("U0ANA", "C0TRAVEL", "off to Paris").ts
    both.sandbox.acts.say("U0ANA", "C0TRAVEL", "@Jeeves weather", root)
    await both.heard(1)
    button = {"type": "button", "action_id": "jeeves:0", "text": {"type": "plain_text", "text": "Texas"}, "value": "in Texas"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    for seen in ({}, {"user": "U0ANA"}):
        post = (chat.post_ephemeral if seen else chat.post_message)(
            both.sandbox.space, {"channel": "C0TRAVEL", "thread_ts": root, "text": "Which?", "blocks": blocks, **seen}
        )
        ts = post.get("ts") or post["message_ts"]
        used = Pressed(person="U0ANA", channel="C0TRAVEL", ts=ts, block_id="b", action_id="jeeves:0")
        assert await both.sandbox.acts.press(used)
    assert await both.heard(3) == ["weather", "in Texas", "in Texas"]
    assert {one.data.conversation.thread_id for one in both.ingest.published} == {root}
    assert all(one.data.conversation.in_thread for one in both.ingest.published)
    assert [one.data.trigger for one in both.ingest.published] == ["message", "interaction", "interaction"]


async def test_jeeves_shows_that_it_is_there(both: Both) -> None:
    both.sandbox.start()
    await eventually(lambda: both.sandbox.record.entries)
    (entry,) = both.sandbox.record.entries
    assert (entry.ok, entry.sent["challenge"]) == (True, entry.answered["challenge"])


async def test_what_another_signs_is_refused(both: Both) -> None:
    both.sandbox.acts.deliveries._secret = "another"
    both.sandbox.acts.say("U0ANA", "D0ANA", "help")
    await eventually(lambda: len(both.sandbox.record.entries) >= 2)
    assert {entry.status for entry in both.sandbox.record.entries} == {401}
    assert not both.ingest.published
