"""Which queues take an event: the rules of AMQP's topic and headers exchanges, for the bus that has no broker."""

from collections.abc import Iterable

from jeeves_service.bus.port import Headers
from jeeves_service.bus.topology import Queue


def routed(queues: Iterable[Queue], key: str, headers: Headers) -> list[str]:
    """Return the names of the queues that an event with this routing key and these headers goes to."""
    words = key.split(".")
    return [
        queue.name
        for queue in queues
        if (queue.lane is None or headers.get("lane") == queue.lane)
        and any(matches(pattern.split("."), words) for pattern in queue.binds)
    ]


def matches(pattern: list[str], words: list[str]) -> bool:
    """Tell whether a key's words fit a pattern's: `*` stands for one word, `#` for any number."""
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(matches(pattern[1:], words[taken:]) for taken in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and matches(pattern[1:], words[1:])
