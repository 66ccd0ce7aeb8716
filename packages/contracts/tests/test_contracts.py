"""What crosses a border is read strictly, and survives what a newer side adds."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jeeves_contracts.actions import ActionAnswer, ActionRequest, Manifest
from jeeves_contracts.base import Contract
from jeeves_contracts.delivery import ClaimAnswer, TakeAnswer
from jeeves_contracts.envelope import Envelope, routing_key, stamped
from jeeves_contracts.messages import MESSAGE_RECEIVED, MessageReceived
from jeeves_contracts.people import Conversation, Identity
from jeeves_contracts.problem import Problem

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def envelope(text: str = "weather in Łódź", at: datetime = NOW) -> Envelope[MessageReceived]:
    return Envelope[MessageReceived](
        source="slack-ingest",
        type=MESSAGE_RECEIVED,
        time=at,
        installationid="slack:T1",
        correlationid="slack:T1:C1:169.1",
        data=MessageReceived(
            message_id="slack:T1:C1:169.1",
            trigger="message",
            text=text,
            identity=Identity(platform="slack", workspace_id="T1", user_id="U1"),
            conversation=Conversation(installation_id="slack:T1", channel_id="C1", thread_id="169.1"),
            order=169_000_001,
            received_at=at,
        ),
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.datetimes(timezones=st.just(UTC)))
def test_an_envelope_comes_back_as_it_was_sent(text: str, at: datetime) -> None:
    sent = envelope(text, at)
    assert Envelope[MessageReceived].from_bytes(sent.to_bytes()) == sent


def test_an_envelope_is_a_cloud_event_in_structured_json() -> None:
    made = json.loads(envelope().to_bytes())
    assert made["specversion"] == "1.0"
    assert made["datacontenttype"] == "application/json"
    assert made["time"] == "2026-03-01T12:00:00.123456Z"
    assert all(name.isalnum() and name.islower() for name in made)  # the specification's rule for attribute names
    assert "traceparent" not in made  # absent, not null


def test_each_envelope_has_an_id_of_its_own() -> None:
    assert envelope().id != envelope().id


def test_a_routing_key_ends_with_the_platform() -> None:
    assert routing_key(MESSAGE_RECEIVED, "slack") == "chat.message.received.v1.slack"


def test_stations_are_added_in_microseconds() -> None:
    assert stamped("", "received", NOW) == "received=1772366400123456"
    assert stamped("received=1", "claimed", NOW) == "received=1 claimed=1772366400123456"


def test_fields_that_a_reader_does_not_know_are_ignored() -> None:
    made = json.loads(envelope().to_bytes())
    made |= {"newattribute": {"a": [1]}}
    made["data"] |= {"sentiment": 0.5}
    made["data"]["identity"] |= {"email": "x@y.z"}
    assert Envelope[MessageReceived].from_bytes(json.dumps(made)).data == envelope().data


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specversion", "2.0"),
        ("id", ""),
        ("id", 5),
        ("id", "x" * 256),
        ("source", None),
        ("time", "yesterday"),
        ("time", "2026-03-01T12:00:00"),  # no zone
        ("datacontenttype", "text/plain"),
        ("traceparent", "x" * 129),
        ("data", []),
        ("data", "text"),
        ("data.text", 5),
        ("data.text", "x" * 40_001),
        ("data.order", "1"),
        ("data.order", -1),
        ("data.order", 1.5),
        ("data.order", True),
        ("data.trigger", "telepathy"),
        ("data.args", ["a"]),
        ("data.identity", None),
        ("data.conversation.in_thread", "yes"),
        ("data.conversation.in_thread", 1),
    ],
)
def test_wrong_types_are_refused(field: str, value: object) -> None:
    made = json.loads(envelope().to_bytes())
    *path, name = field.split(".")
    part = made
    for step in path:
        part = part[step]
    part[name] = value
    with pytest.raises(ValidationError):
        Envelope[MessageReceived].from_bytes(json.dumps(made))


@pytest.mark.parametrize("name", ["source", "type", "time", "installationid", "correlationid", "data"])
def test_a_missing_attribute_is_refused(name: str) -> None:
    made = json.loads(envelope().to_bytes())
    del made[name]
    with pytest.raises(ValidationError):
        Envelope[MessageReceived].from_bytes(json.dumps(made))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"x"', b"{", b"\xff", b"[" * 50_000, b'{"a":' * 50_000, b"NaN"])
@pytest.mark.parametrize("kind", [Envelope[MessageReceived], ActionAnswer, ActionRequest, Manifest, Problem])
def test_what_is_no_object_is_refused_and_nothing_worse(kind: type[Contract], data: bytes) -> None:
    with pytest.raises(ValidationError):
        kind.from_bytes(data)


def test_a_contract_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        envelope().data.text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "answer",
    [
        {"messages": [{"text": ""}]},
        {"messages": [{"text": "x"}] * 6},
        {"messages": [{"text": "x", "visibility": "world"}]},
        {"messages": [{"text": "x", "blocks": [{"type": "video"}]}]},
        {"messages": [{"text": "x", "blocks": [{"type": "image", "url": "http://a/b", "alt": "x"}]}]},
        {"messages": {"text": "x"}},
        {"changes": [{"op": "fact.drop", "name": "location"}]},
        {"changes": [{"op": "fact.set", "name": "Location!", "value": 1}]},
        {"changes": [{"op": "fact.set", "name": "location"}]},
    ],
)
def test_an_answer_of_an_action_that_breaks_the_contract_is_refused(answer: object) -> None:
    with pytest.raises(ValidationError):
        ActionAnswer.from_bytes(json.dumps(answer))


def test_an_answer_of_an_action_may_be_nothing_at_all() -> None:
    assert ActionAnswer.from_bytes(b"{}") == ActionAnswer()


@pytest.mark.parametrize("name", ["", "Weather", "9lives", "a b", "weather.", "x" * 41, "wéather", "weather\n"])
def test_a_command_s_name_is_plain(name: str) -> None:
    manifest = {
        "name": "weather",
        "version": "1",
        "summary": "",
        "commands": [{"name": name, "usage": "", "summary": ""}],
    }
    with pytest.raises(ValidationError):
        Manifest.from_bytes(json.dumps(manifest))


def test_verdicts_are_told_apart_by_their_name() -> None:
    answer = ClaimAnswer.from_bytes(
        b'{"verdicts":[{"verdict":"wait"},{"verdict":"done"},{"verdict":"bad","reason":"x"},{"verdict":"unsent","replies":[]}]}'
    )
    assert [type(each).__name__ for each in answer.verdicts] == ["Wait", "Over", "Bad", "Unsent"]
    with pytest.raises(ValidationError):
        ClaimAnswer.from_bytes(b'{"verdicts":[{"verdict":"maybe"}]}')
    assert [type(each).__name__ for each in TakeAnswer.from_bytes(b'{"results":[{"state":"settled"}]}').results] == ["Settled"]


def test_a_time_of_another_zone_is_the_same_instant() -> None:
    elsewhere = envelope(at=NOW.astimezone(timezone(timedelta(hours=-7))))
    assert Envelope[MessageReceived].from_bytes(elsewhere.to_bytes()).time == NOW
