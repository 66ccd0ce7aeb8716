"""Recorded deliveries: what each of them is answered, and what of it leaves. # S18 S22 S24 S37"""

import json
import re
from pathlib import Path

import pytest
import structlog

from support.ingest import FOLDERS, Ingest, body_of, payloads

FOLDER = Path(__file__).parent / "payloads"
FILES = payloads(FOLDER)
SECRETS = re.compile(
    r'"(?:token|bot_access_token|action_token|trigger_id|response_url|private_metadata|verification_token)":\s*"([^"]{6,})"'
    r"|(?:^|&)(?:token|response_url|trigger_id)=([^&]{6,})"
)


def test_there_are_recorded_deliveries_of_every_kind() -> None:
    assert {file.parent.name for file in FILES} == set(FOLDERS) - {"events-masked"}
    assert len(FILES) > 150
    assert {line.split("\t")[0] for line in (FOLDER / "SOURCES.tsv").read_text().splitlines()[1:]} == {
        str(file.relative_to(FOLDER)) for file in FOLDER.glob("*/*")
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
async def test_each_is_answered_and_leaks_nothing(ingest: Ingest, file: Path) -> None:
    kind, body = body_of(file)
    with structlog.testing.capture_logs() as logs:
        first, second = await ingest.send(kind, body), await ingest.send(kind, body)
    assert (first.status, first.body) == (second.status, second.body)  # the same result twice
    assert first.status < 500
    assert first.status == 200 or first.headers["x-slack-no-retry"] == "1"
    ids = {envelope.data.message_id for envelope in ingest.published}
    assert len(ids) <= 1
    left = b"".join(ingest.raw).decode() + json.dumps(logs, default=str)
    secrets = {one or other for one, other in SECRETS.findall(body.decode())}
    assert not [secret for secret in secrets if secret in left]


async def test_every_text_that_travels_is_a_canary(ingest: Ingest) -> None:  # EDGE 27
    """Only the message's own words and ids may come out again: every other text of an event is replaced by a canary."""
    kept = {
        "type",
        "subtype",
        "channel",
        "user",
        "team",
        "ts",
        "thread_ts",
        "text",
        "channel_type",
        "team_id",
        "user_id",
        "user_team",
        "enterprise_id",
    }

    def with_canaries(value: object, key: str = "") -> object:
        if isinstance(value, dict):  # what stands in blocks are the words
            return {name: inner if name == "blocks" else with_canaries(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [with_canaries(inner, key) for inner in value]
        return f"canary-{key}" if isinstance(value, str) and key not in kept else value

    for file in FILES:
        if file.parent.name in ("events", "inner"):
            payload = with_canaries(json.loads(body_of(file)[1]))
            assert isinstance(payload, dict)
            await ingest.send("application/json", json.dumps({**payload, "bot_access_token": "canary"}).encode())
    assert ingest.raw
    assert b"canary" not in b"".join(ingest.raw)


ANSWERED = {  # file: text, installation, person's team, user, channel, thread, in a thread, direct
    # EDGE 1: an organisation's installation; the person's team is the top-level one
    "events/app_mention-03": ("Hi there!", "slack:org:E111", "T111", "W222", "C111", "1595926230.009600", False, False),
    "events/app_mention-02": ("hey", "slack:T0YW3CKDJ", "T0YW3CKDJ", "U222", "C111", "1678252212.229129", False, False),
    "events/app_mention-04": (
        "Hi there!", "slack:T_INSTALLED", "T_INSTALLED", "W222", "C111", "1595926230.009600", False, False,
    ),
    # EDGE 3: `event.user_team` is the person's team; a root has its own ts as thread_ts
    "inner/app_mention-01": (
        "<@U086NGJN3> is it everything a river should be?",
        "slack:T0INNER", "T0R188Q6E", "U0F9S4STM", "C06RC0L81", "1515449522.000016", False, False,
    ),
    # EDGE 15: `channel_type` im
    "inner/message-03": (
        "Hello, I need help with something.",
        "slack:T0INNER", "T0INNER", "U0RYVB389XD", "D0AX5E3YM", "1355517523.000005", False, True,
    ),
    "inner/message-04": (
        "Search slack", "slack:T0INNER", "T0INNER", "U0RYVB389XD", "D0AX5E3YM", "1355517523.000005", False, True,
    ),
    # EDGE 8: a file with words is a person's message
    "inner/message.file_share-01": (
        "uploaded a file", "slack:T0INNER", "T0INNER", "W222", "D111", "1726133700.887259", False, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERED)
async def test_these_are_published(ingest: Ingest, name: str) -> None:  # S22, S24, S30
    if not (FOLDER / f"{name}.json").exists():
        pytest.fail(f"{name} is not among the copied payloads")
    text, installation, team, user, channel, thread, in_thread, direct = ANSWERED[name]
    got = await ingest.send(*body_of(FOLDER / f"{name}.json"))
    assert (got.status, got.body) == (200, b"")
    (envelope,) = ingest.published
    said, place = envelope.data, envelope.data.conversation
    assert said.text == text
    assert (place.installation_id, said.identity.workspace_id, said.identity.user_id) == (installation, team, user)
    assert (place.channel_id, place.thread_id, place.in_thread, place.is_direct) == (channel, thread, in_thread, direct)
    assert said.message_id == f"{installation}:{channel}:{thread}"
    assert said.trigger == "message"


IGNORED = {
    "events/app_mention-01": "no_authorization",  # EDGE 5: an app of old
    "events/app_mention-05": "malformed",  # no channel
    "events/app_mention-06": "no_authorization",  # EDGE 23: next to nothing in it
    "events/app_mention-07": "malformed",  # no ts
    "events/app_mention-08": "own",  # its user is the bot of the authorization
    "events/app_rate_limited-01": "event_type",  # EDGE 22: no event in it
    "events/app_uninstalled-02": "event_type",  # EDGE 4
    "events/function_executed-01": "event_type",  # EDGE 27
    "events/message-01": "not_addressed",  # somebody else is mentioned
    "events/message-14": "own",  # EDGE 10: with `bot_id` and `user`, no subtype
    "events/message-15": "not_addressed",  # EDGE 14: no `text`
    "events/message-16": "bot",  # EDGE 2, 10
    "events/message-20": "no_authorization",  # a direct message to an app of old
    "events/message.bot_message-01": "bot",
    "events/message.channel_join-02": "subtype",  # EDGE 13: has a mention in its text
    "events/message.file_share-01": "not_addressed",  # EDGE 8: a file alone
    "events/message.message_changed-01": "hidden",  # EDGE 11
    "inner/message.message_changed-04": "hidden",  # EDGE 11: edited, the text the same
    "events/message.message_changed-07": "subtype",  # not marked hidden
    "inner/message.message_deleted-01": "hidden",  # EDGE 12
    "events/tokens_revoked-02": "event_type",
    "inner/app_mention.bot_message-01": "bot",  # EDGE 10: a mention by a bot
    "inner/message.me_message-01": "not_addressed",  # EDGE 9: a person's, but not to Jeeves
    "inner/message.thread_broadcast-01": "not_addressed",
    "inner/message.message_changed-05": "hidden",  # an assistant thread's title
    "interactivity/block_actions-02": "foreign_button",
    "interactivity/shortcut-05": "interaction",  # EDGE 7
    "interactivity/view_submission-05": "interaction",
    "slash/slash_command-01": "slash_command",  # EDGE 25
}


@pytest.mark.parametrize("name", IGNORED)
async def test_these_start_nothing_and_are_counted_by_reason(ingest: Ingest, name: str) -> None:  # S37
    got = await ingest.send(*body_of(FOLDER / f"{name}.json"))
    assert (got.status, got.body) == (200, b"")
    assert await ingest.counted() == {("ignored", IGNORED[name]): 1}
    assert not ingest.published
