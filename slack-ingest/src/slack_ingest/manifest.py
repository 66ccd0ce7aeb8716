"""The manifest of the Slack app, made from the settings: pasted at https://api.slack.com/apps, it makes the app.

https://docs.slack.dev/reference/app-manifest
"""

from typing import Any
from urllib.parse import urlsplit

from jeeves_service.errors import SettingsError
from slack_ingest.routes import PATH
from slack_ingest.words import say

#: What is listened to, each with the scope that it takes.
EVENTS = {"app_mention": "app_mentions:read", "message.im": "im:history"}
#: Every method of the Web API that is called, with the scopes that it takes.
METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "assistant.threads.setStatus": ("chat:write",),
    "conversations.open": ("im:write",),
    "conversations.history": ("im:history", "channels:history", "groups:history", "mpim:history"),
    "conversations.replies": ("im:history", "channels:history", "groups:history", "mpim:history"),
    "users.info": ("users:read", "users:read.email"),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
}
#: Those that it works without: looking for a post whose answer was lost, what Slack knows of people, pictures and files.
SPARED = (
    "conversations.open",
    "conversations.history",
    "conversations.replies",
    "users.info",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
)

#: The scopes that the token must have, and those without which it does less.
NEEDED = frozenset({*EVENTS.values(), *(scope for name, scopes in METHODS.items() if name not in SPARED for scope in scopes)})
OPTIONAL = frozenset(scope for name in SPARED for scope in METHODS[name]) - NEEDED


def manifest(public_url: str) -> dict[str, Any]:
    """Return the manifest of an app that finds Jeeves at `public_url`. Raises SettingsError unless that is an https origin."""
    address = _origin(public_url) + PATH
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": say("app_name"),
            "description": say("app_summary"),
            "long_description": say("app_description"),
        },
        "features": {
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": say("app_name"), "always_online": True},
        },
        # Slack wants the optional ones in both lists: https://docs.slack.dev/changelog/2026/03/16/optional-scopes
        "oauth_config": {"scopes": {"bot": sorted(NEEDED | OPTIONAL), "bot_optional": sorted(OPTIONAL)}},
        "settings": {
            "event_subscriptions": {"request_url": address, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _origin(public_url: str) -> str:
    try:
        parts = urlsplit(public_url.strip())
        good = parts.scheme == "https" and parts.hostname and not parts.username and parts.path in ("", "/")
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment:
        raise SettingsError(["JEEVES_PUBLIC_URL is where Slack finds Jeeves, such as https://jeeves.example.com"])
    return f"https://{parts.netloc}"
