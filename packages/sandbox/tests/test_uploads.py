"""Files as Slack takes them: an address, the bytes, and what is then done with them; and who may have them."""

import json
from typing import Any

import pytest

from jeeves_sandbox.uploads import LARGEST, WAITING
from jeeves_sandbox.workspace import FILES, LOOKED_AT
from support.pictures import png

POST, BEGIN, COMPLETE = "chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal"
PNG, ORIGIN, DIRECT = png(40, 20), "http://127.0.0.1:8000", "D0ANA"


async def begun(world: Any, content: bytes = PNG, name: str = "chart.png") -> tuple[str, str]:
    """Return an id, and the path where its bytes are taken."""
    told = await world.call(BEGIN, {"filename": name, "length": len(content)})
    assert told["upload_url"].startswith(f"{ORIGIN}/sandbox/api/upload/v1/")
    return told["file_id"], told["upload_url"].removeprefix(ORIGIN)


async def uploaded(world: Any, content: bytes = PNG, name: str = "chart.png", **args: Any) -> str:
    """Upload and complete; return the id."""
    file_id, path = await begun(world, content, name)
    assert (await world.request("POST", path, content)).body == f"OK - {len(content)}".encode()
    assert (await world.call(COMPLETE, {"files": [{"id": file_id, "title": "A chart"}], **args}))["ok"]
    return file_id


def image(file_id: object, **more: Any) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A chart", **more}


async def test_a_picture_is_uploaded_shown_and_seen_in_the_page(world: Any) -> None:
    file_id = await uploaded(world)
    await world.clock.advance(LOOKED_AT)
    assert (await world.call(POST, {"channel": DIRECT, "text": "x", "blocks": [image(file_id)]}))["ok"]
    assert len(world.sandbox.space.posts) == 1  # an upload that is shared with nobody shows nothing
    await world.open()
    (post,) = (await world.read("/state"))["posts"]
    assert post["blocks"][0]["slack_file"] == {"id": file_id}
    got = await world.get(f"/file/{file_id}")
    assert (got.status, got.body, got.headers["content-type"]) == (200, PNG, "image/png")
    assert "content-disposition" not in got.headers


async def test_a_file_is_shared_into_a_conversation_and_kept_by_who_reads_it(world: Any) -> None:
    hostile = b"<script>alert(1)</script>"
    file_id = await uploaded(world, hostile, "all.html", channel_id=DIRECT)
    await world.open()
    (post,) = (await world.read("/state"))["posts"]
    assert post["files"] == [{"id": file_id, "name": "all.html", "size": len(hostile), "mimetype": "application/octet-stream"}]
    assert not (await world.read("/state?person=U0BEN"))["posts"]
    got = await world.get(f"/file/{file_id}")
    assert (got.body, got.headers["content-type"]) == (hostile, "application/octet-stream")
    assert got.headers["content-disposition"].startswith("attachment")
    assert (got.headers["x-content-type-options"], got.headers["content-security-policy"][:18]) == (
        "nosniff",
        "default-src 'none'",
    )
    (told,) = (await world.call("conversations.history", {"channel": DIRECT}))["messages"]
    assert (told["subtype"], told["files"][0]["id"], told["files"][0]["title"]) == ("file_share", file_id, "A chart")


async def test_it_is_shared_in_a_thread(world: Any) -> None:
    root = world.sandbox.acts.say("U0ANA", DIRECT, "export my data").ts
    await uploaded(world, channel_id=DIRECT, thread_ts=root)
    replies = (await world.call("conversations.replies", {"channel": DIRECT, "ts": root}))["messages"]
    assert [len(message.get("files", [])) for message in replies] == [0, 1]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "missing_argument"), ({"filename": "x"}, "missing_argument"), ({"length": 1}, "missing_argument"),
        ({"filename": "x", "length": 0}, "invalid_arguments"), ({"filename": "x", "length": "many"}, "invalid_arguments"),
        ({"filename": "x", "length": -1}, "invalid_arguments"),
        ({"filename": "x", "length": LARGEST + 1}, "file_upload_size_restricted"),
        ({"filename": "x", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)  # fmt: skip
async def test_what_slack_would_not_begin_is_not_begun(world: Any, args: dict[str, Any], error: str) -> None:
    assert (await world.call(BEGIN, args))["error"] == error


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "invalid_arguments"), ({"files": "["}, "invalid_arguments"), ({"files": []}, "invalid_arguments"),
        ({"files": ["x"]}, "invalid_arguments"), ({"files": [{"id": "F0NOTHING"}]}, "file_not_found"),
        ({"files": [{"id": "mine"}], "channel_id": "U0ANA"}, "channel_not_found"),
        ({"files": [{"id": "mine"}], "channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"files": [{"id": "mine"}], "channel_id": DIRECT, "thread_ts": "1.1"}, "thread_not_found"),
        ({"files": [{"id": "mine"}, {"id": "F0NOTHING"}], "channel_id": DIRECT}, "file_not_found"),
    ],
)  # fmt: skip
async def test_what_slack_would_not_complete_is_not_completed(world: Any, args: dict[str, Any], error: str) -> None:
    file_id, path = await begun(world)
    assert (await world.call(COMPLETE, {"files": [{"id": file_id}]}))["error"] == "file_not_found"  # there are no bytes yet
    await world.request("POST", path, PNG)
    files = args.get("files")
    mine = [{"id": file_id} if one == {"id": "mine"} else one for one in files] if isinstance(files, list) else files
    assert (await world.call(COMPLETE, {**args, "files": mine}))["error"] == error
    assert not world.sandbox.space.posts
    assert not world.sandbox.space.files


