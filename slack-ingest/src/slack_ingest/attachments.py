"""Pictures and files on their way to Slack, ahead of the message that they belong to. What cannot be brought costs only itself.

https://docs.slack.dev/messaging/working-with-files
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import PictureBlock
from jeeves_contracts.delivery import Send
from jeeves_service.clock import Clock
from jeeves_service.logs import logger
from slack_ingest.body import id_at, text_at
from slack_ingest.installations import Installations
from slack_ingest.metrics import Metrics
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.post import Place
from slack_ingest.sharing import Sharing
from slack_ingest.slack_api import SlackApi
from slack_ingest.tries import Tries
from slack_ingest.upload import complete, put
from slack_ingest.words import say

PICTURE_PATIENCE, FILE_PATIENCE = 10.0, 60.0  # seconds after which nothing is tried again, and the message goes without it
BEFORE = timedelta(hours=1)  # how long before a scheduled reply was asked for its file may have been shared
FORBIDDEN = ("missing_scope", "not_allowed_token_type", "no_permission", "access_denied", "file_uploads_disabled")
#: The message cannot go either: nothing is given up for these.
NOTHING_GOES = (Kind.BARRED, Kind.NOT_SENT)
OK = Outcome(Kind.OK)
log = logger(__name__)


@dataclass
class Attached:
    """What has become of the pictures (Slack's ids by the places of their blocks, None when given up) and the file of a reply.

    In memory only, while it is carried. `perhaps`: an earlier holder may have shared the file. `note` says why it is missing.
    """

    reply_id: str = ""
    pictures: dict[int, str | None] = field(default_factory=dict)
    file_id: str = ""
    file_done: bool = False
    perhaps: bool = False
    note: str = ""

    def holds(self, reply: Reply) -> bool:
        """Tell whether nothing is left to bring."""
        return all(at in self.pictures for at, _ in pictures_of(reply)) and (reply.file is None or self.file_done)

    @property
    def shown(self) -> dict[int, str]:
        """The pictures that Slack has."""
        return {at: name for at, name in self.pictures.items() if name}


def pictures_of(reply: Reply) -> Iterator[tuple[int, PictureBlock]]:
    """Yield the pictures of a reply, each with its place among the blocks."""
    return ((at, block) for at, block in enumerate(reply.blocks) if isinstance(block, PictureBlock))


@dataclass(frozen=True)
class Attachments:
    """Brings what replies come with."""

    api: SlackApi
    installations: Installations
    tries: Tries
    metrics: Metrics
    clock: Clock

    async def bring(self, send: Send, place: Place, attached: Attached, asked_at: datetime) -> Outcome:
        """Upload what is not there yet. Afterwards it is there, or given up; else the message waits for what is returned.

        Raises StoppedError.
        """
        for at, block in pictures_of(send.reply):
            if at in attached.pictures:
                continue
            outcome = await self._picture(f"picture-{at}.png", block)
            if outcome.kind in NOTHING_GOES:
                return outcome
            attached.pictures[at] = self._counted("picture", send, outcome, id_at(outcome.data, "id"))
        if send.reply.file is None or attached.file_done:
            return OK
        outcome = await self._file(send, place, attached, asked_at)
        if outcome.kind in NOTHING_GOES:
            return outcome
        self._counted("file", send, outcome, attached.file_id)
        attached.file_done = True
        if outcome.kind is not Kind.OK and not attached.note:
            attached.note = say("file_forbidden" if outcome.code in FORBIDDEN else "file_lost", name=send.reply.file.name)
        return OK

    def dropped(self, attached: Attached, outcome: Outcome) -> None:
        """Take note that Slack has the pictures of a reply and will not show them."""
        for _ in attached.shown:
            self.metrics.uploaded("picture", "dropped")
        log.warning("a message goes without its pictures", reply_id=attached.reply_id, code=outcome.code)

    async def _picture(self, name: str, block: PictureBlock) -> Outcome:
        """Upload a picture, for our own messages to show. Twice does no harm."""

        async def once() -> Outcome:
            uploaded = await put(self.api, name, block.content, alt=block.alt)
            file_id = text_at(uploaded.data, "id")
            done = await complete(self.api, file_id, block.alt) if file_id else uploaded
            return uploaded if done.kind is Kind.OK else done

        return await self.tries.call(once, self.clock.monotonic() + PICTURE_PATIENCE)

    async def _file(self, send: Send, place: Place, attached: Attached, asked_at: datetime) -> Outcome:
        """Upload a file, and share it where its person alone reads."""
        file, until = send.reply.file, self.clock.monotonic() + FILE_PATIENCE
        if file is None:
            return OK
        if not (send.conversation.is_direct or send.reply.visibility == "direct"):
            attached.note = say("file_elsewhere", name=file.name)
            return Outcome(Kind.REFUSED, "not_direct")
        if not attached.file_id:
            uploaded = await self.tries.call(lambda: put(self.api, file.name, file.content), until)
            attached.file_id = text_at(uploaded.data, "id")
            if not attached.file_id:
                return uploaded
        since = send.asked_at or asked_at - BEFORE
        sharing = Sharing(self.api, self.tries, self.installations, file, attached.file_id, attached.perhaps, since)
        return await sharing.share(place, until)

    def _counted(self, kind: str, send: Send, outcome: Outcome, name: str | None) -> str | None:
        """Count what became of a picture or a file; return Slack's id of it, None when it is given up."""
        if outcome.kind is Kind.OK and name:
            self.metrics.uploaded(kind, "uploaded")
            return name
        self.metrics.uploaded(kind, "dropped")
        log.warning("a message goes without what came with it", what=kind, reply_id=send.reply_id, code=outcome.code)
        return None
