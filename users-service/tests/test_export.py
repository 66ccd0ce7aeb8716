"""Everything about somebody is told in one document, and nothing of others (S7, S112)."""

import json
import tracemalloc
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jeeves_contracts.actions import File, Reply
from jeeves_contracts.shown import Shown, ShowRequest
from support.api import Api
from support.messages import item, message
from support.privacy import WORD, live, person_of, said
from support.users import Users
from users_service.domain.export import Export
from users_service.models import api_tokens, messages, metadata, people, replies
from users_service.repository.exports import EXPORTED, LEFT_OUT
from users_service.service import exports

USER = "UEXPORTED"
OWNERS = ("person_id", "subject", "first_id", "second_id")  # columns that may hold whose a row is


def test_every_table_that_may_hold_a_person_is_exported_or_left_out_for_a_reason() -> None:
    personal = {table.name for table in metadata.sorted_tables if set(OWNERS) & set(table.c.keys())} | {"people", "replies"}
    assert personal == EXPORTED.keys() | LEFT_OUT.keys()
    assert not EXPORTED.keys() & LEFT_OUT.keys()
    assert set(EXPORTED.values()) <= Export.model_fields.keys()
    assert all(len(reason.split()) > 5 for reason in LEFT_OUT.values())


async def test_an_export_tells_everything_about_a_person(api: Api) -> None:  # S7
    person = await live(api, USER)
    told = await api.person("GET", f"/people/{person}/export", user=USER)
    assert told.status == 200
    assert told.headers["Content-Disposition"] == 'attachment; filename="jeeves-export.json"'
    found = Export.from_bytes(told.body)  # its shape is the documented one
    assert (found.version, found.person.id, found.person.email) == (1, person, f"{WORD}@{USER.lower()}.com")
    assert [(one.workspace_id, one.user_id) for one in found.identities] == [("T1", USER)]
    assert [(one.name, one.value) for one in found.facts] == [("birthday", f"{WORD} day")]
    assert [one.value for one in found.fact_history] == [f"{WORD} day", f"{WORD} size", None]
    assert [one.command for one in found.schedules] == [f"notes {WORD}"]
    assert [one.command for one in found.runs] == [f"notes {WORD}"]
    assert [one.name for one in found.tokens] == [f"T1 {USER}"]
    assert len(found.reports) == 1
    assert {(one.by, one.about) for one in found.audit} == {("you", "something else"), ("somebody else", "you")}
    assert len(found.activity) > 5
    stored = await api.users.rows(sa.select(messages.c.message_id).where(messages.c.person_id == person))
    assert {one.message_id for one in found.messages} == {row.message_id for row in stored}
    assert any(reply.content and WORD in str(reply.content["text"]) for one in found.messages for reply in one.replies)
    assert any(receipt.change for one in found.messages for receipt in one.receipts)


async def test_an_export_holds_no_secret_and_nothing_of_others(api: Api) -> None:  # S112, S120
    person, other = await live(api, USER), await live(api, "UOTHER")
    await api.users.change(people.update().where(people.c.id == person).values(password_hash="$argon2id$secret"))
    text = (await api.person("GET", "/me/export", user=USER)).body.decode()
    digests = [row.digest for row in await api.users.rows(sa.select(api_tokens.c.digest))]
    assert not [secret for secret in (*digests, *api.tokens.values(), "argon2id", "UOTHER", other) if secret in text]
    assert json.loads(text)["person"]["has_password"] is True


async def test_whose_it_is_and_operators_may_and_nobody_else(api: Api) -> None:  # S112
    person = await person_of(api.users, USER)
    path = f"/people/{person}/export"
    assert (await api.operator("GET", path)).json["person"]["id"] == person
    assert (await api.person("GET", path, user="UOTHER")).status == 404
    refused = await api.admin("GET", path)
    assert (refused.status, refused.json["policy"]) == (403, "people-export")
    assert (await api.ask("GET", path)).status == 401
    assert (await api.operator("GET", "/people/00000000-0000-0000-0000-000000000000/export")).status == 404
    assert (await api.operator("GET", "/people/nonsense/export")).status == 404
    assert (await api.operator("GET", "/me/export")).status == 403
    few = await api.token("few", scopes=["facts:read"])
    assert (await api.ask("GET", path, token=few)).status == 403


