"""A press of one of our own buttons is as if the person had typed its command."""

from datetime import datetime

from jeeves_contracts.ids import message_id
from jeeves_contracts.messages import MessageReceived
from jeeves_contracts.people import Conversation
from slack_ingest.body import Object, at, id_at, need_id, text_at
from slack_ingest.normalise import STAMP, microseconds
from slack_ingest.plain import spoken
from slack_ingest.recognise import Ignored
from slack_ingest.rich_text import MARK
from slack_ingest.who import installation_of_interaction, person_of_interaction

OURS = "jeeves:"  # what the action_id of each of our buttons begins with
MARKED = "@"  # before the thread, in the action_id of what is pressed in an ephemeral message


def message_of_button(payload: Object, now: datetime) -> MessageReceived | Ignored:
    """Return the message that a `block_actions` payload stands for, or why it stands for none. Never raises."""
    if text_at(payload, "type") != "block_actions":
        return Ignored.INTERACTION
    action = at(payload, "actions", 0)
    action_id = id_at(action, "action_id")
    if action_id is None or not action_id.startswith(OURS):
        return Ignored.FOREIGN_BUTTON
    installation = installation_of_interaction(payload)
    if installation is None:
        return Ignored.NO_AUTHORIZATION
    try:
        return _message(payload, installation, action_id, now)
    except ValueError:  # ids that are missing, are none, or are too long together; a view, which has no channel
        return Ignored.MALFORMED


def _message(payload: Object, installation: str, action_id: str, now: datetime) -> MessageReceived:
    action, container = at(payload, "actions", 0), at(payload, "container")
    command = text_at(action, "value") or text_at(action, "selected_option", "value")
    pressed, ts = need_id(action, "action_ts"), need_id(container, "message_ts")
    channel = id_at(container, "channel_id") or need_id(payload, "channel", "id")
    thread = id_at(container, "thread_ts") or id_at(payload, "message", "thread_ts") or _marked(action_id) or ts
    return MessageReceived(
        message_id=message_id(installation, "act", channel, ts, pressed, action_id),
        trigger="interaction",
        text=spoken(command.replace(MARK, "")),
        identity=person_of_interaction(payload, need_id(payload, "user", "id")),
        conversation=Conversation(
            installation_id=installation,
            channel_id=channel,
            thread_id=thread,
            in_thread=thread != ts,
            is_direct=channel.startswith("D"),
        ),
        order=microseconds(pressed),
        received_at=now,
    )


def _marked(action_id: str) -> str | None:
    """Return the thread that a button of ours tells. Slack's payload has no message where that is an ephemeral one."""
    thread = action_id.partition(MARKED)[2]
    return thread if STAMP.fullmatch(thread) else None
