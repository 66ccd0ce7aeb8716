"""What people ask about what users-service keeps: who they are, what is used, their data, their accounts. Pure."""

import re
from dataclasses import dataclass

from jeeves_contracts.shown import Topic
from jeeves_dispatcher.courtesy import heard

MONTH = 4  # words of one: `for November 2026`
#: What follows is compared as `heard`: without apostrophes.
WHOAMI = frozenset(
    {"whoami", "who am i", "who am i here", "who am i to you", "what are my roles", "which roles do i have", "my roles",
     "what may i do", "what am i allowed to do", "am i an admin", "am i admin", "am i an operator"}
)  # fmt: skip
EXPORT = frozenset(
    {"export", "export my data", "export all my data", "export everything about me", "export everything you know about me",
     "download my data", "send me my data", "give me my data", "get my data", "i want my data"}
)  # fmt: skip
ERASE = frozenset(
    {"erase", "delete everything about me", "erase everything about me", "delete all about me", "delete all my data",
     "erase all my data", "delete my data", "erase my data"}
)  # fmt: skip
LINK = frozenset({"link", "link accounts", "link my accounts", "link account", "link my account", "link an account"})
STATS = frozenset({"stats", "statistics"})
OF = frozenset({"for", "of", "in", "from"})
CODE = re.compile(r"[A-Za-z0-9-]{6,40}")


@dataclass(frozen=True)
class Tell:
    """Show something that users-service tells in its own words. `about` narrows it."""

    topic: Topic
    about: str = ""


@dataclass(frozen=True)
class Erase:
    """Erase everything about me; surely, where `confirmed`."""

    confirmed: bool = False


@dataclass(frozen=True)
class Link:
    """Join two accounts of mine, with the code of the step before."""

    code: str = ""


Keeping = Tell | Erase | Link


def keeping_of(typed: list[str]) -> Keeping | None:
    """Return what is asked, where the words of a message are nothing else."""
    words = [heard(word) for word in typed]
    text = " ".join(words)
    if text in WHOAMI:
        return Tell("whoami")
    if text in EXPORT:
        return Tell("export")
    if text.removesuffix(" now") in ERASE:
        return Erase(confirmed=text.endswith(" now"))
    if text in LINK:
        return Link()
    if words[:1] == ["link"] and len(words) == 2 and CODE.fullmatch(code := typed[1].strip("`*_~\"'.!?,")):  # noqa: PLR2004
        return Link(code)
    if words[:1] and words[0] in STATS and len(words) <= 1 + MONTH:
        return Tell("stats", " ".join(words[2:] if words[1:2] and words[1] in OF else words[1:]))
    return None
