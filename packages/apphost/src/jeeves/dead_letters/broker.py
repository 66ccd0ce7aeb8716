"""Dead letters at the broker itself, with pika, whose calls block: what is looked at goes back when the channel closes."""

import contextlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pika
from pika.exceptions import AMQPError

from jeeves_service.bus.rabbit_topology import dead_letter
from jeeves_service.bus.topology import DEAD
from jeeves_service.errors import BusUnavailableError, PermanentError

#: Headers that tell of its death, and what a message that starts again does not have. `x-…` are the broker's own.
OF_ITS_DEATH = ("reason", "origin", "tries")


@dataclass(frozen=True)
class Letter:
    """One in hand, not acknowledged. `place` in the queue begins at 1."""

    place: int
    tag: int
    properties: Any
    body: bytes
    namespace: str

    def summary(self) -> dict[str, Any]:
        """Return what it is and why it is here; its id is its envelope's, or `#` and its place where it has none."""
        headers = self.properties.headers or {}
        try:
            envelope = json.loads(self.body)
            about = {name: envelope.get(name) for name in ("id", "type", "time", "correlationid")}
        except (ValueError, AttributeError):
            about = {"id": None}
        told = {"reason": headers.get("reason", ""), "origin": headers.get("origin", "")}
        told |= dead_letter(headers, self.namespace)
        return {**about, "id": str(about["id"] or f"#{self.place}"), **told, "bytes": len(self.body)}

    def again(self) -> pika.BasicProperties:
        """Return the properties with which it starts anew."""
        headers = {
            name: value
            for name, value in (self.properties.headers or {}).items()
            if name not in OF_ITS_DEATH and not name.startswith("x-")
        }
        return pika.BasicProperties(delivery_mode=2, message_id=self.properties.message_id, headers=headers)


class Broker:
    """As Letters."""

    def __init__(self, url: str, namespace: str = "jeeves") -> None:
        if not url.startswith("amqp"):
            raise PermanentError("there is no broker here: the embedded form keeps its queues in a file of its own")
        self._url, self._namespace = url, namespace

    def listed(self) -> list[dict[str, Any]]:
        with self._channel() as channel:
            return [letter.summary() for letter in self._all(channel)]

    def show(self, letter: str) -> dict[str, Any]:
        with self._channel() as channel:
            found = self._one(channel, letter)
            return {**found.summary(), "body": found.body.decode(errors="replace")}

    def replay(self, letter: str) -> None:
        """Send it to the queue that it came from, confirmed, and only then take it away."""
        with self._channel() as channel:
            channel.confirm_delivery()
            found = self._one(channel, letter)
            if not (origin := found.summary()["origin"]):
                raise PermanentError(f"{letter} does not say which queue it came from")
            channel.basic_publish("", f"{self._namespace}.{origin}", found.body, found.again(), mandatory=True)
            channel.basic_ack(found.tag)

    def drop(self, letter: str) -> None:
        with self._channel() as channel:
            channel.basic_ack(self._one(channel, letter).tag)

    @contextlib.contextmanager
    def _channel(self) -> Iterator[Any]:
        try:
            connection = pika.BlockingConnection(pika.URLParameters(self._url))
            try:
                yield connection.channel()
            finally:
                connection.close()
        except (AMQPError, OSError) as error:
            raise BusUnavailableError(f"the broker does not do it: {error.__class__.__name__} {error}") from error

    def _all(self, channel: Any) -> Iterator[Letter]:
        for place in itertools.count(1):
            method, properties, body = channel.basic_get(f"{self._namespace}.{DEAD}", auto_ack=False)
            if method is None:
                return
            yield Letter(place, method.delivery_tag, properties, body, self._namespace)

    def _one(self, channel: Any, letter: str) -> Letter:
        for found in self._all(channel):
            if found.summary()["id"] == letter:
                return found
        raise PermanentError(f"no dead letter {letter} lies at the broker")
