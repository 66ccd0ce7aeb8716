"""Every word of the dispatcher that people read, by key."""

from jeeves_service.words import Catalogue

TEXTS = {
    "apology": "Sorry, I could not do this: {feature} did not answer as it should. Your reference is {reference}.",
    "later": "Sorry, {feature} does not answer just now. Please try again in a few minutes. Your reference is {reference}.",
    "cannot_tell": (
        "I lost sight of this while {feature} was at work on it, so I cannot tell whether it was done. "
        "Please look there before you ask again. Your reference is {reference}."
    ),
    "disabled": "{feature} is switched off here. An admin of this workspace can switch it on.",
    "roles": "Only {roles} may use `{command}`.",
    "nothing": "Yes? Say `help` to see what I can do.",
    "unknown": "Sorry, I do not understand “{text}”. I can help with {commands}. Say `help` to see how.",
    "unknown_nothing": "Sorry, I cannot do anything here yet: no action is switched on.",
    "help_title": "This is what I can do:",
    "help_line": "• `{usage}`: {summary}",
    "help_examples": "  for example {examples}",
    "help_help": "• `help`: this list",
    "working": "is working on it…",
    "and": "{first} and {last}",
    "role.member": "members",
    "role.admin": "admins",
    "role.operator": "operators",
}
words = Catalogue("jeeves_dispatcher", TEXTS).text


def listed(names: list[str], locale: str | None = None) -> str:
    """Join names as people do: `a`, `a and b`, `a, b and c`."""
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    return words("and", locale, first=", ".join(names[:-1]), last=names[-1])
