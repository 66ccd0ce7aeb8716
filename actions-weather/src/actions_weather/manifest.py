"""What this action offers."""

from actions_weather.words import WORDS
from jeeves_contracts.actions import Command, Manifest

#: Longer than the slowest answer: two calls to the provider of four seconds each, and a margin.
TIMEOUT = 10.0
ASKING = ("how is the weather", "how's the weather", "what is the weather", "what's the weather", "what is the weather like",
          "what's the weather like", "will it rain", "is it raining", "do i need an umbrella", "how cold is it",
          "how warm is it", "how hot is it")  # fmt: skip


def manifest() -> Manifest:
    """Return the manifest. Each way of asking is a phrase alone and with words for a place or a time (`tomorrow in Paris`)."""
    text = WORDS.text
    weather = Command(
        name="weather",
        aliases=["forecast"],
        usage=text("weather.usage"),
        summary=text("weather.summary"),
        examples=[text("example.named"), text("example.stored"), text("example.phrase")],
        phrases=[phrase for asking in ASKING for phrase in (asking, f"{asking} {{place}}")],
    )
    return Manifest(
        name="weather",
        version="1.0.0",
        summary=text("summary"),
        commands=[weather],
        facts=["location", "units"],
        timeout_seconds=TIMEOUT,
    )
