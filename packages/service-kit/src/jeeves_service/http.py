"""The one module that imports httpx (docs/adr/0003): bytes in, bytes out, and errors that say whether it was taken."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from jeeves_service import inside
from jeeves_service.errors import NoAnswerError, NotSentError, TooLongError
from jeeves_service.inside import Asgi

__all__ = ["KEEP_ALIVE", "MAX_ANSWER", "Asgi", "HttpClient", "Response"]
MAX_ANSWER = 1024 * 1024  # bytes
KEEP_ALIVE = 15.0  # seconds; servers keep theirs longer, so that a kept connection is not closed under a request
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=100, keepalive_expiry=KEEP_ALIVE)
REFUSED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)  # before anything was written


@dataclass(frozen=True)
class Response:
    """What came back, read whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """A pooled client. `mounts` answers for hosts in this process (`http://name` → ASGI app); it may be filled later.

    Requests go to httpx's transport itself: its client above that would add cookies, redirects and authentication, which no
    call here has, for about 100 µs of CPU each.
    """

    def __init__(self, *, mounts: Mapping[str, Asgi] | None = None, default_transport: bool = False) -> None:
        """`default_transport` is httpx's own, which respx knows: for tests of what talks to the far side of the internet."""
        self._mounts = mounts if mounts is not None else {}
        self._network: httpx.AsyncBaseTransport = (
            httpx.AsyncHTTPTransport(limits=LIMITS, trust_env=False) if default_transport else _over_aiohttp()
        )

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
                if app := self._mounts and self._mounts.get(urlsplit(url).hostname or ""):
                    full = f"{url}?{urlencode(params)}" if params else url
                    status, pairs, whole = await inside.call(app, method, full, headers=sent, body=body or b"", limit=limit)
                    return Response(status, _named(pairs), whole)
                request = httpx.Request(method, _address(url), content=body, headers=sent, params=params)
                return await self._asked(request, timeout, limit)
        except inside.TooMuchError as error:
            raise TooLongError(f"the answer is longer than {limit} bytes") from error
        except (
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
            ValueError,
        ) as error:  # the last: what cannot be put into a request
            raise NotSentError(f"not an address to send to: {error.__class__.__name__}") from error
        except (TimeoutError, httpx.HTTPError, httpx.StreamError, aiohttp.ClientError) as error:
            # httpx-aiohttp 0.2 names a refused connection and a reset alike, only the cause tells them apart; and it lets
            # through what aiohttp raises for an answer that breaks HTTP.
            if isinstance(error, httpx.ConnectError) or isinstance(error.__cause__, REFUSED):
                raise NotSentError("no connection") from error
            raise NoAnswerError(f"no answer: {error.__class__.__name__}") from error

    async def _asked(self, request: httpx.Request, timeout: float, limit: int) -> Response:  # noqa: ASYNC109
        """Ask the network."""
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
        response = await self._network.handle_async_request(request)
        try:
            if response.headers.get("Content-Encoding", "identity") != "identity":  # could unpack to any length
                raise NoAnswerError("the answer is packed although nobody asked for that")
            chunks, size = [], 0
            async for chunk in response.stream:  # type: ignore[union-attr]
                size += len(chunk)
                if size > limit:
                    raise TooLongError(f"the answer is longer than {limit} bytes")
                chunks.append(chunk)
        finally:
            await response.aclose()
        return Response(response.status_code, _named(response.headers.raw), b"".join(chunks))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._network.aclose()


@lru_cache(maxsize=256)
def _address(url: str) -> httpx.URL:
    """Read an address. Those that are called are few, and reading one costs as much as a fifth of a call."""
    return httpx.URL(url)


def _named(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def _over_aiohttp() -> AiohttpTransport:
    """Return a transport whose one session, made in its loop, keeps no cookies."""

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=LIMITS.max_connections or 0, keepalive_timeout=KEEP_ALIVE, ssl=transport.ssl_context
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    transport = AiohttpTransport(trust_env=False, client=session)
    return transport
