"""`POST /slack/events` from the outside: what each kind of request is answered (S18, S19, S20, S33, S36; reliability D1)."""

import json
from pathlib import Path
from typing import Any

import pytest

from jeeves_contracts.problem import Problem
from jeeves_service.errors import SettingsError
from support.asgi import Got
from support.eventually import succeeds
from support.ingest import Ingest, receiving
from support.slack import TEAM, USER, SlackStandIn
from support.slack_events import (
    SECRET,
    direct,
    envelope,
    interaction_body,
    json_body,
    mention,
    pressed,
    rich,
)


async def post(ingest: Ingest, event: dict[str, Any], **more: Any) -> Got:
    return await ingest.send(*json_body(envelope(event, **more)))


async def test_a_mention_becomes_a_message(ingest: Ingest) -> None:  # S22, S24, S29, S30
    event = mention("weather in Paris", thread="1764000000.000001")
    got = await post(ingest, event)
    assert (got.status, got.body) == (200, b"")
    (published,) = ingest.published
    assert (published.source, published.type) == ("slack-ingest", "chat.message.received.v1")
    assert published.installationid == f"slack:{TEAM}"
    assert published.traceparent
    assert published.times.startswith("received=")
    said = published.data
    assert published.correlationid == said.message_id == f"slack:{TEAM}:C0GENERAL:{event['ts']}"
    assert said.text == "weather in Paris"
    assert said.identity.model_dump() == {"platform": "slack", "workspace_id": TEAM, "user_id": "U0ANA"}
    assert said.conversation.thread_id == "1764000000.000001"
    assert said.conversation.in_thread
    assert not said.conversation.is_direct
    assert said.order == int(event["ts"].replace(".", ""))


async def test_a_direct_message_gives_the_same_envelope(ingest: Ingest) -> None:  # S22
    await post(ingest, direct("weather in Paris"))
    await post(ingest, {**direct("weather"), "channel_type": "app_home"})  # EDGE 15
    first, second = (published.data for published in ingest.published)
    assert first.text == "weather in Paris"
    assert first.conversation.is_direct
    assert second.conversation.is_direct


async def test_an_empty_message_is_handed_on_for_a_hint(ingest: Ingest) -> None:  # S26
    for event in (mention(""), direct("   \u00a0"), direct("", blocks=None)):
        await post(ingest, event)
    assert [published.data.text for published in ingest.published] == ["", "", ""]


async def test_a_mention_told_twice_has_one_message_id(ingest: Ingest) -> None:  # S36
    event = mention("weather")
    await post(ingest, event)
    await post(ingest, {**event, "type": "message", "channel_type": "channel"})
    await post(ingest, event)
    first, twin, again = ingest.published
    assert first.data.message_id == twin.data.message_id == again.data.message_id
    assert len({first.id, twin.id, again.id}) == 3  # each is a delivery of its own


async def test_a_person_of_another_team_is_another_person(ingest: Ingest) -> None:  # EDGE 2, 3: Slack Connect
    await post(ingest, mention("weather", team="E0GRID", user_team="T0OTHER"))
    await post(ingest, mention("weather", team="E0GRID"), team_id="T0THEIRS")
    await post(ingest, mention("weather", team=None, user_profile={"team": "T0THIRD"}))
    teams = [(p.data.identity.workspace_id, p.installationid) for p in ingest.published]
    assert teams == [("T0OTHER", f"slack:{TEAM}"), ("T0THEIRS", f"slack:{TEAM}"), ("T0THIRD", f"slack:{TEAM}")]