async def test_bytes_are_taken_once_at_their_own_address_and_in_their_size(world: Any) -> None:
    _, path = await begun(world)
    for wrong in (b"", PNG + b"x", PNG[1:]):
        assert (await world.request("POST", path, wrong)).status == 400
    for elsewhere in (path + "x", "/sandbox/api/upload/v1/x", "/sandbox/api/upload/v1/", "/sandbox/api/upload"):
        got = await world.request("POST", elsewhere, PNG)
        assert got.status == 404 or not json.loads(got.body)["ok"]
    assert [(await world.request("POST", path, PNG)).status for _ in range(2)] == [200, 404]
    got = await world.request("POST", path, PNG, {"host": "evil.example:8000"})
    assert got.status == 421


@pytest.mark.parametrize(
    ("block", "words", "where"),
    [
        (image("F0NOWHERE1"), "invalid slack file", "/blocks/0/slack_file"),
        ({"type": "context", "elements": [image("F0NOWHERE1")]}, "invalid slack file", "/blocks/0/elements/0/slack_file"),
        (image("nothing"), "input must match regex pattern", "/blocks/0/slack_file/id"),
        (image(5), "input must match regex pattern", "/blocks/0/slack_file/id"),
        ({"type": "image", "slack_file": "F0NOWHERE1", "alt_text": "x"}, "must provide the id", "/blocks/0/slack_file"),
        (image("F0NOWHERE1", image_url="https://example.org/x.png"), "must provide either", "/blocks/0"),
    ],
)
async def test_a_picture_that_is_not_there_is_not_shown(world: Any, block: dict[str, Any], words: str, where: str) -> None:
    answer = await world.call(POST, {"channel": DIRECT, "text": "x", "blocks": [block]})
    assert answer["error"] == "invalid_blocks"
    assert any(words in line and f"[json-pointer:{where}]" in line for line in answer["errors"])


async def test_slack_looks_at_pictures_first_and_shows_nothing_else(world: Any) -> None:
    picture, text = await uploaded(world), await uploaded(world, b"words", "words.txt")
    said = {"channel": DIRECT, "text": "x", "blocks": [image(picture)]}
    assert (await world.call(POST, said))["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    await world.clock.advance(LOOKED_AT)
    assert (await world.call(POST, said))["ok"]
    assert (await world.call(POST, {**said, "blocks": [image(text)]}))["error"] == "invalid_blocks"


async def test_they_are_in_the_record_without_their_bytes_and_addresses(world: Any) -> None:
    file_id, path = await begun(world)
    await world.request("POST", path, PNG)
    await world.call(COMPLETE, {"files": [{"id": file_id}], "channel_id": DIRECT})
    await world.open()
    entries = (await world.read("/state"))["entries"]
    calls = [entry for entry in entries if entry["way"] == "to_slack"]
    assert [(one["what"], one["ok"]) for one in calls] == [(BEGIN, True), ("upload", True), (COMPLETE, True)]
    whole = [await world.read(f"/record/{one['number']}") for one in calls]
    assert whole[1]["sent"] == {"file": file_id, "filename": "chart.png", "bytes": len(PNG)}
    assert whole[0]["answered"]["file_id"] == file_id
    assert path.rpartition("/")[2] not in str(whole)


async def test_uploads_go_wrong_on_purpose(world: Any) -> None:
    await world.open()
    assert {BEGIN, "upload", COMPLETE} <= set((await world.read("/state"))["methods"])
    assert (await world.do("/trouble", method="upload", kind="broken")).status == 200
    file_id, path = await begun(world)
    assert (await world.request("POST", path, PNG)).status == 503
    assert (await world.request("POST", path, PNG)).status == 200
    world.sandbox.troubles.without.add(BEGIN)
    assert (await world.call(BEGIN, {"filename": "x", "length": 1}))["error"] == "missing_scope"
    assert (await world.call(COMPLETE, {"files": [{"id": file_id}]}))["ok"]


async def test_a_file_is_only_for_the_page_s_session(world: Any) -> None:
    file_id = await uploaded(world)
    await world.open()
    for headers in ({}, {"cookie": "x=y"}, {"cookie": world.cookie, "sec-fetch-site": "cross-site"}):
        assert (await world.request("GET", f"/sandbox/file/{file_id}", headers=headers)).status == 403
    assert (await world.get("/file/F0NOTHING")).status == 404


async def test_no_more_is_kept_than_so_many(world: Any) -> None:
    (_, first), *_ = [await begun(world) for _ in range(WAITING + 1)]
    assert (await world.request("POST", first, PNG)).status == 404
    kept = [await uploaded(world, b"x", "x") for _ in range(FILES + 1)]
    assert list(world.sandbox.space.files) == kept[1:]
