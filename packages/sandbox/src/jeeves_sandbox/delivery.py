"""Slack's deliveries: signed, within three seconds, and three times again, as Slack does it.

https://docs.slack.dev/apis/events-api/#retries
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode

from jeeves_sandbox.errors import Json
from jeeves_sandbox.record import Record
from jeeves_service.clock import Clock
from jeeves_service.errors import NoAnswerError, NotSentError
from jeeves_service.http import HttpClient, Response

PATIENCE = 3.0  # seconds for an answer
RETRIES = (0.0, 60.0, 300.0)  # seconds before each
INTERACTIONS = ("block_actions",)
Tell = Callable[[bool], None]


def json_of(payload: object) -> tuple[str, bytes]:
    """Return content type and body of an event."""
    return "application/json", json.dumps(payload).encode()


def form_of(payload: Json) -> tuple[str, bytes]:
    """Return content type and body of an interaction."""
    return "application/x-www-form-urlencoded", urlencode({"payload": json.dumps(payload)}).encode()


def body_of(payload: Json) -> tuple[str, bytes]:
    """Return content type and body: interactions are forms, events are JSON."""
    return form_of(payload) if payload.get("type") in INTERACTIONS else json_of(payload)


def signed(secret: str, content_type: str, body: bytes, at: float) -> dict[str, str]:
    """Return the headers of a request that Slack has signed; `at` in seconds since 1970."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


class Deliveries:
    """Sends payloads to the one address that Slack was given. `reached` hears of each whether Jeeves took it."""

    def __init__(self, url: str, secret: str, http: HttpClient, record: Record, clock: Clock) -> None:
        self.reached: Tell = lambda _: None
        self._url, self._secret, self._http, self._record, self._clock = url, secret, http, record, clock
        self._tasks: set[asyncio.Task[bool]] = set()

    def send(self, payload: Json) -> None:
        """Deliver in the background."""
        task = asyncio.create_task(self.deliver(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def deliver(self, payload: Json) -> bool:
        """Deliver, with Slack's retries where they apply; tell whether it was taken."""
        taken, reason = await self._try(payload)
        pauses = RETRIES if payload.get("type") == "event_callback" else ()  # of a press the person is told at once
        for number, pause in enumerate(pauses, start=1):
            if not reason:
                break
            await self._clock.sleep(pause)
            taken, reason = await self._try(payload, {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason})
        return taken

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        for task in list(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _try(self, payload: Json, more: dict[str, str] | None = None) -> tuple[bool, str]:
        """Deliver once. Return whether it was taken, and Slack's word for why it is to be tried again."""
        kind, body = body_of(payload)
        headers = {**signed(self._secret, kind, body, self._clock.now().timestamp()), **(more or {})}
        began = self._clock.monotonic()
        response, reason = None, ""
        try:
            response = await self._http.request("POST", self._url, body=body, headers=headers, timeout=PATIENCE)
        except NotSentError:
            reason = "connection_failed"
        except NoAnswerError:
            reason = "http_timeout"
        taken = response is not None and 200 <= response.status < 300  # noqa: PLR2004
        if response is not None and not taken:
            reason = "http_error"
        self._note(payload, headers, response, self._clock.monotonic() - began, taken=taken, reason=reason)
        self.reached(taken)
        final = response is not None and response.headers.get("x-slack-no-retry") == "1"
        return taken, "" if final else reason

    def _note(
        self, payload: Json, headers: dict[str, str], response: Response | None, seconds: float, *, taken: bool, reason: str
    ) -> None:
        event = payload.get("event", {})
        what = ".".join(part for part in (event.get("type") or payload["type"], event.get("subtype")) if part)
        again = f"retry {headers['X-Slack-Retry-Num']}" if "X-Slack-Retry-Num" in headers else ""
        self._record.add(
            "to_jeeves",
            what,
            status=response.status if response else 0,
            ok=taken,
            seconds=seconds,
            note=", ".join(part for part in (again, reason) if part),
            headers=headers,
            sent=payload,
            answered=_read(response),
        )


def _read(response: Response | None) -> object:
    if response is None or not response.body:
        return None
    text = response.body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
