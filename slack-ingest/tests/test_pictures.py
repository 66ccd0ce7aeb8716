"""Pictures come with a message, and never cost it."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Block, PictureBlock, TableBlock, TextBlock
from slack_ingest.outcomes import Kind
from slack_ingest.slack_api import SlackApi
from support.eventually import eventually
from support.pictures import png
from support.sending import FASTER, Sending, place
from support.slack import TOKEN

POST, BEGIN, BYTES, COMPLETE = "chat.postMessage", "files.getUploadURLExternal", "upload", "files.completeUploadExternal"
PNG, ALT = png(), "Messages a <day>"


def chart(*more: Block) -> Reply:
    """Return a message with a picture."""
    return Reply(text="Here you are", blocks=[TextBlock(text="This week"), PictureBlock.of(PNG, ALT), *more])


async def counted(sender: Sending) -> dict[tuple[str, str], int]:
    """Return what became of pictures and files, as `/metrics` shows."""
    shown = await (await sender.service.ops.test_client().get("/metrics")).get_data(as_text=True)
    samples = (sample for metric in text_string_to_metric_families(str(shown)) for sample in metric.samples)
    return {
        (one.labels["kind"], one.labels["outcome"]): int(one.value)
        for one in samples
        if one.name == "jeeves_slack_uploads_total"
    }


def kinds(post: dict[str, Any]) -> list[str]:
    return [block["type"] for block in post["blocks"]]


async def test_a_picture_is_uploaded_and_shown_in_the_one_post(sender: Sending, capsys: pytest.CaptureFixture[str]) -> None:
    (name,) = await sender.ask(chart())
    await sender.settled()
    (post,) = sender.slack.shown()
    assert kinds(post) == ["section", "image"]
    image = post["blocks"][1]
    assert (image["alt_text"], set(image["slack_file"])) == (ALT, {"id"})
    assert sender.slack.space.files[image["slack_file"]["id"]].content == PNG
    assert post["metadata"]["event_payload"] == {"reply_id": name}
    (begun,), (ended,) = sender.slack.called(BEGIN), sender.slack.called(COMPLETE)
    assert (begun.args["length"], begun.args["alt_txt"]) == (str(len(PNG)), ALT)
    assert "channel_id" not in ended.args
    assert await counted(sender) == {("picture", "uploaded"): 1}
    assert "upload/v1" not in "".join(capsys.readouterr())  # whoever has the address may use it


async def test_slack_looks_at_a_picture_for_a_moment_before_it_shows_it(sender: Sending) -> None:
    await sender.ask(chart())
    await sender.settled()
    assert len(sender.slack.called(POST)) > 1  # "invalid slack file"
    assert kinds(sender.slack.shown()[0]) == ["section", "image"]
    assert len(sender.slack.called(BEGIN)) == 1


async def test_the_post_begins_within_a_second_of_its_take_however_long_the_upload_is(sender: Sending) -> None:  # no-deadline
    sender.slack.slow = 3 / FASTER
    (name,) = await sender.ask(chart())
    await sender.settled()
    assert kinds(sender.slack.shown()[0]) == ["section", "image"]
    assert not any(take.doubt for take in sender.users.takes)
    assert sender.users.rows[name].number >= 2
    assert [call.method for call in sender.slack.calls if call.method.startswith(("files", "upload"))] == [
        BEGIN,
        BYTES,
        COMPLETE,
    ]


@pytest.mark.parametrize(
    ("method", "how"),
    [
        (BEGIN, {"code": "missing_scope"}), (BEGIN, {"code": "file_uploads_disabled"}), (BEGIN, {"status": 400}),
        (BEGIN, {"body": {"ok": True, "upload_url": "http://127.0.0.2/upload/v1/x", "file_id": "F0ELSEWHERE"}}),
        (BYTES, {"status": 400}), (BYTES, {"status": 302, "headers": {"Location": "http://127.0.0.2/"}}),
        (COMPLETE, {"code": "file_not_found"}), (COMPLETE, {"code": "storage_limit_reached"}),
    ],
)  # fmt: skip
async def test_a_picture_that_slack_will_not_have_is_told_in_words(sender: Sending, method: str, how: dict[str, Any]) -> None:
    sender.slack.fail(method, **how)
    (name,) = await sender.ask(chart())
    await sender.settled()
    (post,) = sender.slack.shown()
    assert kinds(post) == ["section", "context"]
    assert post["blocks"][1]["elements"][0]["text"] == "Messages a &lt;day&gt;"
    assert (post["text"], sender.users.rows[name].state) == ("Here you are", "sent")
    assert await counted(sender) == {("picture", "dropped"): 1}
    assert len(sender.slack.called(POST)) == 1


@pytest.mark.parametrize("method", [BEGIN, BYTES, COMPLETE])
@pytest.mark.parametrize(
    "how", [{"status": 503}, {"status": 503, "stored": True}, {"status": 429, "headers": {"Retry-After": "2"}}]
)
async def test_what_goes_wrong_for_a_moment_is_tried_again(sender: Sending, method: str, how: dict[str, Any]) -> None:
    sender.slack.fail(method, **how)
    await sender.ask(chart())
    await sender.settled()
    (post,) = sender.slack.shown()
    assert kinds(post) == ["section", "image"]
    assert await counted(sender) == {("picture", "uploaded"): 1}
    first, second = (call.at for call in sender.slack.called(method)[:2])
    assert second - first >= (1.95 if "headers" in how else 0.45) / FASTER


async def test_a_picture_is_not_waited_for_longer_than_a_message_may_be(sender: Sending) -> None:
    sender.slack.limit(60, method=BEGIN)
    await sender.ask(chart(), at=place("C1"))
    await sender.settled()
    await sender.ask(chart(), at=place("C2"))  # nor asked for before Slack allows it
    await sender.settled()
    assert [kinds(post) for post in sender.slack.shown()] == [["section", "context"]] * 2
    assert len(sender.slack.called(BEGIN)) == 1


async def test_a_picture_that_slack_has_and_never_shows_is_left_out(sender: Sending) -> None:
    error = {"ok": False, "error": "invalid_blocks", "errors": ["invalid slack file [json-pointer:/blocks/1/slack_file]"]}
    sender.slack.fail(POST, body=error, times=5)
    table = TableBlock(header=["Day"], rows=[["Mon"]])
    await sender.ask(chart(table))
    await sender.settled()
    (post,) = sender.slack.shown()
    assert kinds(post) == ["section", "context", "table"]
    assert await counted(sender) == {("picture", "uploaded"): 1, ("picture", "dropped"): 1}


async def test_a_post_in_doubt_is_made_again_with_the_picture_that_is_there(sender: Sending) -> None:
    sender.slack.fail(POST, status=503)
    await sender.ask(chart())
    await sender.settled()
    assert [kinds(post) for post in sender.slack.shown()] == [["section", "image"]]
    assert len(sender.slack.called(BEGIN)) == 1


async def test_no_picture_is_given_up_while_slack_refuses_the_token(sender: Sending) -> None:
    await sender.ask("the token is good")
    await sender.settled()
    sender.slack.fail(BEGIN, "token_revoked")
    sender.slack.fail("auth.test", "token_revoked", times=2)
    await sender.ask(chart())
    await sender.settled()
    assert kinds(sender.slack.shown()[1]) == ["section", "image"]
    assert len(sender.slack.called("auth.test")) >= 3


async def test_each_picture_of_a_message_is_shown_and_one_that_is_lost_costs_no_other(sender: Sending) -> None:
    other = png(80, 80)
    sender.slack.fail(BEGIN, "file_upload_size_restricted")
    blocks: list[Block] = [PictureBlock.of(PNG, "one"), PictureBlock.of(other, "two")]
    await sender.ask(Reply(text="x", blocks=blocks, visibility="ephemeral"))
    await sender.settled()
    (post,) = sender.slack.shown()
    assert (kinds(post), post["ephemeral"]) == (["context", "image"], True)
    assert sender.slack.space.files[post["blocks"][1]["slack_file"]["id"]].content == other


async def test_a_long_upload_holds_up_no_other_channel(sender: Sending) -> None:
    sender.slack.fail(BYTES, hang=True)
    await sender.ask(chart(), at=place("C1"))
    await eventually(lambda: sender.slack.called(BYTES))
    await sender.ask("elsewhere", at=place("C2"))
    await eventually(lambda: sender.texts("C2") == ["elsewhere"])
    assert not sender.texts("C1")
    sender.slack.over = True


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.example/x", "https://slack.example.evil.test/x", "https://evilslack.example/x", "ftp://slack.example/x",
        "https://slack.example:8443/x", "https://u@files.slack.example/x", "https://[", "//files.slack.example/x", "",
    ],
)  # fmt: skip
async def test_bytes_go_nowhere_but_to_slack(url: str) -> None:
    api = SlackApi("https://slack.example/api/", TOKEN)
    assert (await api.upload(url, b"x")).code == "strange_upload_url"


async def test_bytes_go_below_the_address_of_slack_itself() -> None:
    api = SlackApi("http://127.0.0.1:9/api/", TOKEN)  # nobody listens there
    assert (await api.upload("http://127.0.0.1:9/upload/v1/x", b"x")).kind is Kind.NOT_SENT
    await api.close()
