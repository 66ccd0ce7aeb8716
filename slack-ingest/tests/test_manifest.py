"""The manifest asks for what the code needs, and for nothing else (S23)."""

import ast
from pathlib import Path

import pytest

import slack_ingest
from jeeves_service.errors import SettingsError
from slack_ingest.manifest import METHODS, manifest
from slack_ingest.recognise import SPEAKING

ADDRESS = "https://jeeves.example.com"


def called_methods() -> set[str]:
    """Every name of a Web API method that stands in the code."""
    folder = Path(slack_ingest.__file__).parent
    trees = [ast.parse(file.read_text()) for file in folder.glob("*.py") if file.name != "manifest.py"]
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    families = ("auth.", "chat.", "conversations.", "users.", "assistant.", "reactions.", "views.", "files.", "team.", "bots.")
    return {text for text in texts if text.startswith(families) and text.replace(".", "").isalnum()}


def test_its_scopes_are_those_of_the_methods_and_events_in_the_code() -> None:  # S23
    assert called_methods() == set(METHODS)
    scopes = manifest(ADDRESS)["oauth_config"]["scopes"]
    needed = {scope for method in called_methods() for scope in METHODS[method]} | {"app_mentions:read", "im:history"}
    assert set(scopes["bot"]) == needed
    assert set(scopes["bot_optional"]) == needed - {"app_mentions:read", "im:history", "chat:write"}


def test_its_events_are_those_that_are_understood() -> None:  # S22
    settings = manifest(ADDRESS)["settings"]
    assert settings["event_subscriptions"]["bot_events"] == ["app_mention", "message.im"]
    assert {event.partition(".")[0] for event in settings["event_subscriptions"]["bot_events"]} == set(SPEAKING)
    for part in ("event_subscriptions", "interactivity"):
        assert settings[part]["request_url"] == "https://jeeves.example.com/slack/events"


def test_it_is_within_slacks_limits() -> None:
    told = manifest(ADDRESS)["display_information"]
    assert len(told["name"]) <= 35
    assert len(told["description"]) <= 140
    assert 175 <= len(told["long_description"]) <= 4000


@pytest.mark.parametrize("address", ["", "http://jeeves.example.com", "jeeves.example.com", "https://", "https://a.b/x", "https://[",
                                     "https://u:p@a.b", "https://a.b/?x", "https://a.b/#x"])  # fmt: skip
def test_slack_needs_an_https_origin(address: str) -> None:
    with pytest.raises(SettingsError, match="JEEVES_PUBLIC_URL"):
        manifest(address)
