"""The one module that imports httpx (docs/adr/0003): bytes in, bytes out, and errors that say whether it was taken."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from jeeves_service.errors import NoAnswerError, NotSentError, TooLongError

MAX_ANSWER = 1024 * 1024  # bytes
KEEP_ALIVE = 15.0  # seconds; servers keep theirs longer, so that a kept connection is not closed under a request
REFUSED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)  # before anything was written
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Response:
    """What came back, read whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Transport(httpx.AsyncBaseTransport):
    """Answers for origins in this process with their apps, and asks the network for all others."""

    def __init__(self, mounts: Mapping[str, Asgi], network: httpx.AsyncBaseTransport) -> None:
        self._mounts, self._network = mounts, network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._mounts.get(request.url.host)
        if app is None:
            return await self._network.handle_async_request(request)
        call = httpx.ASGITransport(app=app, raise_app_exceptions=False).handle_async_request(request)
        # A context of its own, as over a network: what the caller bound is not the callee's, nor the other way round.
        return await asyncio.create_task(call, context=contextvars.Context())

    async def aclose(self) -> None:
        await self._network.aclose()


class HttpClient:
    """A pooled client. `mounts` answers for hosts in this process (`http://name` → ASGI app); it may be filled later."""

    def __init__(self, *, mounts: Mapping[str, Asgi] | None = None, default_transport: bool = False) -> None:
        """`default_transport` is httpx's own, which respx knows: for tests of what talks to the far side of the internet."""
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=100, keepalive_expiry=KEEP_ALIVE)
        network = (
            None
            if default_transport
            else _Transport(mounts if mounts is not None else {}, AiohttpTransport(limits=limits, trust_env=False))
        )
        self._client = httpx.AsyncClient(transport=network, trust_env=False, follow_redirects=False, limits=limits)

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10,  # noqa: ASYNC109 - a deadline for all of it, kept below
        limit: int = MAX_ANSWER,
    ) -> Response:
        """Send a request and read its answer, all within `timeout` seconds and `limit` bytes.

        Raises NotSentError when the connection could not be made; NoAnswerError for a time-out, a reset, or an answer that is
        too long or breaks HTTP.
        """
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        try:
            async with asyncio.timeout(timeout):
                request = self._client.build_request(method, url, content=body, headers=sent, params=params, timeout=timeout)
                response = await self._client.send(request, stream=True)
                try:
                    if response.headers.get("Content-Encoding", "identity") != "identity":  # could unpack to any length
                        raise NoAnswerError("the answer is packed although nobody asked for that")
                    chunks, size = [], 0
                    async for chunk in response.aiter_bytes():
                        size += len(chunk)
                        if size > limit:
                            raise TooLongError(f"the answer is longer than {limit} bytes")
                        chunks.append(chunk)
                finally:
                    await response.aclose()
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise NotSentError(f"not an address to send to: {error.__class__.__name__}") from error
        except (TimeoutError, httpx.HTTPError, httpx.StreamError, aiohttp.ClientError) as error:
            # httpx-aiohttp 0.2 names a refused connection and a reset alike, only the cause tells them apart; and it lets
            # through what aiohttp raises for an answer that breaks HTTP.
            if isinstance(error, httpx.ConnectError) or isinstance(error.__cause__, REFUSED):
                raise NotSentError("no connection") from error
            raise NoAnswerError(f"no answer: {error.__class__.__name__}") from error
        return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, b"".join(chunks))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()
