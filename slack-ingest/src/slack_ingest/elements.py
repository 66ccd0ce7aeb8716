"""What can be pressed or chosen: buttons, lists and the ⋯ menu of Block Kit, within Slack's limits.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator, Sequence
from typing import Any

from jeeves_contracts.blocks import Choice
from slack_ingest.interactions import OURS
from slack_ingest.plain import clean
from slack_ingest.words import say

LABEL = 75  # characters of a button, and of an option
OPTION = 150  # characters of an option's value; a button's may have 2,000
ROW = 25  # buttons in an actions block
FEWEST = 2  # options of a ⋯ menu
Json = dict[str, Any]


def rows(choices: Sequence[Choice], index: int) -> Iterator[Json]:
    """Yield rows of buttons."""
    buttons = [_button(choice, f"{OURS}{index}.{number}") for number, choice in enumerate(choices)]
    for start in range(0, len(buttons), ROW):
        yield {"type": "actions", "elements": buttons[start : start + ROW]}


def select(choices: Sequence[Choice], index: int) -> Json | None:
    """Return a list to choose from; None where a command is too long for an option."""
    if not _fit(choices):
        return None
    placeholder = plain(say("choose"), LABEL)
    return {"type": "static_select", "placeholder": placeholder, "options": _options(choices), "action_id": f"{OURS}{index}"}


def overflow(choices: Sequence[Choice], index: int) -> Json | None:
    """Return a ⋯ menu; None where there is one choice only, or a command is too long for an option."""
    if len(choices) < FEWEST or not _fit(choices):
        return None
    return {"type": "overflow", "options": _options(choices), "action_id": f"{OURS}{index}"}


def plain(words: str, limit: int) -> Json:
    """Return plain text, which Slack shows as it stands."""
    return {"type": "plain_text", "text": clean(words)[:limit]}


def _fit(choices: Sequence[Choice]) -> bool:
    return all(len(choice.command) <= OPTION for choice in choices)


def _options(choices: Sequence[Choice]) -> list[Json]:
    return [{"text": plain(choice.label, LABEL), "value": choice.command} for choice in choices]


def _button(choice: Choice, action_id: str) -> Json:
    button: Json = {"type": "button", "text": plain(choice.label, LABEL), "value": choice.command, "action_id": action_id}
    return button if choice.style == "plain" else {**button, "style": choice.style}
