"""What a request may cost before anybody has looked at it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from quart import Quart

from jeeves_service import serve
from jeeves_service.protocol import MAX_HEAD, BoundedProtocol
from jeeves_service.web import create_quart

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server with one page."""
    app: Quart = create_quart("bounded")
    app.add_url_rule("/", "page", lambda: "hello")
    server = serve.listener(app, "127.0.0.1", 0)
    (task,) = await serve.listen(server)
    yield server.servers[0].sockets[0].getsockname()[1]
    await serve.hush(server, task)


async def said(port: int, *parts: bytes, wait: float = 5) -> bytes:
    """Send parts on one connection; return all that comes until it ends or `wait` seconds are over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(wait):
            while more := await reader.read(65536):
                got += more
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return got


async def test_requests_follow_each_other_on_one_connection(port: int) -> None:
    got = await said(port, GET + b"\r\n", GET + b"\r\n", GET + b"Connection: close\r\n\r\n")
    assert got.count(b"200 OK") == 3


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"x" * (2 * MAX_HEAD),
        GET + b"X: " + b"y" * (2 * MAX_HEAD),
        GET + b"A: b\r\n" * MAX_HEAD,
        GET + b"\r\n" + GET + b"X: " + b"y" * (2 * MAX_HEAD),
    ],
)
async def test_a_head_without_end_is_cut_off(port: int, endless: bytes) -> None:
    got = await said(port, *(endless[at : at + 8192] for at in range(0, len(endless), 8192)))
    assert len(got) < MAX_HEAD
    assert got.count(b"200 OK") <= 1  # of what came before it; the rest is 431, or the connection is reset


async def test_a_large_body_is_not_the_heads(port: int) -> None:
    body = b"z" * (4 * MAX_HEAD)
    request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert b"405" in await said(port, request, body)


@pytest.mark.parametrize("begun", [b"", b"GET /", GET])
async def test_a_head_that_does_not_come_is_not_waited_for(begun: bytes) -> None:
    class Impatient(BoundedProtocol):
        patience = 0.2

    server = serve.listener(create_quart("bounded"), "127.0.0.1", 0)
    server.config.http = Impatient
    (task,) = await serve.listen(server)
    number = server.servers[0].sockets[0].getsockname()[1]
    began = asyncio.get_running_loop().time()
    await said(number, begun)
    assert asyncio.get_running_loop().time() - began < 3
    await serve.hush(server, task)


async def test_a_port_or_a_host_that_cannot_be_had_is_named(port: int) -> None:
    app: Quart = create_quart("bounded")
    with pytest.raises(OSError, match=f"127.0.0.1:{port}: Address already in use"):
        await serve.listen(serve.listener(app, "127.0.0.1", 0), serve.listener(app, "127.0.0.1", port))
    with pytest.raises(OSError, match=r"999.1.1.1:1: "):
        await serve.listen(serve.listener(app, "999.1.1.1", 1))
