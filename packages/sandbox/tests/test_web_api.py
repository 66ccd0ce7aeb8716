"""The Web API, as Jeeves calls it: strict about tokens, arguments and blocks, and in the shapes of recorded answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from jeeves_sandbox.app import API

RECORDED = Path(__file__).parent / "recorded"
POST, GENERAL = "chat.postMessage", "C0GENERAL"
METADATA = {"event_type": "jeeves_reply", "event_payload": {"reply_id": "r/1"}}


async def test_only_the_token_of_this_run_is_known_and_only_in_the_header(world: Any) -> None:
    assert (await world.call("auth.test"))["team_id"] == "T0SANDBOX"
    assert (await world.call("auth.test", token="xoxb-other"))["error"] == "invalid_auth"
    got = await world.request("POST", API + "auth.test", json.dumps({"token": world.credentials.token}).encode())
    assert json.loads(got.body)["error"] == "not_authed"


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.shout", {}, "unknown_method"),
        (POST, {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        (POST, {"text": "x"}, "channel_not_found"),
        (POST, {"channel": "U0NOBODY", "text": "x"}, "channel_not_found"),
        (POST, {"channel": GENERAL}, "no_text"),
        (POST, {"channel": GENERAL, "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        (POST, {"channel": GENERAL, "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        (POST, {"channel": GENERAL, "text": "x", "blocks": "["}, "invalid_blocks_format"),
        (POST, {"channel": GENERAL, "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ("chat.postEphemeral", {"channel": GENERAL, "text": "x"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": GENERAL, "text": "x", "user": "U0NOBODY"}, "user_not_in_channel"),
        ("chat.update", {"channel": GENERAL, "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": GENERAL, "ts": "1.1"}, "message_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("conversations.replies", {"channel": GENERAL, "ts": "1.1"}, "thread_not_found"),
        ("conversations.history", {"channel": GENERAL, "oldest": "soon"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": GENERAL, "cursor": ["x"]}, "invalid_cursor"),
        ("assistant.threads.setStatus", {"channel_id": GENERAL, "thread_ts": "1.1", "status": "x"}, "invalid_thread_ts"),
    ],
)
async def test_what_slack_would_refuse_is_refused(world: Any, method: str, args: dict[str, Any], error: str) -> None:
    answer = await world.call(method, args)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert not world.sandbox.space.posts


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object"), (b"\xff", "invalid_json")])
async def test_a_body_that_is_no_object_is_refused(world: Any, body: bytes, error: str) -> None:
    headers = {"authorization": f"Bearer {world.credentials.token}", "content-type": "application/json"}
    got = await world.request("POST", API + "auth.test", body, headers)
    assert (got.status, json.loads(got.body)["error"]) == (200, error)


async def test_forms_and_queries_are_read_as_json_is(world: Any) -> None:
    bearer = f"Bearer {world.credentials.token}"
    form = b"channel=C0GENERAL&text=hello&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D"
    headers = {"authorization": bearer, "content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    posted = json.loads((await world.request("POST", API + POST, form, headers)).body)
    assert posted["message"]["blocks"][0]["type"] == "divider"
    post = world.sandbox.space.find(GENERAL, posted["ts"])
    assert post.message["text"] == "hello"


async def test_a_post_is_kept_with_its_metadata_for_who_asks_for_it(world: Any) -> None:
    posted = await world.call(POST, {"channel": GENERAL, "text": "hello", "metadata": METADATA})
    (plain,) = (await world.call("conversations.history", {"channel": GENERAL}))["messages"]
    (whole,) = (await world.call("conversations.history", {"channel": GENERAL, "include_all_metadata": True}))["messages"]
    assert "metadata" not in plain
    assert (whole["metadata"], whole["ts"], whole["bot_id"]) == (METADATA, posted["ts"], "B0JEEVES")


async def test_a_thread_is_read_with_its_root_and_not_in_the_history(world: Any) -> None:
    root = (await world.call(POST, {"channel": GENERAL, "text": "root"}))["ts"]
    replies = [(await world.call(POST, {"channel": GENERAL, "text": f"{n}", "thread_ts": root}))["ts"] for n in range(17)]
    first = await world.call("conversations.replies", {"channel": GENERAL, "ts": root, "limit": 100})
    assert (first["has_more"], len(first["messages"]), first["messages"][0]["reply_count"]) == (True, 15, 17)
    more = {"channel": GENERAL, "ts": root, "cursor": first["response_metadata"]["next_cursor"]}
    rest = await world.call("conversations.replies", more)
    assert [message["ts"] for message in first["messages"] + rest["messages"]] == [root, *replies]
    assert [m["text"] for m in (await world.call("conversations.history", {"channel": GENERAL}))["messages"]] == ["root"]


async def test_an_answer_in_a_reply_s_thread_joins_the_thread(world: Any) -> None:
    root = (await world.call(POST, {"channel": GENERAL, "text": "root"}))["ts"]
    reply = (await world.call(POST, {"channel": GENERAL, "text": "one", "thread_ts": root}))["ts"]
    answer = await world.call(POST, {"channel": GENERAL, "text": "two", "thread_ts": reply})
    assert answer["message"]["thread_ts"] == root


async def test_what_one_person_alone_sees_is_in_no_history_and_cannot_be_changed(world: Any) -> None:
    posted = await world.call("chat.postEphemeral", {"channel": GENERAL, "user": "U0BEN", "text": "psst"})
    assert not (await world.call("conversations.history", {"channel": GENERAL}))["messages"]
    where = {"channel": GENERAL, "ts": posted["message_ts"]}
    assert (await world.call("chat.update", {**where, "text": "x"}))["error"] == "message_not_found"
    assert (await world.call("chat.delete", where))["error"] == "message_not_found"
    answer = await world.call(POST, {"channel": GENERAL, "text": "x", "thread_ts": posted["message_ts"]})
    assert answer["error"] == "thread_not_found"


async def test_jeeves_may_change_and_take_back_its_own_posts_only(world: Any) -> None:
    mine = (await world.call(POST, {"channel": GENERAL, "text": "one"}))["ts"]
    theirs = world.sandbox.acts.say("U0ANA", GENERAL, "hello").ts
    changed = await world.call("chat.update", {"channel": GENERAL, "ts": mine, "text": "two"})
    assert (changed["text"], changed["message"]["edited"]["user"]) == ("two", "U0JEEVES")
    assert (await world.call("chat.update", {"channel": GENERAL, "ts": theirs, "text": "x"}))["error"] == "cant_update_message"
    assert (await world.call("chat.delete", {"channel": GENERAL, "ts": theirs}))["error"] == "cant_delete_message"
    assert (await world.call("chat.delete", {"channel": GENERAL, "ts": mine}))["ok"]
    assert [post.ts for post in world.sandbox.space.kept(GENERAL)] == [theirs]


async def test_a_person_s_id_stands_for_the_conversation_with_them(world: Any) -> None:
    opened = (await world.call("conversations.open", {"users": "U0BEN"}))["channel"]["id"]
    assert (await world.call(POST, {"channel": "U0BEN", "text": "hello"}))["channel"] == opened
    info = (await world.call("conversations.info", {"channel": opened}))["channel"]
    assert (info["is_im"], info["user"]) == (True, "U0BEN")


async def test_people_have_zones_and_the_locale_is_told_to_who_asks(world: Any) -> None:
    plain = (await world.call("users.info", {"user": "U0CHIYO"}))["user"]
    whole = (await world.call("users.info", {"user": "U0CHIYO", "include_locale": True}))["user"]
    assert (plain["tz"], plain["tz_offset"], "locale" in plain) == ("Asia/Tokyo", 9 * 3600, False)
    assert whole["locale"] == "ja-JP"
    assert (whole["profile"]["display_name"], whole["profile"]["email"]) == ("Chiyo", "chiyo@sandbox.example")
    admins = [user["id"] for user in (await world.call("users.list"))["members"] if user["is_admin"]]
    assert admins == ["U0ANA"]


async def test_a_status_is_shown_until_the_answer_stands(world: Any) -> None:
    root = world.sandbox.acts.say("U0ANA", GENERAL, "@Jeeves weather").ts
    status = {"channel_id": GENERAL, "thread_ts": root, "status": "is looking…"}
    assert (await world.call("assistant.threads.setStatus", status))["ok"]
    assert world.sandbox.space.statuses == {(GENERAL, root): "is looking…"}
    await world.call(POST, {"channel": GENERAL, "text": "sunny", "thread_ts": root})
    assert not world.sandbox.space.statuses
    await world.call("assistant.threads.setStatus", status)
    await world.call("assistant.threads.setStatus", {**status, "status": ""})
    assert not world.sandbox.space.statuses


@pytest.mark.parametrize(
    ("recorded", "method", "args"),
    [
        ("users.info-01", "users.info", {"user": "U0ANA"}),
        ("conversations.open-01", "conversations.open", {"users": "U0ANA"}),
        ("auth.test.bot-01", "auth.test", {}),
        ("chat.postEphemeral-01", "chat.postEphemeral", {"channel": GENERAL, "user": "U0ANA", "text": "x"}),
        ("chat.postMessage-01", POST, {"channel": GENERAL, "text": "x"}),
    ],
)
async def test_answers_have_the_shape_of_recorded_ones(world: Any, recorded: str, method: str, args: dict[str, Any]) -> None:
    theirs = json.loads((RECORDED / f"{recorded}.json").read_bytes())
    ours = await world.call(method, args)
    assert ours.keys() - {"is_enterprise_install"} <= theirs.keys()
    for name in ours.keys() & theirs.keys():
        assert type(ours[name]) is type(theirs[name])
        if name == "user" and isinstance(theirs[name], dict):
            assert ours[name].keys() <= theirs[name].keys()
