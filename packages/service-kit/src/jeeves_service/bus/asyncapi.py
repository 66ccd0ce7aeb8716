"""The bus as AsyncAPI 3 describes it: `python -m jeeves_service.bus.asyncapi write|check [folder]`.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

import sys
from typing import Any

from jeeves_contracts import schemas
from jeeves_contracts.envelope import routing_key
from jeeves_service.bus.topology import Queue, queues

NAMESPACE = "jeeves"
PLATFORM = "slack"


def document() -> dict[str, Any]:
    """Return the description of the exchange with its events, and of every queue."""
    events = {event: _event(event) for event in schemas.EVENTS}
    channels = {event: _exchange_channel(event) for event in schemas.EVENTS}
    channels |= {queue.name: _queue_channel(queue) for queue in queues()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "The bus of Jeeves",
            "version": "1",
            "description": "Events are CloudEvents 1.0 in structured JSON, published persistent, mandatory and confirmed.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": {
            f"publish.{event}": {"action": "send", "channel": {"$ref": f"#/channels/{event}"}} for event in schemas.EVENTS
        }
        | {
            f"consume.{queue.name}": {"action": "receive", "channel": {"$ref": f"#/channels/{queue.name}"}}
            for queue in queues()
            if queue.delay is None
        },
        "components": {"messages": events},
    }


def files() -> dict[str, str]:
    """Return the document's text by its file's name."""
    return {"asyncapi.json": schemas.text(document())}


def _event(event: str) -> dict[str, Any]:
    headers: dict[str, Any] = {"tries": {"type": "integer", "minimum": 0, "description": "tries so far; 0 when absent"}}
    if any(queue.lane is not None and routing_key(event, PLATFORM) in queue.binds for queue in queues()):
        headers = {"lane": {"type": "integer", "minimum": 0, "description": "of the channel that the reply goes to"}}
    return {
        "name": event,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": headers},
        "payload": {"$ref": f"./event.{event}.json"},
    }


def _exchange_channel(event: str) -> dict[str, Any]:
    return {
        "address": routing_key(event, "{platform}"),
        "parameters": {"platform": {"examples": [PLATFORM]}},
        "messages": {event: {"$ref": f"#/components/messages/{event}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": NAMESPACE, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"},
                "bindingVersion": "0.3.0",
            }
        },
    }


def _queue_channel(queue: Queue) -> dict[str, Any]:
    taken = [event for event in schemas.EVENTS if any(_takes(bind, event) for bind in queue.binds)]
    return {
        "address": f"{NAMESPACE}.{queue.name}",
        "description": _words(queue),
        "messages": {event: {"$ref": f"#/components/messages/{event}"} for event in taken or schemas.EVENTS},
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {
                    "name": f"{NAMESPACE}.{queue.name}",
                    "durable": True,
                    "exclusive": False,
                    "autoDelete": False,
                    "vhost": "/",
                },
                "bindingVersion": "0.3.0",
            }
        },
    }


def _takes(bind: str, event: str) -> bool:
    return bind.removesuffix(".#") == event or bind == routing_key(event, PLATFORM)


def _words(queue: Queue) -> str:
    parts = [f"Bound to {', '.join(queue.binds)}." if queue.binds else "Sent to by name."]
    if queue.lane is not None:
        parts.append(f"Takes those whose header `lane` is {queue.lane}.")
    if queue.single:
        parts.append("One active consumer.")
    if queue.delay is not None:
        parts.append(f"What has lain here for {queue.delay:g} s goes back to the work queue.")
    if queue.limit is not None:
        parts.append(f"What comes back more than {queue.limit} times goes to the dead letters.")
    return " ".join(parts)


if __name__ == "__main__":
    sys.exit(schemas.main(sys.argv[1:], files, "python -m jeeves_service.bus.asyncapi write"))
