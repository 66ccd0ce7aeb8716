"""A late answer says that it is late, and of when the question was: people have gone on since."""

from datetime import datetime

from jeeves_contracts.delivery import Send
from slack_ingest.words import say

LATE = 60.0  # seconds after which an answer is one
#: From how many seconds on an age is told in a unit, how many seconds that has, and its key.
UNITS = ((172_800, 86_400, "days"), (5_400, 3_600, "hours"), (0, 60, "minutes"))


def notice(send: Send, now: datetime) -> str:
    """Return what a late answer begins with; nothing for one in time, and for what nobody asked for."""
    if send.asked_at is None or send.scheduled:
        return ""
    age = (now - send.asked_at).total_seconds()
    if age <= LATE:
        return ""
    length, key = next((length, key) for least, length, key in UNITS if age >= least)
    count = round(age / length)
    return say("late", ago=say("minute") if count == 1 else say(key, count=count))
