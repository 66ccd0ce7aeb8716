"""The one module that talks to Slack's Web API: `slack_sdk` over one shared session, no retries of its own."""

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_ingest.outcomes import Kind, Outcome, judged, judged_upload

TIMEOUT = 8.0  # seconds for a call, all in all
CONNECT = 3.0  # seconds of these for a connection
#: Raised before anything was written. aiohttp raises other errors once a request may have been read.
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
#: The SDK writes whole bodies to a logger whose level is DEBUG or unset.
QUIET = "slack_ingest.slack_sdk"
Fresh = Callable[[], bool]
_fresh: ContextVar[Fresh | None] = ContextVar("fresh", default=None)


class LateError(Exception):
    """The connection was there too late. Nothing was written to it."""


class Connector(aiohttp.TCPConnector):
    """Lets a call go on only if it is still fresh once it has its connection, and keeps the connection for the next call.

    So a post never begins later than it may, however long a name or a handshake takes, and the next one begins at once.
    """

    async def connect(self, *how: Any, **more: Any) -> aiohttp.connector.Connection:
        """Connect. Raises LateError."""
        connection = await super().connect(*how, **more)
        fresh = _fresh.get()
        if fresh is not None and not fresh():
            connection.release()
            raise LateError
        return connection


class SlackApi:
    """Calls with one bot token, which travels in a header only."""

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT) -> None:
        self._url, self._token, self._timeout = url, token, timeout
        self._client: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None

    async def post(self, method: str, body: dict[str, object], *, fresh: Fresh | None = None) -> Outcome:
        """Call a method that writes. `fresh`: asked when all is ready to be written; nothing is when it says no."""
        mark = _fresh.set(fresh)
        try:
            return await self._call(method, json=body)
        finally:
            _fresh.reset(mark)

    async def read(self, method: str, params: dict[str, object]) -> Outcome:
        """Call a method that reads."""
        return await self._call(method, http_verb="GET", params=params)

    async def ask(self, method: str, fields: dict[str, object]) -> Outcome:
        """Call a method that wants a form."""
        return await self._call(method, data=fields)

    async def upload(self, url: str, content: bytes) -> Outcome:
        """Post bytes to an address that Slack gave for them, without the token: whoever has the address may use it.

        Only to where the Web API is, or below: `slack.com` → `files.slack.com`. It stands in no log.
        """
        if not self._is_slacks(url):
            return Outcome(Kind.REFUSED, "strange_upload_url")
        return await _settled(self._put(url, content))

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
        self._client = self._session = None

    async def _call(self, method: str, **how: object) -> Outcome:
        return await _settled(self._asked(method, how))

    async def _asked(self, method: str, how: dict[str, object]) -> Outcome:
        try:
            answer = await self._connected().api_call(method, **how)  # type: ignore[arg-type]
        except SlackApiError as error:
            # Its response is the SDK's own, or aiohttp's where the answer said it was JSON and was not.
            response = error.response
            status = response.status if isinstance(response, aiohttp.ClientResponse) else response.status_code
            return judged(status, response.headers, getattr(response, "data", None))
        return judged(answer.status_code, answer.headers, answer.data)

    async def _put(self, url: str, content: bytes) -> Outcome:
        headers = {"Content-Type": "application/octet-stream"}
        async with self._opened().post(url, data=content, headers=headers, allow_redirects=False) as answer:
            return judged_upload(answer.status, answer.headers)

    def _is_slacks(self, url: str) -> bool:
        ours = urlsplit(self._url)
        try:
            given = urlsplit(url)
            same = given.scheme == ours.scheme and given.port == ours.port and "@" not in given.netloc
        except ValueError:
            return False
        host = given.hostname or ""
        return same and (host == ours.hostname or host.endswith(f".{ours.hostname}"))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout, connect=min(CONNECT, self._timeout)),
                connector=Connector(limit=0),  # the sender bounds its posts; waiting here would age its takes
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _connected(self) -> AsyncWebClient:
        if self._client is None:
            logger = logging.getLogger(QUIET)
            logger.setLevel(logging.ERROR)
            self._client = AsyncWebClient(
                self._token, base_url=self._url, session=self._opened(), logger=logger, retry_handlers=[]
            )
            self._client.proxy = None  # it would read one from the environment, for local addresses too
        return self._client


async def _settled(call: Awaitable[Outcome]) -> Outcome:
    """Return what a call came to, whatever goes wrong on its way."""
    try:
        return await call
    except LateError:
        return Outcome(Kind.LATE, "late")
    except NOT_SENT as error:
        return Outcome(Kind.NOT_SENT, error.__class__.__name__)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        return Outcome(Kind.DOUBT, error.__class__.__name__)
    except (AttributeError, ValueError, TypeError):  # 200 with plain text, a list, or bytes that are no text
        return Outcome(Kind.DOUBT, "unreadable_answer")
