"""What a schedule answers goes to its person, by their own id, as a direct message (S140)."""

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.people import Conversation
from support.sending import Sending, place

POST, ANA = "chat.postMessage", "U0ANA"


def run() -> Conversation:
    """Where the run of a schedule stands: its thread is no message of Slack's."""
    there = place(ANA, in_thread=False, is_direct=True)
    return there.model_copy(update={"thread_id": "5f0c1b9e-5a54-5b1c-8f43-6f4b7a3f0a11"})


@pytest.mark.parametrize("visibility", ["channel", "ephemeral", "direct"])
async def test_it_is_posted_to_the_persons_id_unchanged_and_in_no_thread(sender: Sending, visibility: str) -> None:  # S140
    await sender.ask(Reply.model_validate({"text": "Sunny.", "visibility": visibility}), at=run(), scheduled=True)
    await sender.settled()
    (call,) = sender.slack.called(POST)
    assert call.args["channel"] == ANA
    assert "thread_ts" not in call.args
    assert not sender.slack.called("chat.postEphemeral")
    assert sender.texts() == ["Sunny."]


async def test_in_doubt_it_is_looked_for_in_the_persons_conversation(sender: Sending) -> None:
    sender.slack.fail(POST, status=500, stored=True)
    (name,) = await sender.ask("Sunny.", at=run(), scheduled=True)
    await sender.settled()
    assert (sender.users.rows[name].state, sender.users.rows[name].reason) == ("sent", None)
    assert [call.args["users"] for call in sender.slack.called("conversations.open")] == [ANA]
    assert len(sender.slack.called(POST)) == 1
    assert sender.texts() == ["Sunny."]