async def test_ids_are_opaque_however_long(ingest: Ingest) -> None:  # S27
    long = "U" + "X" * 90
    await post(ingest, mention("weather", user=long, channel="C" + "Y" * 90))
    assert ingest.published[0].data.identity.user_id == long


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bot_id": "B1"}, "bot"),
        ({"bot_id": "B1", "subtype": "bot_message", "user": None}, "bot"),
        ({"user": USER}, "own"),
        ({"user": "USLACKBOT"}, "bot"),
        ({"subtype": "message_changed"}, "subtype"),
        ({"subtype": "channel_join"}, "subtype"),
        ({"hidden": True}, "hidden"),
        ({"edited": {"user": "U0ANA", "ts": "1.2"}}, "edited"),
        ({"user": None}, "malformed"),
        ({"user": {"id": "U1"}}, "malformed"),
        ({"user": "U\ud800"}, "malformed"),
        ({"user": "U 1\x00"}, "malformed"),
        ({"channel": 1}, "malformed"),
        ({"ts": "soon"}, "malformed"),
        ({"ts": 1.5}, "malformed"),
        ({"channel": "C" * 101}, "malformed"),
        ({"type": "reaction_added"}, "event_type"),
        ({"type": None}, "event_type"),
        ({"type": "message", "channel_type": "channel", "blocks": rich({"type": "text", "text": "weather"})}, "not_addressed"),
        ({"type": "message", "channel_type": "im", "channel": "D1", "subtype": "file_share", "text": "", "blocks": None},
         "file_only"),
    ],
)  # fmt: skip
async def test_what_is_no_persons_word_to_jeeves_starts_nothing(
    ingest: Ingest, change: dict[str, Any], reason: str
) -> None:  # S37
    got = await post(ingest, {**mention("weather"), **change})
    assert (got.status, got.body) == (200, b"")
    assert await ingest.counted() == {("ignored", reason): 1}


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
async def test_these_subtypes_are_a_persons_words(ingest: Ingest, subtype: str) -> None:  # EDGE 8, 9
    await post(ingest, direct("weather", subtype=subtype))
    assert ingest.published[0].data.text == "weather"


@pytest.mark.parametrize("event", [None, [], "x", 1, {}, {"type": []}, {"type": "message", "message": []}])
async def test_an_event_callback_is_200_whatever_its_event(ingest: Ingest, event: Any) -> None:  # EDGE 23
    assert (await post(ingest, event)).status == 200


@pytest.mark.parametrize(
    "odd",
    [{"authorizations": []}, {"authorizations": None}, {"authorizations": [{}], "team_id": None}, {"authorizations": [1]}],
)
async def test_an_event_that_names_no_installation_starts_nothing(ingest: Ingest, odd: dict[str, Any]) -> None:  # EDGE 4, 5
    assert (await post(ingest, mention("weather"), **odd)).status == 200
    assert await ingest.counted() == {("ignored", "no_authorization"): 1}


async def test_the_challenge_comes_back_only_to_slack(ingest: Ingest) -> None:  # S19
    kind, body = json_body({"type": "url_verification", "token": "t", "challenge": "are-you-there"})
    got = await ingest.send(kind, body)
    assert got.status == 200
    assert json.loads(got.body) == {"challenge": "are-you-there"}
    refused = await ingest.put({"Content-Type": kind}, body)
    assert (refused.status, refused.body) == (401, b"")
    assert (await ingest.send(*json_body({"type": "url_verification"}))).status == 400


POST = {"ts": "1764000000.000100", "thread_ts": "1764000000.000001", "channel": "C1", "bot_id": "B0JEEVES", "user": USER}


async def test_a_button_is_as_if_its_command_was_typed(ingest: Ingest) -> None:
    payload = pressed(POST, {"type": "button", "action_id": "jeeves:0.1", "value": "weather in Paris, Texas"})
    got = await ingest.send(*interaction_body(payload))
    assert (got.status, got.body) == (200, b"")
    said = ingest.published[0].data
    assert (said.text, said.trigger, said.args) == ("weather in Paris, Texas", "interaction", {})
    acted = payload["actions"][0]["action_ts"]
    assert said.message_id == f"slack:{TEAM}:act:C1:{POST['ts']}:{acted}:jeeves:0.1"
    assert (said.conversation.thread_id, said.conversation.in_thread) == (POST["thread_ts"], True)


@pytest.mark.parametrize(
    ("action_id", "thread", "in_thread"),
    [
        ("jeeves:0.1@1764000000.000001", "1764000000.000001", True),
        ("jeeves:0.1", POST["ts"], False),
        ("jeeves:0.1@", POST["ts"], False),
        ("jeeves:0.1@soon", POST["ts"], False),
        ("jeeves:0.1@1@2", POST["ts"], False),
    ],
)
async def test_a_button_in_an_ephemeral_message_is_answered_where_its_person_sees_it(
    ingest: Ingest, action_id: str, thread: str, in_thread: bool
) -> None:  # S29
    payload = pressed(POST, {"type": "button", "action_id": action_id, "value": "weather"})
    del payload["message"]  # as Slack sends it: such a message is kept nowhere
    payload["container"] = {"type": "message", "message_ts": POST["ts"], "channel_id": "C1", "is_ephemeral": True}
    await ingest.send(*interaction_body(payload))
    said = ingest.published[0].data.conversation
    assert (said.channel_id, said.thread_id, said.in_thread) == ("C1", thread, in_thread)


