"""A late answer says that it is late, and of when the question was."""

from datetime import timedelta

import pytest

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import TextBlock
from jeeves_contracts.delivery import Send
from slack_ingest.late import notice
from support.clock import START
from support.sending import Sending, place


def send(seconds: float | None, *, scheduled: bool = False) -> Send:
    asked = None if seconds is None else START - timedelta(seconds=seconds)
    reply = Reply(text="x")
    return Send(reply_id="m/1", number=1, conversation=place(), user_id="U1", reply=reply, scheduled=scheduled, asked_at=asked)


@pytest.mark.parametrize(
    ("seconds", "ago"),
    [
        (61, "a minute"), (89, "a minute"), (100, "2 minutes"), (720, "12 minutes"), (5_399, "90 minutes"), (5_400, "2 hours"),
        (86_400, "24 hours"), (172_800, "2 days"), (864_000, "10 days"),
    ],
)  # fmt: skip
def test_how_long_ago_it_was_asked_is_told_in_round_figures(seconds: float, ago: str) -> None:
    assert notice(send(seconds), START) == f"This comes late, sorry: you asked {ago} ago."


@pytest.mark.parametrize("one", [send(None), send(0), send(60), send(-500), send(5_000, scheduled=True)])
def test_what_is_in_time_or_was_not_asked_for_is_not_late(one: Send) -> None:
    assert notice(one, START) == ""


async def test_people_read_it_first(sender: Sending) -> None:
    ids = sender.users.put("slack:T0JEEVES:C1:1.1", place("C1"), "sunny", Reply(text="sunny", blocks=[TextBlock(text="sunny")]))
    for name in ids:
        sender.users.rows[name].asked_at = sender.clock.now() - timedelta(minutes=12)
    await sender.again(*ids)
    (in_time,) = await sender.ask("rainy", at=place("C2"))
    sender.users.rows[in_time].asked_at = sender.clock.now()
    await sender.settled()
    plain, pretty = sender.slack.shown("C1")
    said = "This comes late, sorry: you asked 12 minutes ago."
    assert plain["text"] == pretty["text"] == f"{said}\nsunny"
    first, *_ = pretty["blocks"]
    assert (first["type"], first["elements"]) == ("context", [{"type": "mrkdwn", "text": said}])
    assert sender.texts("C2") == ["rainy"]
