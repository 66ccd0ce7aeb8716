"""A registry as the dispatcher knows it, of features that look like real ones."""

from typing import Any

from jeeves_contracts.registry import Feature, Registry


def feature(name: str, *commands: dict[str, Any], **more: Any) -> Feature:
    """Return a feature with these commands."""
    listed = [{"usage": command["name"], "summary": "s", **command} for command in commands]
    manifest = {"name": name, "version": "1", "summary": name, "commands": listed, **more}
    return Feature.model_validate({"name": name, "url": "http://x", "manifest": manifest})


WEATHER = {
    "name": "weather",
    "aliases": ["forecast"],
    "phrases": [
        "will it rain in {place}", "will it rain", "is it {how} in {place}", "how is the weather", "what's the weather",
        "what's the weather like in {place}", "do i need an umbrella", "{place} weather", "stop weather",
    ],
    "follow_ups": ["and in {place}", "what about {place}", "tomorrow", "and {when}", "ok"],
    "examples": ["weather in London", "will it rain in Paris"],
}  # fmt: skip
CONFIG = {
    "name": "config",
    "aliases": ["settings", "preferences"],
    "phrases": [
        "my location is {location}", "my location", "i live in {location}", "what is my location", "forget my {fact}",
        "use fahrenheit", "use celsius", "my {fact} is {value}", "remember {what}", "what do you know about me",
    ],
    "effect": "changes",
    "examples": ["my location is Paris"],
}  # fmt: skip
GET = {"name": "config-get", "phrases": ["what's my location"]}
REGISTRY = Registry(revision=1, features=[feature("weather", WEATHER), feature("config", CONFIG, GET)])
