"""The bus is described as it is."""

import json
from pathlib import Path

from jeeves_contracts import schemas
from jeeves_service.bus import asyncapi
from jeeves_service.bus.topology import queues

ROOT = Path(__file__).parents[3]


def test_the_committed_document_is_that_of_the_topology() -> None:
    assert schemas.check(ROOT / schemas.FOLDER, asyncapi.files()) == []


def test_every_event_and_every_queue_is_in_it() -> None:
    document = asyncapi.document()
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert {f"jeeves.{queue.name}" for queue in queues()} < addresses
    assert {f"{event}.{{platform}}" for event in schemas.EVENTS} < addresses


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi.document()
    for reference in {part.split('"')[0] for part in json.dumps(document).split('"$ref": "')[1:]}:
        if reference.startswith("./"):
            assert (ROOT / schemas.FOLDER / reference).is_file()
            continue
        kind, _, name = reference.removeprefix("#/").rpartition("/")
        part = document
        for step in kind.split("/"):
            part = part[step]
        assert name in part


def test_a_queue_names_the_events_that_are_bound_to_it() -> None:
    channels = asyncapi.document()["channels"]
    assert set(channels["work"]["messages"]) == {"chat.message.received.v1", "job.due.v1"}
    assert set(channels["lane.slack.3"]["messages"]) == {"chat.reply.requested.v1"}
    assert "lane` is 3" in channels["lane.slack.3"]["description"]
