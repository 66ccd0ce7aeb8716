"""What somebody who asks for the weather is told."""

import asyncio
from collections.abc import Callable

from actions_weather import render
from actions_weather.domain import Missed, units_for
from actions_weather.endpoint import ProviderError
from actions_weather.place import LONGEST, Asked, is_later, parse
from actions_weather.provider import OpenMeteo
from actions_weather.search import find
from actions_weather.words import WORDS
from jeeves_actions import UserFacingError, language_of, say
from jeeves_contracts.actions import ActionAnswer, ActionRequest
from jeeves_service.logs import logger

FAILED_DEPENDENCY = 424  # final: the person hears at once, and nobody tries again behind their back
log = logger(__name__)


class WeatherService:
    """Answers requests within `budget` seconds."""

    def __init__(self, provider: OpenMeteo, *, is_phrase: Callable[[str], bool], budget: float) -> None:
        self._provider, self._is_phrase, self._budget = provider, is_phrase, budget

    async def answer(self, request: ActionRequest) -> ActionAnswer:
        """Tell the weather, ask for the place, or say that it is not known (S40, S49).

        Raises UserFacingError when the provider cannot be reached (S56).
        """
        locale = request.actor.locale
        text = self._place(request)
        if is_later(text):
            return say(WORDS.text("later", locale))
        asked, stored = _asked(text, request)
        if asked is None:
            return say(WORDS.text("ask", locale))
        if len(asked.words) > LONGEST:
            return say(WORDS.text("long", locale))
        try:
            async with asyncio.timeout(self._budget):
                return await self._weather(asked, request, stored=stored)
        except (ProviderError, TimeoutError) as error:
            log.warning("the weather provider failed", why=str(error) or "no answer in time")
            raise UserFacingError(WORDS.text("down", locale), status=FAILED_DEPENDENCY) from error

    def _place(self, request: ActionRequest) -> str:
        """Return the words that name a place or a time, empty where a phrase says all."""
        named = request.args.get("place")
        return named if isinstance(named, str) else "" if self._is_phrase(request.text) else request.text

    async def _weather(self, asked: Asked, request: ActionRequest, *, stored: bool) -> ActionAnswer:
        locale = request.actor.locale
        found = await find(asked, language_of(locale), self._provider.search)
        if isinstance(found, Missed):
            return say(render.unknown(asked, found, locale, stored=stored))
        units = units_for(request.facts.get("units"), locale)
        kept = await self._provider.forecast(found.best.latitude, found.best.longitude, units)
        return ActionAnswer(messages=[render.report(found, kept, locale)])


def _asked(text: str, request: ActionRequest) -> tuple[Asked | None, bool]:
    """Return the place that is asked for, and whether it is the stored one."""
    if asked := parse(text):
        return asked, False
    location = request.facts.get("location")
    return (parse(location) if isinstance(location, str) else None), True