async def test_an_export_may_be_asked_for_in_parts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    users = api.users
    person = await person_of(users, USER)
    times = []
    for number in range(450):  # more than two batches
        times.append(users.clock.now())
        if number % 50 == 0:
            await users.clock.advance(60)
        await users.answered(said(users, f"number {number}", user=USER), "x" * 500)
    path = f"/people/{person}/export"
    whole = (await api.operator("GET", path)).json
    texts = [one["data"]["text"] for one in whole["messages"]]
    assert sorted(texts) == sorted(["hi", *(f"number {number}" for number in range(450))])
    middle = (times[225] + timedelta(seconds=1)).isoformat().replace("+", "%2B")
    older = (await api.operator("GET", f"{path}?until={middle}")).json["messages"]
    newer = (await api.operator("GET", f"{path}?since={middle}")).json["messages"]
    assert older + newer == whole["messages"]
    assert older
    assert newer
    monkeypatch.setattr(exports.export, "__kwdefaults__", {"limit": 100_000})
    large = await api.operator("GET", path)
    assert (large.status, large.json["errors"][0]["field"]) == (422, "until")
    assert "in parts" in large.json["errors"][0]["message"]


async def show(users: Users, user: str, *, is_direct: bool = False) -> list[Reply]:
    asking = item(message("export my data", user=user, received_at=users.clock.now(), is_direct=is_direct))
    fence = await users.claimed(asking)
    request = ShowRequest(message_id=asking.message.message_id, fence=fence, topic="export")
    return (await users.peer.ask("/internal/v1/show", request, Shown, scope="people:book")).replies


async def test_in_chat_it_comes_as_a_file_for_them_alone(api: Api) -> None:
    person = await live(api, USER)
    (reply,) = await show(api.users, USER)
    assert reply.visibility == "direct"
    assert "everything that I know about you" in reply.text
    assert reply.file is not None
    assert reply.file.name == "jeeves-export.json"
    assert Export.from_bytes(reply.file.content).person.id == person


async def test_an_earlier_export_is_not_told_again_in_the_next(api: Api) -> None:
    await person_of(api.users, USER)
    (reply,) = await show(api.users, USER)
    await api.users.answered(said(api.users, "export my data", user=USER), replies=[reply])
    found = Export.from_bytes((await api.person("GET", "/me/export", user=USER)).body)
    files = [
        one.content["file"] for said_ in found.messages for one in said_.replies if one.content and one.content.get("file")
    ]
    assert files == [{"name": "jeeves-export.json"}]


async def test_many_files_that_were_answered_are_not_in_memory_at_once(api: Api) -> None:
    users = api.users
    content = Reply(text="x", file=File.of("big.json", b"y" * 700_000)).model_dump(mode="json", exclude_none=True)
    for _ in range(40):
        one = said(users, user=USER)
        await users.answered(one, "x")
        row = {"message_id": one.message.message_id, "state": "sent", "created_at": users.clock.now()}
        await users.change(replies.insert().values({**row, "n": 2, "content": content}))
        await users.clock.advance(30)
    await api.person("GET", "/me", user=USER)
    tracemalloc.start()
    try:
        told = await api.person("GET", "/me/export", user=USER)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told.body.count(b'"big.json"') == 40
    assert most < 30_000_000


async def test_what_is_too_large_for_a_chat_is_told_how_else_to_get(users: Users) -> None:
    one = said(users, user=USER)
    await users.answered(one, "x")
    row = {"message_id": one.message.message_id, "state": "sent", "created_at": users.clock.now()}
    content = Reply(text="y" * 39_000).model_dump(mode="json", exclude_none=True)
    await users.change(replies.insert().values([{**row, "n": n, "content": content} for n in range(2, 22)]))
    (reply,) = await show(users, USER)
    assert (reply.file, reply.visibility) == (None, "direct")
    assert "`jeeves export`" in reply.text


async def test_what_was_erased_before_is_not_told(api: Api) -> None:
    users = api.users
    person = await live(api, USER)
    assert (await api.operator("POST", f"/people/{person}/erasure", {"confirm": person})).status == 200
    assert (await api.operator("GET", f"/people/{person}/export")).status == 404
    await users.clock.advance(10)
    await users.answered(said(users, "anew", user=USER), "x")
    found = Export.from_bytes((await api.operator("GET", f"/people/{person}/export")).body)
    assert [one.data["text"] for one in found.messages if one.data] == ["anew"]
    assert (len(found.messages), found.facts, found.runs, found.audit) == (1, [], [], [])
