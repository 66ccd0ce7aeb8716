"""The embedded bus routes as a broker's topic and headers exchanges do."""

import pytest

from jeeves_service.bus.routing import matches, routed
from jeeves_service.bus.topology import Queue, lane_queue, queues


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.b.c", False),
        ("a.b", "a", False),
        ("a.*", "a.b", True),
        ("a.*", "a", False),
        ("a.*", "a.b.c", False),
        ("*.b", "a.b", True),
        ("a.#", "a", True),
        ("a.#", "a.b.c.d", True),
        ("a.#", "b.a", False),
        ("#", "", True),
        ("#", "a.b", True),
        ("#.z", "a.b.z", True),
        ("#.z", "a.b", False),
        ("a.#.z", "a.z", True),
        ("a.#.b.*", "a.x.b.b.c", True),
        ("*", "", True),  # an empty word is a word
        ("", "", True),
    ],
)
def test_a_pattern_fits_as_in_amqp(pattern: str, key: str, *, fits: bool) -> None:
    assert matches(pattern.split("."), key.split(".")) is fits


def test_jeeves_own_events_go_where_the_topology_says() -> None:
    assert routed(queues(), "chat.message.received.v1.slack", {}) == ["work"]
    assert routed(queues(), "job.due.v1.slack", {"lane": 1}) == ["work"]
    for lane in range(8):
        assert routed(queues(), "chat.reply.requested.v1.slack", {"lane": lane}) == [lane_queue("slack", lane)]
    assert routed(queues(), "chat.reply.requested.v1.slack", {"lane": "1"}) == []
    assert routed(queues(), "chat.reply.requested.v1.other", {"lane": 1}) == []
    assert routed(queues(), "chat.reply.requested.v1.slack", {}) == []


def test_a_queue_takes_an_event_once_however_often_it_is_bound() -> None:
    assert routed([Queue("q", ("a.#", "a.b"))], "a.b", {}) == ["q"]
