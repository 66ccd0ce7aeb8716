"""Dead letters at the broker itself, with pika, whose calls block: what is looked at goes back when the channel closes."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pika
from pika.exceptions import AMQPError

from jeeves_service.bus.rabbit_topology import dead_letter
from jeeves_service.bus.topology import DEAD
from jeeves_service.errors import BusUnavailableError, PermanentError

OURS = (
    "x-death",
    "x-first-death-exchange",
    "x-first-death-queue",
    "x-first-death-reason",
    "x-delivery-count",
    "reason",
    "origin",
)


class Broker:
    """As Letters; an id is that of the envelope, or `#` and the place in the queue of what has none."""

    def __init__(self, url: str, namespace: str = "jeeves") -> None:
        if not url.startswith("amqp"):
            raise PermanentError("there is no broker here: the embedded form keeps its queues in a file of its own")
        self._url, self._namespace = url, namespace

    def listed(self) -> list[dict[str, Any]]:
        with self._channel() as channel:
            return [self._summary(at, *found) for at, found in enumerate(self._all(channel), 1)]

    def show(self, letter: str) -> dict[str, Any]:
        with self._channel() as channel:
            at, (method, properties, body) = self._one(channel, letter)
            return {**self._summary(at, method, properties, body), "body": body.decode(errors="replace")}

    def replay(self, letter: str) -> None:
        """Send it to the queue that it came from, confirmed, and only then take it away."""
        with self._channel() as channel:
            channel.confirm_delivery()
            at, (method, properties, body) = self._one(channel, letter)
            origin = self._summary(at, method, properties, body)["origin"]
            if not origin:
                raise PermanentError(f"{letter} does not say which queue it came from")
            headers = {
                name: value
                for name, value in (properties.headers or {}).items()
                if name not in OURS and not name.startswith("x-")
            }
            again = pika.BasicProperties(delivery_mode=2, message_id=properties.message_id, headers=headers)
            channel.basic_publish("", f"{self._namespace}.{origin}", body, again, mandatory=True)
            channel.basic_ack(method.delivery_tag)

    def drop(self, letter: str) -> None:
        with self._channel() as channel:
            _, (method, _, _) = self._one(channel, letter)
            channel.basic_ack(method.delivery_tag)

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

    def _all(self, channel: Any) -> Iterator[tuple[Any, Any, bytes]]:
        while True:
            method, properties, body = channel.basic_get(f"{self._namespace}.{DEAD}", auto_ack=False)
            if method is None:
                return
            yield method, properties, body

    def _one(self, channel: Any, letter: str) -> tuple[int, tuple[Any, Any, bytes]]:
        for at, found in enumerate(self._all(channel), 1):
            if self._summary(at, *found)["id"] == letter:
                return at, found
        raise PermanentError(f"no dead letter {letter} lies at the broker")

    def _summary(self, at: int, method: Any, properties: Any, body: bytes) -> dict[str, Any]:
        headers = properties.headers or {}
        try:
            envelope = json.loads(body)
            about = {name: envelope.get(name) for name in ("id", "type", "time", "correlationid")}
        except (ValueError, AttributeError):
            about = {"id": None}
        told = {
            "reason": headers.get("reason", ""),
            "origin": headers.get("origin", ""),
            **dead_letter(headers, self._namespace),
        }
        return {**about, "id": str(about["id"] or f"#{at}"), **told, "bytes": len(body)}
