"""The weather that comes by itself: a person puts it, changes it and ends it with a sentence (S134 to S137, S139)."""

from actions_weather import daily
from actions_weather.manifest import SCHEDULE
from actions_weather.places import Sought
from actions_weather.reading.recurring import Recurring
from actions_weather.reading.units import SPOKEN
from actions_weather.reading.when import Ahead, Time, When
from actions_weather.reading.wording import words_for
from actions_weather.telling.report import Command, others
from actions_weather.words import WORDS
from actions_weather.zones import zone_of
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Reply, ScheduleDelete, SchedulePut
from jeeves_contracts.blocks import Block, TextBlock
from jeeves_geocoding import Found


def put(sought: Sought, found: Found, recurring: Recurring, request: ActionRequest) -> ActionAnswer:
    """Send the weather of a place at these times, on the person's clock.

    Where they live is asked for anew each time, but what a channel knows of it is not known outside of that channel.
    """
    locale, said, label = request.actor.locale, sought.said, found.best.label
    at = daily.time_for(said, recurring)
    zone = next((name for name in (request.actor.timezone, found.best.timezone) if zone_of(name)), None) or "UTC"
    moves = sought.stored and request.conversation.is_direct
    day = " ".join(filter(None, (_day_words(said.when), SPOKEN.get(said.units, ""))))
    text = WORDS.text(
        "daily.put",
        locale,
        days=daily.days_for(recurring, locale),
        time=_clock(at, locale),
        zone=zone,
        place=WORDS.text("daily.stored" if moves else "daily.place", locale, place=label),
    )
    command = f"weather {day}".strip() if moves else Command("weather in", day).of(label)
    change = SchedulePut(name=SCHEDULE, timing=daily.timing(recurring, at, zone), command=command)
    reply = _privately(text, request)
    if namesakes := others(found, locale):
        again = Command("weather in", f"{day} {daily.days_for(recurring, None).lower()} at {_clock(at, None)}".strip())
        blocks: list[Block] = [
            TextBlock(text=text),
            TextBlock(text=others(found, locale, pick=True)),
            again.buttons(found.others),
        ]
        reply = reply.model_copy(update={"text": f"{text} {namesakes}", "blocks": blocks})
    return ActionAnswer(messages=[reply], changes=[change])


def end(request: ActionRequest) -> ActionAnswer:
    """Send it no more."""
    text = WORDS.text("daily.off", request.actor.locale)
    return ActionAnswer(messages=[_privately(text, request)], changes=[ScheduleDelete(name=SCHEDULE)])


def _privately(text: str, request: ActionRequest) -> Reply:
    """Say it to the person alone: nobody else in a channel needs to know where and when they get up."""
    return Reply(text=text, visibility="channel" if request.conversation.is_direct else "ephemeral")


def _day_words(when: When) -> str:
    """Return the day that each of them is to tell about, where it is one that moves along: `tomorrow`, `this weekend`."""
    moving = when.span is not None or all(isinstance(day, Ahead) for day in when.days)
    return words_for(When(days=when.days, through=when.through, span=when.span)) if moving and when.has_day else ""


def _clock(at: Time, locale: str | None) -> str:
    return WORDS.text("clock", locale, hour=f"{at.hour % 24:02d}", minute=f"{at.minute:02d}")
