"""The HTTP client says whether a request may have been taken, and is hurt by no answer. Over real sockets."""

import asyncio
import contextlib
import contextvars
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import respx

from jeeves_service.errors import NoAnswerError, NotSentError, TooLongError
from jeeves_service.http import HttpClient

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
bound: contextvars.ContextVar[str] = contextvars.ContextVar("bound", default="nothing")


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    made = HttpClient()
    yield made
    await made.aclose()


@contextlib.asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(reader, writer)
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(*parts: bytes) -> Answer:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return answer


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_an_answer_is_bytes_with_lower_case_headers_whatever_its_status(client: HttpClient) -> None:
    html = b"<html>Bad gateway</html>"
    head = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nX-Some: One\r\nContent-Length: %d\r\n\r\n" % len(html)
    async with server(says(head + html)) as url:
        answer = await client.request("POST", url + "/v1/invoke", body=b"{}")
    assert (answer.status, answer.body, answer.headers["content-type"], answer.headers["x-some"]) == (
        502,
        html,
        "text/html",
        "One",
    )


async def test_a_refused_connection_surely_reached_nobody(client: HttpClient) -> None:
    with pytest.raises(NotSentError):
        await client.request("POST", f"http://127.0.0.1:{free_port()}/", body=b"{}")


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://127.0.0.1/", "http://", "http://[::1/", "http://a:99999/", "\x00", "http:///x"]
)
async def test_what_is_no_address_surely_reached_nobody(client: HttpClient, url: str) -> None:
    with pytest.raises(NotSentError):
        await client.request("GET", url, timeout=5)
    inside = HttpClient(mounts={"weather": print})  # type: ignore[dict-item]
    with pytest.raises(NotSentError):
        await inside.request("GET", url, timeout=5)
    await inside.aclose()


async def test_a_reset_after_the_request_was_written_is_in_doubt(client: HttpClient) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with server(answer) as url:
        with pytest.raises(NoAnswerError):
            await client.request("POST", url, body=b"{}")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 twohundred OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"\x00\xff" * 100,
    ],
)
async def test_an_answer_that_breaks_http_is_in_doubt(client: HttpClient, said: bytes) -> None:
    async with server(says(said)) as url:
        with pytest.raises(NoAnswerError):
            await client.request("POST", url, body=b"{}", timeout=5)


async def test_silence_ends_with_the_deadline(client: HttpClient) -> None:
    async def answer(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with server(answer) as url:
        with pytest.raises(NoAnswerError):
            await client.request("POST", url, body=b"{}", timeout=0.2)
    assert loop.time() - begun < 1


async def test_a_deadline_is_for_all_of_it_also_for_an_answer_that_drips(client: HttpClient) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with server(answer) as url:
        with pytest.raises(NoAnswerError):
            await client.request("GET", url, timeout=0.3)


@pytest.mark.parametrize("head", [b"Transfer-Encoding: chunked", b"Content-Length: 209715200", b"Connection: close"])
async def test_of_an_answer_of_200_megabytes_little_is_read(client: HttpClient, head: bytes) -> None:
    sent = 0

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        block = b"x" * 65536
        for __ in range(3200):
            writer.write(b"10000\r\n" + block + b"\r\n" if b"chunked" in head else block)
            await writer.drain()
            sent += len(block)

    async with server(answer) as url:
        with pytest.raises(NoAnswerError, match="longer than 1048576 bytes"):
            await client.request("GET", url)
    assert sent < 20_000_000


async def test_an_answer_as_long_as_the_limit_is_taken(client: HttpClient) -> None:
    async with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000)) as url:
        assert len((await client.request("GET", url, limit=1000)).body) == 1000
    async with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", b"x" * 1001)) as url:
        with pytest.raises(NoAnswerError):
            await client.request("GET", url, limit=1000)


async def test_a_packed_answer_is_not_unpacked(client: HttpClient) -> None:
    packed = gzip.compress(bytes(100_000_000), 9)

    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    async with server(says(head, packed)) as url:
        with pytest.raises(NoAnswerError, match="packed"):
            await client.request("GET", url)


@respx.mock
async def test_the_default_transport_can_be_played_by_respx() -> None:
    respx.get("https://far.example/v1").respond(200, json={"a": 1})
    client = HttpClient(default_transport=True)
    assert (await client.request("GET", "https://far.example/v1")).body == b'{"a":1}'
    await client.aclose()


async def test_redirects_are_not_followed(client: HttpClient) -> None:
    async with server(says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as url:
        assert (await client.request("GET", url)).status == 302


async def test_an_app_in_this_process_answers_for_its_name_in_a_context_of_its_own() -> None:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        seen = f"{scope['method']} {scope['path']} {body.decode()} {bound.get()}"
        bound.set("the callee's")
        await send({"type": "http.response.start", "status": 201, "headers": [(b"X-Kind", b"app")]})
        await send({"type": "http.response.body", "body": seen.encode()})

    mounts: dict[str, Any] = {}
    client = HttpClient(mounts=mounts)
    mounts["weather"] = app  # filled later
    bound.set("the caller's")
    answer = await client.request("POST", "http://weather/v1/invoke", body=b"hi")
    assert (answer.status, answer.headers["x-kind"], answer.body) == (201, "app", b"POST /v1/invoke hi nothing")
    assert bound.get() == "the caller's"
    await client.aclose()


async def test_an_app_in_this_process_that_fails_or_hangs_is_as_one_far_away() -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("oops")

    async def hangs(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    client = HttpClient(mounts={"fails": fails, "hangs": hangs})
    assert (await client.request("GET", "http://fails/")).status == 500
    with pytest.raises(NoAnswerError):
        await client.request("GET", "http://hangs/", timeout=0.1)
    await client.aclose()


async def test_an_app_in_this_process_sees_the_whole_address_and_every_header() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.update(scope)
        assert (await receive())["more_body"] is False
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        assert (await receive())["type"] == "http.disconnect"

    client = HttpClient(mounts={"weather": app})
    await client.request("POST", "http://weather:81/a%20b", body=b"hi", headers={"X-Kind": "k"}, params={"q": "é&"})
    assert (seen["path"], seen["raw_path"], seen["query_string"]) == ("/a b", b"/a%20b", b"q=%C3%A9%26")
    headers = dict(seen["headers"])
    assert (headers[b"host"], headers[b"x-kind"], headers[b"content-length"]) == (b"weather:81", b"k", b"2")
    await client.aclose()


async def test_an_app_in_this_process_that_never_ends_its_answer_is_not_read_to_the_end() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": bytes(1000), "more_body": True})

    client = HttpClient(mounts={"much": app})
    with pytest.raises(TooLongError):
        await client.request("GET", "http://much/", limit=10_000, timeout=5)
    await client.aclose()


async def test_an_app_in_this_process_that_answers_nothing_has_failed() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return

    client = HttpClient(mounts={"silent": app})
    assert (await client.request("GET", "http://silent/")).status == 500
    await client.aclose()


async def test_no_cookies_are_kept(client: HttpClient) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n")
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with server(answer) as url:
        for _ in range(2):
            assert (await client.request("GET", url)).status == 200
    assert b"cookie" not in asked[0].lower()
