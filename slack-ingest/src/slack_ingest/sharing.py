"""A file that is shown where its person alone reads. Where it may have been shown already, it is looked for first."""

from dataclasses import dataclass
from datetime import datetime

from jeeves_contracts.actions import File
from slack_ingest.body import at, id_at, items_at, text_at
from slack_ingest.installations import Installations
from slack_ingest.lookup import channel_of, find
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.post import Place
from slack_ingest.slack_api import SlackApi
from slack_ingest.tries import Tries
from slack_ingest.upload import complete

SEEN = 2.0  # seconds after which a file that was shared is seen in its conversation
SHARES = 3  # times that it is shared while it cannot be told whether it was
LOOKS = 5  # times to look while Slack does not answer: to share meanwhile might be to share twice


@dataclass(frozen=True)
class Sharing:
    """`file_id` is Slack's, of the bytes that were uploaded. `perhaps`: an earlier holder may have shared its own copy of them
    since `since`.
    """

    api: SlackApi
    tries: Tries
    installations: Installations
    file: File
    file_id: str
    perhaps: bool
    since: datetime

    async def share(self, place: Place, until: float) -> Outcome:
        """Show the file, once where that can be told. Tries until `until` (monotonic seconds). Raises StoppedError."""
        opened = await self.tries.call(lambda: channel_of(self.api, place), until)
        channel = text_at(opened.data, "channel", "id")
        if not channel:
            return opened
        if self.perhaps and await self._is_shown(channel, place):
            return Outcome(Kind.OK)
        for _ in range(SHARES):
            outcome = await self.tries.call(lambda: self._complete(channel, place), until, twice=False)
            if outcome.kind is not Kind.DOUBT:
                return outcome
            await self.tries.patience.pause(SEEN)
            if await self._is_shown(channel, place):
                return Outcome(Kind.OK)
        return outcome

    async def _complete(self, channel: str, place: Place) -> Outcome:
        return await complete(self.api, self.file_id, self.file.name, channel, place.thread_ts)

    async def _is_shown(self, channel: str, place: Place) -> bool:
        for _ in range(LOOKS):
            sighting = await find(self.api, channel, place.thread_ts, self.since, self._is_it)
            if not sighting.later:
                break
            await self.tries.patience.pause(SEEN)
        return sighting.ts is not None

    def _is_it(self, message: object) -> bool:
        """Tell our own post of the file by its id, or that of an earlier holder by its name and size."""
        ours = {self.installations.bot_id, self.installations.user_id} - {None}
        if not ours & {id_at(message, "bot_id"), id_at(message, "user")}:
            return False
        alike = (self.file.name, len(self.file.content)) if self.perhaps else None
        return any(
            at(one, "id") == self.file_id or (at(one, "name"), at(one, "size")) == alike for one in items_at(message, "files")
        )
