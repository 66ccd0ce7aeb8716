"""A file is shown where its person alone reads, once where that can be told, and is never what a message is lost for."""

from typing import Any

import pytest

from jeeves_contracts.actions import File, Reply
from slack_ingest.words import say
from support.sending import Sending, place

POST, BEGIN, BYTES, COMPLETE = "chat.postMessage", "files.getUploadURLExternal", "upload", "files.completeUploadExternal"
CONTENT = b'{"facts": {}}' * 50
FILE = File.of("everything.json", CONTENT)
HERE = place("D0ANA", in_thread=False, is_direct=True)


def answer(**how: Any) -> Reply:
    return Reply(text="Here is all of it", file=FILE, **how)


def shared(sender: Sending) -> list[str]:
    """Return the names of all files that people see, by conversation."""
    return [f"{post['channel']}/{file['name']}" for post in sender.slack.shown() for file in post.get("files", [])]


def words(sender: Sending) -> list[str]:
    return [post["text"] for post in sender.slack.shown() if post["text"]]


async def test_a_file_is_shown_in_the_direct_conversation_before_what_is_said_of_it(sender: Sending) -> None:
    (name,) = await sender.ask(answer(), at=HERE)
    await sender.settled()
    file, post = sender.slack.shown("D0ANA")
    (told,) = file["files"]
    assert (told["name"], sender.slack.space.files[told["id"]].content) == ("everything.json", CONTENT)
    assert (post["text"], sender.users.rows[name].state) == ("Here is all of it", "sent")
    assert len(sender.slack.called(POST)) == 1


async def test_in_a_thread_of_it_the_file_is_there_too(sender: Sending) -> None:
    await sender.ask(answer(), at=place("D0ANA", is_direct=True))
    await sender.settled()
    assert [post["thread_ts"] for post in sender.slack.shown("D0ANA")] == [place().thread_id] * 2


async def test_what_is_for_its_person_directly_goes_to_the_conversation_with_them(sender: Sending) -> None:
    await sender.ask(answer(visibility="direct"))
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])
    (opened,) = sender.slack.called("conversations.open")
    assert opened.args["users"] == "U0ANA"


async def test_a_schedule_s_file_goes_to_who_made_it(sender: Sending) -> None:
    await sender.ask(answer(), at=place("U0ANA", in_thread=False, is_direct=True), scheduled=True)
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])


@pytest.mark.parametrize("visibility", ["channel", "ephemeral"])
async def test_where_others_read_there_is_no_file_and_the_person_reads_why(sender: Sending, visibility: str) -> None:
    await sender.ask(answer(visibility=visibility))
    await sender.settled()
    assert not sender.slack.called(BEGIN)
    assert words(sender) == [f"Here is all of it\n{say('file_elsewhere', name='everything.json')}"]


@pytest.mark.parametrize(
    ("method", "code", "why"),
    [
        (BEGIN, "missing_scope", "file_forbidden"), ("conversations.open", "missing_scope", "file_forbidden"),
        (BEGIN, "storage_limit_reached", "file_lost"), (COMPLETE, "channel_not_found", "file_lost"),
    ],
)  # fmt: skip
async def test_who_cannot_be_given_a_file_reads_why(sender: Sending, method: str, code: str, why: str) -> None:
    sender.slack.fail(method, code)
    (name,) = await sender.ask(answer(visibility="direct"))
    await sender.settled()
    assert words(sender) == [f"Here is all of it\n{say(why, name='everything.json')}"]
    assert (sender.users.rows[name].state, shared(sender)) == ("sent", [])


@pytest.mark.parametrize("stored", [True, False])
async def test_whether_a_file_was_shared_is_looked_for_before_it_is_shared_again(sender: Sending, stored: bool) -> None:
    sender.slack.fail(COMPLETE, status=503, stored=stored)
    await sender.ask(answer(), at=HERE)
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])
    assert len(sender.slack.called(COMPLETE)) == (1 if stored else 2)
    assert len(sender.slack.called(BYTES)) == 1


async def test_while_slack_does_not_answer_it_is_looked_for_again_and_not_shared_again(sender: Sending) -> None:
    sender.slack.fail(COMPLETE, status=503, stored=True)
    sender.slack.fail("conversations.history", status=503)
    await sender.ask(answer(), at=HERE)
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])
    assert len(sender.slack.called("conversations.history")) == 2


async def test_where_it_cannot_be_looked_for_it_is_rather_shared_twice_than_not(sender: Sending) -> None:
    sender.slack.without = {"conversations.history"}
    sender.slack.fail(COMPLETE, status=503, stored=True)
    await sender.ask(answer(), at=HERE)
    await sender.settled()
    assert shared(sender) == ["D0ANA/everything.json"] * 2
    assert words(sender) == ["Here is all of it"]


@pytest.mark.parametrize("seen", [True, False])
async def test_a_file_that_a_sender_shared_before_it_died_is_not_shared_again(sender: Sending, seen: bool) -> None:
    (name,) = sender.users.put("slack:T0JEEVES:D0ANA:1.1", HERE, answer())
    sender.users.rows[name].state, sender.users.rows[name].number = "sending", 1
    if seen:
        told = {"id": "F0BEFORE", "name": FILE.name, "size": len(CONTENT)}
        sender.slack.post("D0ANA", "", files=[told], subtype="file_share")
    theirs = {"id": "F0ANAS", "name": FILE.name, "size": len(CONTENT)}  # a person has one of that name
    sender.slack.post("D0ANA", "", files=[theirs], user="U0ANA", bot_id=None)
    await sender.again(name)
    await sender.settled()
    assert (len(shared(sender)), words(sender)) == (2, ["Here is all of it"])
    assert len(sender.slack.called(COMPLETE)) == (0 if seen else 1)


async def test_a_reply_that_is_found_posted_had_its_file_before(sender: Sending) -> None:
    sender.slack.fail(POST, status=503, stored=True)
    await sender.ask(answer(), at=HERE)
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])
    assert len(sender.slack.called(BEGIN)) == 1


async def test_a_reply_that_is_posted_again_brings_its_file_once(sender: Sending) -> None:
    sender.slack.fail(POST, status=503)
    await sender.ask(answer(), at=HERE)
    await sender.settled()
    assert (shared(sender), words(sender)) == (["D0ANA/everything.json"], ["Here is all of it"])
