"""The steps that a request of Slack's takes: verify → recognise → normalise → publish → answer."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jeeves_contracts.messages import MessageReceived
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service.bus.port import Bus
from jeeves_service.clock import Clock
from jeeves_service.errors import BusUnavailableError
from jeeves_service.logs import logger
from slack_ingest.body import Door, Object, Parsed, is_ssl_check, parse
from slack_ingest.installations import Installations
from slack_ingest.interactions import message_of_button
from slack_ingest.metrics import Metrics
from slack_ingest.normalise import message_of
from slack_ingest.profiles import NOBODY, Profiles
from slack_ingest.publish import publish
from slack_ingest.recognise import Ignored
from slack_ingest.verify import Verdict, verify

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack gets."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


def refusal(status: int, title: str, detail: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return an answer that says what was wrong."""
    body = Problem(title=title, status=status, detail=detail).model_dump_json(exclude_defaults=True).encode()
    return Answer(status, body, ((b"content-type", MEDIA_TYPE.encode()), *headers))


DONE = Answer(200)
REFUSED = Answer(401)  # with no word of why
NONSENSE = refusal(
    400, "Not understood", "The body is neither a JSON object with a type nor a form of Slack's.", (b"x-slack-no-retry", b"1")
)
NOT_NOW = refusal(503, "Not possible just now", "The message could not be stored. Send it again.")


@dataclass(frozen=True)
class Receiver:
    """Takes whole requests. `secrets` are all that Slack may sign with."""

    secrets: Sequence[bytes]
    bus: Bus
    clock: Clock
    installations: Installations
    profiles: Profiles
    metrics: Metrics

    async def receive(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        """Answer a request by its headers (names in lower case) and raw body. Raises nothing."""
        now, kind = self.clock.now(), headers.get(b"content-type", b"")
        stamp, signature = headers.get(b"x-slack-request-timestamp"), headers.get(b"x-slack-signature")
        verdict = verify(self.secrets, stamp, signature, body, now.timestamp())
        if verdict in (Verdict.UNSIGNED, Verdict.GENUINE) and is_ssl_check(kind, body):
            return self._counted(DONE, "answered", "ssl_check")
        if verdict is not Verdict.GENUINE:
            log.debug("refused", reason=verdict, bytes=len(body), digest=hashlib.sha256(body).hexdigest()[:12])
            return self._counted(REFUSED, "refused", verdict)
        if (parsed := parse(kind, body)) is None:
            return self._counted(NONSENSE, "refused", "nonsense")
        if parsed.door is Door.EVENT and parsed.data["type"] == "url_verification":
            return self._challenged(parsed.data)
        return await self._take(parsed, now)

    async def _take(self, parsed: Parsed, now: datetime) -> Answer:
        message = self._read(parsed, now)
        if isinstance(message, Ignored):
            return self._counted(DONE, "ignored", message)
        if not self.installations.accepts(message.conversation.installation_id):
            return self._counted(DONE, "ignored", Ignored.UNKNOWN_INSTALLATION)
        try:
            await publish(self.bus, await self._told(message), now)
        except BusUnavailableError as error:
            log.warning("not published", message_id=message.message_id, error=str(error))
            return self._counted(NOT_NOW, "unavailable", "bus")
        return self._counted(DONE, "published", message.trigger)

    async def _told(self, message: MessageReceived) -> MessageReceived:
        """Return a message with what Slack tells of its person."""
        profile = await self.profiles.of(message.identity)
        if profile is NOBODY:
            return message
        known = {"locale": profile.locale, "timezone": profile.timezone, "name": profile.name, "email": profile.email}
        return message.model_copy(update=known)

    def _read(self, parsed: Parsed, now: datetime) -> MessageReceived | Ignored:
        try:
            if parsed.door is Door.EVENT:
                return message_of(parsed.data, self.installations.user_id, now)
            return message_of_button(parsed.data, now) if parsed.door is Door.INTERACTION else Ignored.SLASH_COMMAND
        except Exception as error:  # noqa: BLE001 - a 5xx would make Slack send it again, to fail again
            # No traceback: its local variables are the raw event, and that may hold tokens.
            log.error("an event could not be read", error=error.__class__.__name__)  # noqa: TRY400
            return Ignored.UNREADABLE

    def _challenged(self, data: Object) -> Answer:
        challenge = data.get("challenge")
        if not isinstance(challenge, str):
            return self._counted(NONSENSE, "refused", "nonsense")
        body = json.dumps({"challenge": challenge}).encode()
        return self._counted(Answer(200, body, ((b"content-type", b"application/json"),)), "answered", "url_verification")

    def _counted(self, answer: Answer, outcome: str, reason: str) -> Answer:
        self.metrics.delivered(outcome, reason)
        return answer
