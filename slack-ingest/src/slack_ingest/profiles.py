"""What people are called, in which language and time zone they live, as Slack knows it (`users.info`): asked once an hour, and
never waited for long.

Without the scope `users:read`, or while Slack is slow or away, nothing of anybody is known, and everything works without. Slack
tells addresses only where the scope `users:read.email` was granted, too.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass

from jeeves_contracts.people import Identity
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from slack_ingest.body import text_at
from slack_ingest.installations import Installations
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.plain import clean, unescape
from slack_ingest.slack_api import SlackApi

PATIENCE = 0.25  # seconds that a message may be held up, of the three that Slack waits
KEPT, FRESH = 10_000, 3600.0  # people remembered, and for how many seconds
IN_FLIGHT = 16  # people asked about at once
TROUBLES = 3  # in a row, after which nobody is asked about for REST seconds
REST = 60.0
UNSCOPED = ("missing_scope", "not_allowed_token_type", "no_permission", "access_denied", "team_access_not_granted")
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII)
NAME = 200  # characters
TAG, MARKUP = re.compile(r"<[^<>]*>"), re.compile(r"[<>`*~|]")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
LONGEST_EMAIL = 254
Key = tuple[str, str]
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Profile:
    """`locale` as `en-GB`, `timezone` as `Europe/London`, `name` as others see it; None where it is not known."""

    locale: str | None = None
    timezone: str | None = None
    name: str | None = None
    email: str | None = None


NOBODY = Profile()


class Profiles:
    """Remembers people. Asks only once Slack has told whose token it is."""

    def __init__(self, api: SlackApi | None, installations: Installations, clock: Clock) -> None:
        """`api` is None where there is no token."""
        self._api, self._installations, self._clock = api, installations, clock
        self._kept: OrderedDict[Key, tuple[float, Profile]] = OrderedDict()
        self._asking: dict[Key, asyncio.Task[None]] = {}
        self._slow: set[Key] = set()
        self._closed_until, self._troubles = 0.0, 0

    async def of(self, person: Identity) -> Profile:
        """Return what is known of a person: at once, but for the first time, when Slack has PATIENCE to tell. Raises nothing.

        What it tells later is known the next time; what is known is asked for again every hour, while the old one serves.
        """
        key = (person.workspace_id, person.user_id)
        kept = self._kept.get(key)
        if kept is not None and kept[0] > self._clock.monotonic():
            self._kept.move_to_end(key)
            return kept[1]
        asking = self._begin(key)
        if asking is not None and kept is None and key not in self._slow:
            await asyncio.wait([asking], timeout=PATIENCE)
            if not asking.done() and key not in self._slow:
                self._slow.add(key)
                self._trouble()
        return self._kept.get(key, (0.0, NOBODY))[1]

    async def stop(self) -> None:
        """Ask no more."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: Key) -> asyncio.Task[None] | None:
        """Return the question that is under way about a person; None when none may be asked now."""
        if key in self._asking:
            return self._asking[key]
        closed = self._installations.user_id is None or self._clock.monotonic() < self._closed_until
        if self._api is None or closed or len(self._asking) >= IN_FLIGHT:
            return None
        self._asking[key] = asyncio.create_task(self._ask(self._api, key))
        return self._asking[key]

    async def _ask(self, api: SlackApi, key: Key) -> None:
        try:
            self._judge(key, await api.read("users.info", {"user": key[1], "include_locale": True}))
        except Exception:
            log.exception("a person cannot be asked about")
            self._trouble()
        finally:
            del self._asking[key]
            self._slow.discard(key)

    def _judge(self, key: Key, outcome: Outcome) -> None:
        now = self._clock.monotonic()
        if outcome.kind is Kind.OK:
            self._troubles = self._troubles if key in self._slow else 0
            self._keep(key, _profile(outcome.data.get("user")))
        elif outcome.code in UNSCOPED:
            log.info("what people are called and where they live is not known", code=outcome.code)
            self._closed_until = now + FRESH
        elif outcome.kind is Kind.REFUSED:  # somebody of another workspace, perhaps
            self._keep(key, NOBODY)
        elif outcome.kind is Kind.LIMITED:
            self._closed_until = now + outcome.retry_after
        elif key not in self._slow:  # else it is counted already
            self._trouble()

    def _keep(self, key: Key, profile: Profile) -> None:
        self._kept[key] = (self._clock.monotonic() + FRESH, profile)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _trouble(self) -> None:
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._closed_until, self._troubles = self._clock.monotonic() + REST, 0


def _profile(user: object) -> Profile:
    locale, zone, email = text_at(user, "locale"), text_at(user, "tz"), text_at(user, "profile", "email")
    return Profile(
        locale if LOCALE.fullmatch(locale) else None,
        zone if ZONE.fullmatch(zone) else None,
        _name(user),
        email if len(email) <= LONGEST_EMAIL and EMAIL.fullmatch(email) else None,
    )


def _name(user: object) -> str | None:
    """Return what a person is shown as: what they chose, else what they are really called."""
    told = (("profile", "display_name"), ("profile", "real_name"), ("real_name",), ("name",))
    return next(filter(None, (_plain(text_at(user, *path)) for path in told)), None)


def _plain(name: str) -> str:
    """Return a name on one line, without markup and what is not seen, such as what turns the direction of others' words."""
    words = MARKUP.sub("", TAG.sub("", unescape(name[: NAME * 10])))
    return " ".join(clean(words).split())[:NAME].rstrip()
