"""What somebody who asks for the weather is told."""

import asyncio
from datetime import datetime

from actions_weather import daily, subscriptions
from actions_weather.forecast.provider import OpenMeteo
from actions_weather.forecast.weather import Forecast, wall_time
from actions_weather.places import Places, Sought
from actions_weather.reading.heard import Said
from actions_weather.reading.memo import Memo
from actions_weather.reading.units import SPOKEN, units_for
from actions_weather.reading.when import Span, When
from actions_weather.reading.wish import Reader, Wish
from actions_weather.reading.wording import words_for
from actions_weather.resolve import Dates, Moment, Stretch, Target, last_day, resolve
from actions_weather.telling.days import day_name
from actions_weather.telling.report import Command, age, local_time, one_of, report, unknown
from actions_weather.telling.story import Teller
from actions_weather.words import WORDS
from actions_weather.zones import shows_other_day, shows_same_time
from jeeves_actions import UserFacingError, say
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Manifest
from jeeves_geocoding import Found, Geocoder, Missed
from jeeves_geocoding.cache import Kept
from jeeves_geocoding.endpoint import ProviderError
from jeeves_service.clock import Clock
from jeeves_service.logs import logger

FAILED_DEPENDENCY = 424  # final: the person hears at once, and nobody tries again behind their back
FEW_DAYS = When(span=Span("days", count=5))  # what a forecast is of when nothing is said
log = logger(__name__)


class WeatherService:
    """Answers requests within `budget` seconds."""

    def __init__(self, manifest: Manifest, provider: OpenMeteo, geocoder: Geocoder, clock: Clock, *, budget: float) -> None:
        self._readers = {command.name: Reader(command) for command in manifest.commands}
        self._provider, self._places, self._clock, self._budget = provider, Places(geocoder), clock, budget

    async def answer(self, request: ActionRequest) -> ActionAnswer:
        """Tell the weather, ask for the place, say that it is not known (S40, S49), or put or end a daily one.

        Raises UserFacingError when the provider cannot be reached (S56).
        """
        wish = self._readers[request.command].read(request)
        try:
            async with asyncio.timeout(self._budget):
                return await self._answer(wish, request)
        except (ProviderError, TimeoutError) as error:
            log.warning("the weather provider failed", why=str(error) or "no answer in time")
            raise UserFacingError(WORDS.text("down", request.actor.locale), status=FAILED_DEPENDENCY) from error

    async def _answer(self, wish: Wish, request: ActionRequest) -> ActionAnswer:
        locale, recurring = request.actor.locale, wish.said.recurring
        if wish.stop:
            return subscriptions.end(request)
        if recurring and not recurring.days:
            return say(WORDS.text("daily.often", locale))
        if wish.said.when.never:
            return say(WORDS.text("never", locale, what=wish.said.when.never))
        sought = await self._places.find(wish, request)
        if sought is None:
            asking = say(WORDS.text("daily.ask" if recurring else "ask", locale))
            return _reminded(asking, Memo(when=wish.said.when, about=wish.about))
        if sought.asked.is_too_long and not sought.stored:
            return say(WORDS.text("long", locale))
        command = _command(request, sought)
        if isinstance(sought.found, Missed):
            several = await self._places.each(sought.asked, request)
            reply = (
                one_of(several, command, locale)
                if several
                else unknown(sought.asked, sought.found, command, locale, stored=sought.stored)
            )
            return _reminded(ActionAnswer(messages=[reply]), Memo(when=sought.said.when, about=wish.about))
        if recurring:
            return subscriptions.put(sought, sought.found, recurring, request)
        return await self._weather(wish, sought.said, sought.found, request, command)

    async def _weather(self, wish: Wish, said: Said, found: Found, request: ActionRequest, command: Command) -> ActionAnswer:
        place, locale = found.best, request.actor.locale
        when = said.when or (FEW_DAYS if wish.days else When())
        units = units_for(said.units, request.facts.get("units"), request.settings.get("units"), locale)
        kept = await self._provider.forecast(place.latitude, place.longitude, units, when.reach)
        now = wall_time(self._clock.now(), kept.value.zone)
        target = resolve(when, self._clock.now().astimezone(kept.value.zone))
        others = tuple(other.label for other in found.others)
        known = not isinstance(target, str)
        memo = Memo(place.label, others, said.when if known else When(), said.units, wish.about)
        teller = Teller(place.label, kept.value, now, wish.about, locale)
        story = None if isinstance(target, str) else teller.tell(target, by_hour=request.trigger == "schedule")
        if story is None:
            return _reminded(say(_nothing(target, place.label, now, locale)), memo)
        notes = self._notes(kept, target, request)
        return _reminded(ActionAnswer(messages=[report(story, notes, found, command, locale)]), memo)

    def _notes(self, kept: Kept[Forecast], target: Target, request: ActionRequest) -> list[str]:
        locale, at, zone = request.actor.locale, self._clock.now(), kept.value.zone_name
        notes = [] if kept.age is None else [age(kept.age, locale)]
        here = request.actor.timezone
        by_clock, by_day = isinstance(target, Moment | Stretch), isinstance(target, Dates)
        if zone and ((by_clock and not shows_same_time(zone, here, at)) or (by_day and shows_other_day(zone, here, at))):
            notes.append(local_time(wall_time(at, kept.value.zone), zone, locale))
        return notes


def _nothing(target: Target, place: str, now: datetime, locale: str | None) -> str:
    """Say why there is nothing to tell."""
    if target == "past":
        return WORDS.text("past", locale)
    if target == "far":
        return WORDS.text("far", locale, place=place, day=day_name(last_day(now), now.date(), locale))
    return WORDS.text("gap", locale, place=place)


def _command(request: ActionRequest, sought: Sought) -> Command:
    word = "forecast for" if request.command == "forecast" else "weather in"
    often = daily.days_for(sought.said.recurring, None).lower() if sought.said.recurring else ""
    rest = (often, words_for(sought.said.when), SPOKEN.get(sought.said.units, ""))
    return Command(word, " ".join(filter(None, rest)))


def _reminded(answer: ActionAnswer, memo: Memo) -> ActionAnswer:
    return answer.model_copy(update={"memo": memo.to_json()})
