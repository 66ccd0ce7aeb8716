"""Which installations Jeeves has a token for, as Slack itself tells (`auth.test`): one, by `SLACK_BOT_TOKEN`."""

import asyncio
import contextlib
from dataclasses import dataclass

from jeeves_service.clock import Clock
from jeeves_service.errors import JeevesError
from jeeves_service.logs import logger
from slack_ingest.body import at, id_at
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.slack_api import SlackApi
from slack_ingest.who import installation_id

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between two tries
log = logger(__name__)


class SlackAuthError(JeevesError):
    """Slack does not know the token, or has not yet answered."""


@dataclass(frozen=True)
class Installation:
    """`user_id` and `bot_id` are what Jeeves's own posts are known by."""

    id: str
    user_id: str | None
    bot_id: str | None


class Installations:
    """Begins knowing nothing: what arrives before Slack has answered is accepted, and sending waits."""

    def __init__(self, api: SlackApi | None, clock: Clock) -> None:
        """`api` is None where there is no token."""
        self._api, self._clock = api, clock
        self._known = asyncio.Event()
        self._one: Installation | None = None
        self._trouble = "Slack has not answered auth.test yet"
        self._task: asyncio.Task[None] | None = None

    @property
    def user_id(self) -> str | None:
        """Jeeves's own user id, once known."""
        return self._one.user_id if self._one else None

    @property
    def bot_id(self) -> str | None:
        """Jeeves's own bot id, once known."""
        return self._one.bot_id if self._one else None

    def accepts(self, installation: str) -> bool:
        """Tell whether an event of an installation is to be answered: until Slack has told, all of them are."""
        return self._api is not None and (self._one is None or self._one.id == installation)

    async def known(self) -> None:
        """Wait until Slack has told whose token it is, and while it refuses the token."""
        await self._known.wait()

    async def check(self) -> None:
        """Raise SlackAuthError while a token is set that Slack has not confirmed."""
        if self._api is not None and self._trouble:
            raise SlackAuthError(self._trouble)

    async def start(self) -> None:
        """Begin to ask Slack, in the background, until it tells."""
        if self._api is None:
            log.warning("no SLACK_BOT_TOKEN is set: every event counts as one of an unknown installation, nothing is sent")
        elif self._task is None or self._task.done():
            self._task = asyncio.create_task(self._learn(self._api))

    async def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def lost(self, code: str) -> None:
        """Take note that Slack has refused the token (`token_revoked`, …): `known` waits until it is good again.

        Slack says the same whether the workspace has removed Jeeves for good or the operator's token is a wrong one, and with
        one workspace and a token from the settings only the operator can tell. So nothing is given up on it: what is to be sent
        waits in its lane, over restarts too, for a good token.
        """
        if not self._known.is_set():
            return
        self._known.clear()
        log.error("Slack refuses the bot token: nothing is sent until it, or a new SLACK_BOT_TOKEN, is good", code=code)
        self._trouble = f"Slack refuses the bot token: {code}"
        await self.start()

    async def _learn(self, api: SlackApi) -> None:
        wait = FIRST_WAIT
        while True:
            outcome = await api.post("auth.test", {})
            if outcome.kind is Kind.OK and (one := installation_of_token(outcome)):
                self._one, self._trouble = one, ""
                self._known.set()
                log.info("slack knows us", installation=one.id, user=one.user_id)
                return
            code = outcome.code or "no team in the answer"
            if outcome.kind in (Kind.BARRED, Kind.REFUSED) and code not in self._trouble:
                log.error("Slack refuses the bot token", code=code)
            self._trouble = f"auth.test: {code}"
            await self._clock.sleep(max(wait, outcome.retry_after))
            wait = min(wait * 2, LONGEST_WAIT)


def installation_of_token(outcome: Outcome) -> Installation | None:
    """Read the answer of `auth.test`."""
    data = outcome.data
    organisation = at(data, "is_enterprise_install") is True
    named = installation_id(id_at(data, "team_id"), id_at(data, "enterprise_id"), organisation=organisation)
    return Installation(named, id_at(data, "user_id"), id_at(data, "bot_id")) if named else None