async def test_an_entry_of_the_menu_is_as_if_its_command_was_typed(ingest: Ingest) -> None:
    action = {"type": "overflow", "action_id": "jeeves:2", "selected_option": {"value": "report ABCD2345"}}
    await ingest.send(*interaction_body(pressed(POST, action)))
    assert ingest.published[0].data.text == "report ABCD2345"


async def test_an_option_is_as_if_its_command_was_typed(ingest: Ingest) -> None:
    action = {"type": "static_select", "action_id": "jeeves:0", "selected_option": {"value": "weather in Rome"}}
    await ingest.send(*interaction_body(pressed({**POST, "channel": "D1"}, action, team="T0OTHER")))
    said = ingest.published[0].data
    assert said.text == "weather in Rome"
    assert said.conversation.is_direct


@pytest.mark.parametrize(
    "change",
    [
        {"container": None}, {"channel": None, "container": {}}, {"user": None}, {"team": None}, {"actions": []},
        {"actions": [{"action_id": "jeeves:0"}]}, {"actions": [{"action_id": "theirs", "value": "x"}]}, {"type": "view_closed"},
        {"is_enterprise_install": True},
    ],
)  # fmt: skip
async def test_an_interaction_that_is_none_of_ours_is_200(ingest: Ingest, change: dict[str, Any]) -> None:  # EDGE 7
    action = {"type": "button", "action_id": "jeeves:0.1", "value": "weather"}
    got = await ingest.send(*interaction_body({**pressed(POST, action), **change}))
    assert (got.status, got.body) == (200, b"")
    assert not ingest.published


async def test_what_the_bus_does_not_confirm_slack_sends_again(tmp_path: Path) -> None:  # S33
    async with receiving(tmp_path / "bus") as ingest:
        await ingest.bus.stop()
        got = await post(ingest, mention("weather"))
        assert got.status == Problem.from_bytes(got.body).status == 503
        assert "x-slack-no-retry" not in got.headers
        await ingest.bus.start()
        assert (await post(ingest, mention("weather"))).status == 200


async def test_the_old_and_the_new_secret_are_good(tmp_path: Path) -> None:  # S20
    async with receiving(tmp_path / "bus", SLACK_SIGNING_SECRET=f"new, {SECRET},") as ingest:
        for secret, status in ((SECRET, 200), ("new", 200), ("", 401), ("other", 401)):
            assert (await ingest.send(*json_body(envelope(mention("x"))), secret=secret)).status == status


async def test_without_a_signing_secret_it_does_not_start(tmp_path: Path) -> None:  # S99
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET is not set"):
        async with receiving(tmp_path, SLACK_SIGNING_SECRET=""):
            pass


async def test_only_the_installation_of_the_token_is_answered_once_it_is_known(tmp_path: Path) -> None:
    with SlackStandIn() as slack:
        slack.fail("auth.test", "fatal_error")
        async with receiving(tmp_path / "bus", SLACK_API_URL=slack.url) as ingest:
            assert (await post(ingest, mention("weather"), team="T0EARLY")).status == 200  # accepted: nobody knows yet
            await ingest.service.start()
            ready = ingest.service.ops.test_client()

            async def known() -> None:
                state = (await (await ready.get("/readyz")).get_json())["checks"]["slack"]
                assert state == "ok", state

            with pytest.raises(AssertionError, match=r"auth\.test"):
                await known()
            await succeeds(known, AssertionError)
            assert len(slack.called("auth.test")) == 2
            assert (await post(ingest, mention("weather"), team="T0OTHER")).status == 200
            assert (await post(ingest, mention("weather"))).status == 200
            assert [published.installationid for published in ingest.published] == ["slack:T0EARLY", f"slack:{TEAM}"]
            assert (await ingest.counted())["ignored", "unknown_installation"] == 1
            await ingest.service.stop()


async def test_without_a_token_every_installation_is_unknown(tmp_path: Path) -> None:
    async with receiving(tmp_path / "bus", SLACK_BOT_TOKEN="") as ingest:
        await ingest.service.start()
        assert (await post(ingest, mention("weather"))).status == 200
        assert await ingest.counted() == {("ignored", "unknown_installation"): 1}
        await ingest.service.stop()
