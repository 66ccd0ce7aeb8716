"""One post: which method, to which channel, in which thread, with what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import PictureBlock, TableBlock
from jeeves_contracts.delivery import Send
from jeeves_contracts.people import Conversation
from slack_ingest import render
from slack_ingest.outcomes import INVALID_FILE

EVENT_TYPE = "jeeves_reply"  # of the metadata by which a post is found again

#: Slack would not have it in this form; the plainer one may do.
UNRENDERABLE = "unrenderable"  # our own word: it cannot even be written down
BAD_BLOCKS = (
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_attachments",
    "msg_blocks_too_long",
    UNRENDERABLE,
    INVALID_FILE,
)
BAD_THREAD = ("cannot_reply_to_message", "invalid_thread_ts", "thread_not_found")


class Place(NamedTuple):
    """Where a reply is shown. `ephemeral`: to its person alone, and not kept by Slack. `person`: `channel` is a user's id."""

    channel: str
    thread_ts: str | None
    ephemeral: bool = False
    person: bool = False


@dataclass(frozen=True)
class Form:
    """What is left of a reply when Slack would not have all of it."""

    tables: bool = True
    pictures: bool = True
    blocks: bool = True
    thread: bool = True

    def plainer(self, code: str, reply: Reply) -> "Form | None":
        """Return a form of the reply without what `code` complains of; None when there is none."""
        tables, pictures = (any(isinstance(block, kind) for block in reply.blocks) for kind in (TableBlock, PictureBlock))
        if code in BAD_BLOCKS and code != INVALID_FILE and self.tables and tables:
            return replace(self, tables=False)
        if code in BAD_BLOCKS and self.pictures and pictures:
            return replace(self, pictures=False)
        if code in BAD_BLOCKS and self.blocks:
            return replace(self, blocks=False)
        if code in BAD_THREAD and self.thread:
            return replace(self, thread=False)
        return None


class Beside(NamedTuple):
    """What is said and shown beside the words of a reply. `late` comes first, `note` last, each nothing or a sentence.

    `pictures` are Slack's ids of those that are there to be shown, by the places of their blocks.
    """

    late: str = ""
    note: str = ""
    pictures: Mapping[int, str] = {}


def thread_of(conversation: Conversation, *, in_thread: bool) -> str | None:
    """Return the thread that replies go to. `in_thread`: whether top-level messages in channels are answered in one."""
    if conversation.in_thread or (in_thread and not conversation.is_direct):
        return conversation.thread_id
    return None


def place_of(send: Send, form: Form, *, in_thread: bool) -> Place:
    """Return where a reply goes: into its conversation, or to the person alone."""
    conversation, visibility = send.conversation, send.reply.visibility
    if visibility == "direct" and not conversation.is_direct:
        return Place(send.user_id, None, person=True)
    ephemeral = visibility == "ephemeral" and not conversation.is_direct  # a direct conversation is private as it is
    thread_ts = thread_of(conversation, in_thread=in_thread) if form.thread else None
    person = conversation.is_direct and conversation.channel_id == send.user_id  # a schedule's run knows no other place
    return Place(conversation.channel_id, thread_ts, ephemeral=ephemeral, person=person)


def call_of(send: Send, place: Place, form: Form, beside: Beside = Beside()) -> tuple[str, dict[str, object]]:  # noqa: B008
    """Return the Web API method and its body."""
    said = "\n".join(filter(None, (beside.late, send.reply.text, beside.note)))
    body: dict[str, object] = {"channel": place.channel, "text": render.text(said), "link_names": False}
    if place.thread_ts:
        body["thread_ts"] = place.thread_ts
    if send.reply.blocks and form.blocks:
        body["blocks"] = _blocks(send.reply, place, form, beside)
    if place.ephemeral:
        return "chat.postEphemeral", {**body, "user": send.user_id}
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"reply_id": send.reply_id}}
    return "chat.postMessage", {**body, "metadata": metadata, "unfurl_links": False, "unfurl_media": False}


def _blocks(reply: Reply, place: Place, form: Form, beside: Beside) -> list[render.Json]:
    pictures = beside.pictures if form.pictures else {}
    shown = render.blocks(reply.blocks, with_tables=form.tables, pictures=pictures)
    if place.ephemeral and place.thread_ts:
        shown = render.marked(shown, place.thread_ts)
    first, last = ([render.context(words)] if words else [] for words in (beside.late, beside.note))
    return render.fitting([*first, *shown, *last])
