"""Confirmed publishes over one channel: what is asked for in one turn of the loop is written at once.

The client library's own `basic_publish` takes 70 µs of CPU for each: a lock, a dozen objects, a write. Here what never changes
is made once, which leaves 10. Returned messages stay the library's: it finds each publish's future in `confirmations` by its
number, and that of a returned one by its message_id, for which the number stands here.
"""

import asyncio
from itertools import takewhile
from typing import Any

from aiormq.exceptions import DeliveryError
from pamqp import frame as frames
from pamqp import header
from pamqp.commands import Basic

from jeeves_service.bus.port import Headers
from jeeves_service.bus.rabbit_frames import Inbox, Outbox

PERSISTENT = 2
NUMBER = "0" * 16  # a message_id's length; it is the last of the properties that are given
SIZE = slice(11, 19)  # where a header frame has its body's size
MOST = 1000  # kinds of publishes remembered: a handful of keys, and the headers of retries, which never end
BODY, END = b"\x03", b"\xce"
Parts = tuple[bytes, bytes]


class Publisher:
    """`channel` is the library's underlying one, with confirms and `on_return_raises`; nobody else publishes on it."""

    def __init__(self, channel: Any) -> None:
        self._channel, self._loop = channel, asyncio.get_running_loop()
        self._most, self._number = channel.max_content_size, channel.number.to_bytes(2, "big")
        self._known: dict[tuple[str, str, tuple[tuple[str, str | int], ...]], Parts] = {}
        self._outbox = Outbox(channel)
        Inbox(channel, self._takes)

    async def publish(self, exchange: str, key: str, body: bytes, headers: Headers) -> None:
        """Return once it is confirmed. To be bounded by the caller, who may be cancelled; many may wait at once.

        Raises PublishError when no queue takes it, and other errors of the library's.
        """
        channel = self._channel
        if channel.is_closed:
            raise ConnectionError("the channel is closed")
        before, after = self._parts(exchange, key, tuple(headers.items()))
        channel.delivery_tag += 1
        tag, name = channel.delivery_tag, f"{channel.delivery_tag:016x}"
        confirmation = channel.confirmations[tag] = self._loop.create_future()
        channel.message_id_delivery_tag[name] = tag
        self._outbox.put(before, len(body).to_bytes(8, "big"), after, name.encode(), END)
        for start in range(0, len(body), self._most):
            part = body[start : start + self._most]
            self._outbox.put(BODY, self._number, len(part).to_bytes(4, "big"), part, END)
        try:
            await confirmation
        finally:
            channel.message_id_delivery_tag.pop(name, None)

    def fail(self) -> None:
        """Cancel all that wait: the channel is closed, nothing will be confirmed."""
        for confirmation in tuple(self._channel.confirmations.values()):
            if isinstance(confirmation, asyncio.Future):
                confirmation.cancel()

    def _takes(self, frame: Any) -> bool:
        """Settle what a frame confirms, or refuses."""
        if not isinstance(frame, Basic.Ack | Basic.Nack):
            return False
        waiting, tag = self._channel.confirmations, frame.delivery_tag or 0
        for one in self._upto(tag) if frame.multiple else [tag]:
            confirmation = waiting.pop(one, None)
            if not isinstance(confirmation, asyncio.Future) or confirmation.done():
                continue  # returned, or given up on
            if isinstance(frame, Basic.Ack):
                confirmation.set_result(None)
            else:
                confirmation.set_exception(DeliveryError(None, frame))
        return True

    def _upto(self, tag: int) -> list[int]:
        return list(takewhile(lambda one: one <= tag, self._channel.confirmations))

    def _parts(self, exchange: str, key: str, headers: tuple[tuple[str, str | int], ...]) -> Parts:
        """Return what stands before and after the body's size, up to the number."""
        kind = (exchange, key, headers)
        if kind not in self._known:
            if len(self._known) >= MOST:
                self._known.clear()
            properties = Basic.Properties(
                content_type="application/json", headers=dict(headers), delivery_mode=PERSISTENT, message_id=NUMBER
            )
            method = frames.marshal(Basic.Publish(exchange=exchange, routing_key=key, mandatory=True), self._channel.number)
            told = frames.marshal(header.ContentHeader(0, 0, properties), self._channel.number)
            self._known[kind] = (method + told[: SIZE.start], told[SIZE.stop : -len(NUMBER) - len(END)])
        return self._known[kind]
