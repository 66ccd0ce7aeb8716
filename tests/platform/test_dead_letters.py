"""`jeeves dead-letters --broker`: what lies at the broker, when users-service is down."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pika
import pytest

from jeeves.dead_letters.broker import Broker
from jeeves_service.errors import PermanentError


class Lying:
    """A queue of dead letters of our own, and a queue that one came from."""

    def __init__(self, url: str) -> None:
        self.namespace = f"test-{secrets.token_hex(4)}"
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        for name in ("dead", "work"):
            self.channel.queue_declare(f"{self.namespace}.{name}", durable=True, arguments={"x-queue-type": "quorum"})

    def put(self, body: bytes, headers: dict[str, Any]) -> None:
        self.channel.basic_publish("", f"{self.namespace}.dead", body, pika.BasicProperties(headers=headers), mandatory=True)

    def close(self) -> None:
        for name in ("dead", "work"):
            self.channel.queue_delete(f"{self.namespace}.{name}")
        self.connection.close()


@pytest.fixture
def lying(amqp_url: str) -> Iterator[Lying]:
    one = Lying(amqp_url)
    yield one
    one.close()


def test_letters_are_looked_at_replayed_and_dropped_at_the_broker(lying: Lying, amqp_url: str) -> None:
    death = [{"reason": "delivery_limit", "queue": f"{lying.namespace}.work", "count": 1, "exchange": "", "routing-keys": []}]
    lying.put(
        json.dumps({"id": "d1", "type": "chat.message.received.v1"}).encode(), {"x-death": death, "tries": 2, "own": "kept"}
    )
    lying.put(b"\xff no envelope", {"reason": "undecodable", "origin": "work"})
    broker = Broker(amqp_url, lying.namespace)

    for _ in range(2):  # looking changes nothing
        first, second = broker.listed()
        assert (first["id"], first["origin"], first["reason"]) == ("d1", "work", "crash limit")
        assert (second["id"], second["origin"], second["reason"]) == ("#2", "work", "undecodable")
    assert "no envelope" in broker.show("#2")["body"]

    broker.drop("#2")
    broker.replay("d1")
    assert broker.listed() == []
    _, properties, body = lying.channel.basic_get(f"{lying.namespace}.work", auto_ack=True)
    assert json.loads(body)["id"] == "d1"
    assert {name: value for name, value in properties.headers.items() if not name.startswith("x-")} == {"own": "kept"}
    with pytest.raises(PermanentError, match="no dead letter d1"):
        broker.drop("d1")


def test_the_embedded_form_has_no_broker_to_ask() -> None:
    with pytest.raises(PermanentError, match="there is no broker here"):
        Broker("sqlite:////tmp/bus.sqlite")
