"""Which events ask something of Jeeves: an allow-list. All others are ignored, each with its reason."""

from enum import StrEnum

from slack_ingest.body import at, text_at

PERSONS = ("", "file_share", "thread_broadcast", "me_message")  # subtypes of what a person says
SPEAKING = ("app_mention", "message")  # events that are somebody's words
SLACKBOT = "USLACKBOT"


class Ignored(StrEnum):
    """Why a signed delivery starts nothing. Every one of them is answered 200 and counted."""

    EVENT_TYPE = "event_type"
    SUBTYPE = "subtype"
    BOT = "bot"
    OWN = "own"
    EDITED = "edited"
    HIDDEN = "hidden"
    NOT_ADDRESSED = "not_addressed"
    FILE_ONLY = "file_only"
    MALFORMED = "malformed"
    NO_AUTHORIZATION = "no_authorization"
    UNKNOWN_INSTALLATION = "unknown_installation"
    SLASH_COMMAND = "slash_command"
    INTERACTION = "interaction"
    FOREIGN_BUTTON = "foreign_button"
    UNREADABLE = "unreadable"


def recognise(envelope: object, own_user: str | None) -> Ignored | None:
    """Return why an event starts nothing; None for a mention, and for a person's message.

    Whether a message in a channel speaks to Jeeves its words tell, which nobody has read yet.
    """
    event = at(envelope, "event")
    user, subtype = text_at(event, "user"), text_at(event, "subtype")
    speaks = text_at(envelope, "type") == "event_callback" and text_at(event, "type") in SPEAKING
    bot = bool(at(event, "bot_id") or at(event, "bot_profile")) or user == SLACKBOT or subtype == "bot_message"
    reasons = {
        Ignored.EVENT_TYPE: not speaks,
        Ignored.HIDDEN: at(event, "hidden") is True,
        Ignored.OWN: bool(user) and user == own_user,
        Ignored.BOT: bot,
        Ignored.SUBTYPE: subtype not in PERSONS,
        Ignored.EDITED: bool(at(event, "edited")),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def is_direct(event: object) -> bool:
    """Tell a direct conversation: by its type, and where Slack leaves that out, by its id."""
    return text_at(event, "channel_type") == "im" or text_at(event, "channel").startswith("D")
