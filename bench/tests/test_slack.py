"""The two ends of the benchmark: what it sends is what Slack would, what it is sent is counted once."""

import asyncio
import time
from datetime import UTC, datetime

from pydantic_core import from_json, to_json
from slack_sdk.signature import SignatureVerifier

from bench.events import BOT_USER, CHANNELS, PEOPLE, SAID, SECRET, events
from bench.slack import Slack
from bench.wire import Wires
from jeeves_contracts.messages import MessageReceived
from slack_ingest.normalise import message_of


def posted(ts: str) -> bytes:
    body = to_json({"channel": "C1", "text": "x", "thread_ts": ts})
    return b"POST /api/chat.postMessage HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def parts(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:]]
    return {name.lower(): value for name, value in lines}, body


def test_what_is_sent_is_signed_as_slack_signs_and_asks_what_it_is_to_ask() -> None:
    sent = events(50)
    assert len({event.ts for event in sent}) == 50
    for event in sent:
        headers, body = parts(event.request)
        assert SignatureVerifier(SECRET).is_valid_request(body.decode(), headers)
        assert int(headers["content-length"]) == len(body)
        message = message_of(from_json(body), BOT_USER, datetime.now(UTC))
        assert isinstance(message, MessageReceived)
        assert (message.text, message.conversation.thread_id) == (SAID, event.ts)


def test_people_and_channels_are_so_many_that_nobody_is_throttled() -> None:
    told = [from_json(parts(event.request)[1])["event"] for event in events(PEOPLE)]
    assert len({event["user"] for event in told}) == PEOPLE
    assert len({event["channel"] for event in told}) == min(PEOPLE, CHANNELS)


async def test_an_answer_is_noted_when_it_comes_and_a_second_one_as_doubled() -> None:
    async with Slack().listening() as slack:
        wires = Wires(slack.port)
        answered, other = slack.expect("1.1"), slack.expect("1.2")
        before = time.monotonic()
        assert [await wires.ask(posted(ts)) for ts in ("1.1", "1.1", "9.9")] == [200, 200, 200]
        assert before <= await answered <= time.monotonic()
        assert (slack.doubled, slack.odd, other.done()) == (1, 0, False)
        slack.forget()
        await wires.ask(posted("1.2"))  # too late: it was given up on
        assert (slack.doubled, other.cancelled()) == (1, True)
        await wires.ask(b"POST /api/chat.delete HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert slack.odd == 1
        wires.close()


async def test_a_connection_that_the_server_has_ended_is_not_used_again() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    wires = Wires(server.sockets[0].getsockname()[1])
    for _ in range(3):
        assert await wires.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 204
        await asyncio.sleep(0.01)  # its end is on its way
    wires.close()
    server.close()
