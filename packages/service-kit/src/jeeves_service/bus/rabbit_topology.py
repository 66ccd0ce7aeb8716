"""The queues of `topology` as RabbitMQ 3.10 to 4.x has them. The same arguments on every version: they may never differ.

- All queues are durable quorum queues with a limit of their own; 3.10 has none by default, 4.x has 20.
- Dead-lettering is at-least-once, which needs `reject-publish`.
- A lane hangs behind a headers exchange of its own: a topic exchange cannot look at headers, a headers exchange not at keys.
"""

from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel

from jeeves_service.bus.topology import DEAD, WORK, Queue

NO_LIMIT = 1_000_000_000  # 3.10 refuses 4.x's -1


def arguments(queue: Queue, namespace: str) -> dict[str, Any]:
    """Return a queue's arguments."""
    wanted: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": NO_LIMIT if queue.limit is None else queue.limit,
    }
    if queue.single:
        wanted["x-single-active-consumer"] = True
    if queue.delay is not None:
        wanted["x-message-ttl"] = int(queue.delay * 1000)
    if queue.delay is not None or queue.limit is not None:
        wanted["x-dead-letter-exchange"] = ""
        wanted["x-dead-letter-routing-key"] = f"{namespace}.{DEAD if queue.delay is None else WORK}"
        wanted["x-dead-letter-strategy"] = "at-least-once"
        wanted["x-overflow"] = "reject-publish"
    return wanted


async def declare(channel: AbstractChannel, queue: Queue, namespace: str) -> None:
    """Declare a queue with its bindings."""
    name = f"{namespace}.{queue.name}"
    declared = await channel.declare_queue(name, durable=True, arguments=arguments(queue, namespace))
    for pattern in queue.binds:
        if queue.lane is None:
            await declared.bind(namespace, pattern)
            continue
        lanes = await channel.declare_exchange(f"{namespace}.{pattern}", ExchangeType.HEADERS, durable=True)
        await lanes.bind(namespace, pattern)
        await declared.bind(lanes, arguments={"x-match": "all", "lane": queue.lane})


def dead_letter(headers: dict[str, Any], namespace: str) -> dict[str, str | int]:
    """Return why and whence the broker made a message a dead letter; nothing when it was not the broker.

    `x-death` has the latest death first; `x-first-death-*` would tell of an earlier stay in a delay queue.
    """
    deaths = headers.get("x-death")
    if not isinstance(deaths, list) or not deaths or not isinstance(deaths[0], dict):
        return {}
    reason, origin = str(deaths[0].get("reason", "")), str(deaths[0].get("queue", ""))
    return {
        "reason": "crash limit" if reason == "delivery_limit" else reason,
        "origin": origin.removeprefix(f"{namespace}."),
    }
