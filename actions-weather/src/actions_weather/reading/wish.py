"""What a request wishes for: its words, filled up with what was said before in the same thread."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from actions_weather.reading.heard import Said, hear
from actions_weather.reading.memo import Memo, memo_of
from actions_weather.reading.question import About, question_of
from jeeves_contracts.actions import ActionRequest, Command
from jeeves_contracts.grammar import Phrasebook, folded
from jeeves_geocoding import parse

MOST = 2000  # characters of a placeholder's words that are read: enough to see that it is too long
HOLES = ("often", "daily", "how", "place", "when", "more")
#: What stands before `weather` where no place does: `whats the weather in Paris`, `what the weather is in Paris`.
ASKING = re.compile(
    r"(?:(?:what|how)(?:['\u2019]?s| is)|(?:what|how|check|(?:what |how )?about|(?:show|get|give|tell|send|remind)(?: me| us)?"
    r"(?: of| about)?)(?= the\b|$))"
    r"(?: the)?(?: current)?(?: |$)|current$",
    re.IGNORECASE,
)
OTHER, ELSEWHERE = {"the other one", "the other", "not that one", "no, the other one", "another one"}, "the one in "
STOP = {
    "off", "stop", "no more", "unsubscribe", "cancel", "end", "never", "stop it", "no thanks", "no more please", "turn off",
    "stop sending it", "stop that", "opt out", "pause",
}  # fmt: skip
#: The same with a place or a time, which a person has no more than one schedule to end for: `stop weather in Paris`.
STOPPED = re.compile(
    r"(?:stop|pause|end|cancel|quit|disable|no more|(?:turn|switch) off|unsubscribe(?: me)?)(?: from)?"
    r"(?: (?:sending|telling|giving)(?: me| us)?)?"
    r"(?: (?:the|my|this|that|any|your|daily|more))* weather(?: (?:forecast|report|update|message)s?)?(?: .*)?"
)
STOPPING = (
    "stop weather", "stop the weather", "no more weather", "cancel the weather", "cancel weather", "unsubscribe",
    "unsubscribe from the weather", "unsubscribe from weather", "stop sending me the weather", "stop the daily weather",
    "turn off the weather", "no weather any more",
    "stop weather {place}", "stop the weather {place}", "stop sending me weather", "stop sending me weather {place}",
    "stop sending me the weather {place}", "stop sending the weather", "stop my weather", "stop my daily weather",
    "stop daily weather", "pause weather", "pause the weather", "pause weather {place}", "pause the weather {place}",
    "cancel weather {place}", "cancel the weather {place}", "end the weather", "no more weather {place}", "cancel my weather",
    "turn off weather", "switch off the weather", "pause my weather", "stop the daily weather {place}",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """`remembered` is the place that was spoken of in this thread, for where `said` has none; `memo` is all that was.

    `days`: it is a forecast of some days, where no time is said.
    """

    said: Said
    about: About | None = None
    remembered: str | None = None
    stop: bool = False
    days: bool = False
    memo: Memo = field(default_factory=Memo)


class Reader:
    """Reads the requests for one command."""

    def __init__(self, command: Command) -> None:
        self._forecast = command.name == "forecast"
        self._phrases = Phrasebook((phrase, None) for phrase in command.phrases)
        self._follow_ups = Phrasebook((phrase, None) for phrase in command.follow_ups)

    def read(self, request: ActionRequest) -> Wish:
        """Return what is wished for."""
        text = " ".join(folded(request.text[:MOST]).strip(" ?!.").split())
        if STOPPED.fullmatch(text) or (not request.args and (text in STOP or text in STOPPING)):
            return Wish(Said(), stop=True)
        memo = Memo() if request.trigger == "schedule" else memo_of(request.memo)
        phrase, follow_up = self._phrases.match(request.text), self._follow_ups.match(request.text)
        if not phrase and follow_up and bool(follow_up[1]) == bool(request.args):  # `weather in Rome` is `in Rome`, but named
            return replace(_followed(request, text, memo), days=self._forecast)
        held = request.args or (phrase[1] if phrase else {})
        if phrase or held:
            beginning = ["daily"] if text.startswith("daily") else []
            said = hear(" ".join([*beginning, *_holes(held)]), phrased=True)
            about = question_of(text)
        else:
            said, about = hear(request.text), None
        bare = not (said.place or said.here or said.when or said.units or about)
        days = self._forecast and (not phrase or "forecast" in text)  # not `send me the weather`
        return Wish(said, about, None if bare or said.recurring else memo.place, days=days, memo=memo)


def _followed(request: ActionRequest, text: str, memo: Memo) -> Wish:
    more = request.args.get("more")
    said = hear(more[:MOST] if isinstance(more, str) else request.text, phrased=True)
    remembered = memo.place
    if text in OTHER:
        said, remembered = Said(), memo.others[0] if memo.others else memo.place
    elif text.startswith(ELSEWHERE) and memo.place and (area := parse(text.removeprefix(ELSEWHERE))):
        name = memo.place.partition(",")[0]
        said = replace(said, place=parse(f"{name}, {area.words}"), other=None)
    return Wish(_filled(said, memo), memo.about, remembered, memo=memo)


def _filled(said: Said, memo: Memo) -> Said:
    """Fill up what was said. A time on the clock belongs to the day that was spoken of; another day is a day as a whole."""
    units = said.units or memo.units
    if not said.when:
        return replace(said, when=memo.when, units=units)
    if said.when.has_day or not memo.when.days or said.when.minutes is not None or said.when.now:
        return replace(said, units=units)
    day = replace(memo.when, time=None, part=None, minutes=None, rest=False)
    return replace(said, when=day.plus(said.when) or said.when, units=units)


def _holes(held: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield what fills a phrase's placeholders, in an order in which it can be read as one text."""
    for name in HOLES:
        words = held.get(name)
        if isinstance(words, str) and words.strip():
            asking = ASKING.match(words) if name == "place" else None
            yield ("every " if name == "often" else "") + words[asking.end() if asking else 0 :][:MOST]
