"""What this action offers."""

from actions_weather.reading.question import QUESTIONS
from actions_weather.reading.wish import STOPPING
from actions_weather.words import WORDS
from jeeves_contracts.actions import Command, Manifest

#: Longer than the slowest answer: two calls to the provider of four seconds each, and a margin.
TIMEOUT = 10.0
SCHEDULE = "weather"  # the name of the one schedule that a person may have of it
DAILY = (
    "every {often} weather", "every {often} weather {place}", "send me the weather", "send me the weather {how}",
    "daily weather", "daily weather {daily}",
)  # fmt: skip
NAMED = (
    "{place} weather", "{place} weather {when}", "{place} temperature", "{place} temperature {when}",
    "what's it like in {place}", "what is it like in {place}", "what is the temperature", "what is the temperature {place}",
    "what's the temperature", "what's the temperature {place}",
    "what is the {place} weather", "what is the {place} weather {when}", "what's the {place} weather",
    "what's the {place} weather {when}", "what is the {place} temperature", "what is the {place} temperature {when}",
    "what's the {place} temperature", "what's the {place} temperature {when}",
)  # fmt: skip
FORECASTS = (
    "{place} forecast", "{place} forecast {when}", "{place} weather forecast", "{place} weather forecast {when}",
    "what is the forecast", "what is the forecast {place}", "what's the forecast", "what's the forecast {place}",
    "what is the weather forecast", "what is the weather forecast {place}", "what's the weather forecast",
    "what's the weather forecast {place}", "what is the {place} forecast", "what is the {place} forecast {when}",
    "what's the {place} forecast", "what's the {place} forecast {when}", "what is the {place} weather forecast",
    "what's the {place} weather forecast",
)  # fmt: skip
FOLLOW_UPS = (
    "and {more}", "or {more}", "what about {more}", "how about {more}", "and what about {more}", "and how about {more}",
    "same for {more}", "also {more}", "in {place}", "for {place}", "at {time}", "on {time}", "this {time}", "next {time}",
    "the next {time}", "today", "now", "tonight", "tomorrow", "tomorrow {time}", "the day after tomorrow", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "later", "later today", "the rest of the week", "in celsius",
    "in fahrenheit", "celsius", "fahrenheit", "the other one", "the other", "not that one", "no, the other one", "another one",
    "the one in {place}",
)  # fmt: skip
UNITS = ["auto", "metric", "imperial", "british"]


def manifest() -> Manifest:
    """Return the manifest. Each question is a phrase alone and with words for a place or a time (`tomorrow in Paris`)."""
    text = WORDS.text
    questions = [phrase for asking in QUESTIONS for phrase in (asking, f"{asking} {{place}}")]
    weather = Command(
        name="weather",
        aliases=["temperature", "weather-report"],
        usage=text("weather.usage"),
        summary=text("weather.summary"),
        examples=[text(f"example.{name}") for name in ("named", "stored", "phrase", "later", "daily")],
        phrases=[*questions, *NAMED],
        follow_ups=list(FOLLOW_UPS),
        effect="changes",
    )
    forecast = Command(
        name="forecast",
        aliases=["weather-forecast"],
        usage=text("forecast.usage"),
        summary=text("forecast.summary"),
        examples=[text("example.forecast"), text("example.days")],
        phrases=[*FORECASTS, *DAILY, *STOPPING],
        follow_ups=list(FOLLOW_UPS),
        effect="changes",
    )
    return Manifest(
        name="weather",
        version="2.0.0",
        summary=text("summary"),
        commands=[weather, forecast],
        settings_schema={
            "type": "object",
            "properties": {
                "units": {"type": "string", "title": text("setting.units"), "enum": list(UNITS), "default": UNITS[0]},
            },
            "additionalProperties": False,
        },
        facts=["location", "units"],
        jobs=[SCHEDULE],
        timeout_seconds=TIMEOUT,
    )
