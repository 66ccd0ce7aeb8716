"""From an event of Slack to a message of Jeeves, which holds nothing of Slack's but opaque ids. The raw event ends here."""

import re
from datetime import datetime

from jeeves_contracts.ids import message_id
from jeeves_contracts.messages import MessageReceived
from jeeves_contracts.people import Conversation
from slack_ingest.body import Object, at, id_at, need_id, text_at
from slack_ingest.plain import spoken, words_of
from slack_ingest.recognise import Ignored, is_direct, recognise
from slack_ingest.rich_text import MARK
from slack_ingest.who import installation_of, own_user, person_of

STAMP = re.compile(r"([0-9]{1,12})\.([0-9]{1,6})", re.ASCII)


def message_of(envelope: Object, known_user: str | None, now: datetime) -> MessageReceived | Ignored:
    """Return the message that an `event_callback` carries, or why it carries none. Never raises, whatever the event is.

    `known_user` is Jeeves's own user id as far as Slack told it at the start.
    """
    own = own_user(envelope, known_user)
    event = at(envelope, "event")
    why = recognise(envelope, own)
    words = "" if why else words_of(event, own)
    if why := why or _unaddressed(event, words):
        return why
    installation = installation_of(envelope)
    if installation is None:
        return Ignored.NO_AUTHORIZATION
    try:
        return _message(envelope, installation, spoken(words), now)
    except ValueError:  # ids that are missing, are none, or are too long together
        return Ignored.MALFORMED


def _unaddressed(event: object, words: str) -> Ignored | None:
    if text_at(event, "type") == "message" and not is_direct(event) and MARK not in words:
        return Ignored.NOT_ADDRESSED
    if text_at(event, "subtype") == "file_share" and not words.strip():
        return Ignored.FILE_ONLY
    return None


def _message(envelope: Object, installation: str, words: str, now: datetime) -> MessageReceived:
    event = at(envelope, "event")
    channel, user, ts = (need_id(event, key) for key in ("channel", "user", "ts"))
    thread = id_at(event, "thread_ts") or ts
    return MessageReceived(
        message_id=message_id(installation, channel, ts),
        trigger="message",
        text=words,
        identity=person_of(envelope, user),
        conversation=Conversation(
            installation_id=installation,
            channel_id=channel,
            thread_id=thread,
            in_thread=thread != ts,
            is_direct=is_direct(event),
        ),
        order=microseconds(ts),
        received_at=now,
    )


def microseconds(ts: str) -> int:
    """Return Slack's `seconds.fraction` as microseconds since 1970. Raises ValueError when it is none."""
    found = STAMP.fullmatch(ts)
    if not found:
        raise ValueError("not a timestamp of Slack's")
    return int(found[1]) * 1_000_000 + int(found[2].ljust(6, "0"))
