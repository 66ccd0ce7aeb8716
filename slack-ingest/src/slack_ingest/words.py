"""All words of slack-ingest that people read."""

from jeeves_service.words import Catalogue

TEXTS = {
    "choose": "Choose…",
    "late": "This comes late, sorry: you asked {ago} ago.",
    "minute": "a minute",
    "minutes": "{count} minutes",
    "hours": "{count} hours",
    "days": "{count} days",
    "file_elsewhere": "I send files only in a direct conversation, so `{name}` is missing. Ask me there.",
    "file_forbidden": "I may not send files here, so `{name}` is missing. An admin can allow it.",
    "file_lost": "Slack did not take `{name}`, so it is missing. Ask me again in a while.",
    # What the people of a workspace read about the app before they know it.
    "app_name": "Jeeves",
    "app_summary": "Weather, things to remember, and more: ask it as you would a person.",
    "app_description": (
        "Write to Jeeves directly, or mention it in a channel. Say “help” to see what it can do, “what do you know about me” "
        "to see what it remembers, and “undo” to take back what it changed. It reads only what is said to it."
    ),
}
say = Catalogue("slack_ingest", TEXTS).text
