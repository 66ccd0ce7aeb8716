"""What this action offers."""

from actions_config.words import WORDS
from jeeves_contracts.actions import Command, Manifest

#: What people say instead of `config …`. The whole text reaches the command, which reads it once more, by its own grammar.
PHRASES = [
    "my location is {location}", "my location is", "my location = {location}", "my location: {location}", "my location",
    "my city is {location}", "my town is {location}", "i live in {location}", "i moved to {location}",
    "set location {location}", "set my location {location}", "set location", "set my location",
    "change location {location}", "change my location {location}",
    "what is my location", "what's my location", "where do i live", "show my location",
    "forget my location", "forget location", "forget where i live", "delete my location",
    "my units are {units}", "my units", "set units {units}", "set my units {units}", "change my units {units}",
    "use metric", "use imperial", "use celsius", "use fahrenheit", "use metric units", "use imperial units",
    "what are my units", "show my units", "forget my units", "forget units", "delete my units",
    "what do you know about me",
]  # fmt: skip


def manifest() -> Manifest:
    """Return the manifest."""
    text = WORDS.text
    config = Command(
        name="config",
        aliases=["settings", "preferences"],
        usage=text("config.usage"),
        summary=text("config.summary"),
        examples=[text(f"example.{name}") for name in ("set", "units", "show", "forget", "all")],
        phrases=PHRASES,
        effect="changes",
    )
    return Manifest(
        name="config",
        version="1.0.0",
        summary=text("summary"),
        commands=[config],
        facts=["location", "units"],
        timeout_seconds=5,
    )
