"""What a platform tells of a person travels with what they say, and says nothing where it is not known."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from jeeves_contracts.messages import MessageReceived
from jeeves_contracts.people import Conversation, Identity

SAID = MessageReceived(
    message_id="m",
    trigger="message",
    text="help",
    identity=Identity(platform="slack", workspace_id="T1", user_id="U1"),
    conversation=Conversation(installation_id="slack:T1", channel_id="C1", thread_id="1.1"),
    order=1,
    received_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def told(**known: object) -> MessageReceived:
    return MessageReceived.from_bytes(json.dumps({**json.loads(SAID.to_bytes()), **known}))


def test_it_may_be_missing_and_comes_out_as_it_went_in() -> None:  # S28
    assert (told().name, told().email) == (None, None)
    known = told(name="x" * 200, email=f"{'a' * 60}@{'b' * 193}")
    assert MessageReceived.from_bytes(known.to_bytes()) == known


@pytest.mark.parametrize(
    "known",
    [{"name": ""}, {"name": "x" * 201}, {"name": 1}, {"email": "x"}, {"email": "a@b c"}, {"email": "a@b\n"}, {"email": "<a@b>"},
     {"email": "a\x00@b"}, {"email": "a@b@c"}, {"email": f"{'a' * 60}@{'b' * 194}"}],
)  # fmt: skip
def test_it_is_bounded(known: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        told(**known)
