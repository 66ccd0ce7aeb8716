"""What people ask of Jeeves itself rather than of an action. Pure, and the same for every registry."""

import re
from dataclasses import dataclass
from itertools import islice

from jeeves_contracts import grammar
from jeeves_dispatcher.courtesy import heard
from jeeves_dispatcher.keeping import Erase, Keeping, Link, Tell, keeping_of
from jeeves_dispatcher.switching import Configure, Share, Switch

MOST = 12  # words of a message that is one of these; `help` and `stop` may be followed by more
REFERENCE = re.compile(r"[A-Z2-7]{8}")
#: What follows is compared as `heard`: without apostrophes.
ABOUT = frozenset({"with", "on", "about", "for", "using", "me", "please", "the", "command"})  # between `help` and its topic
HELP = frozenset(
    {"what can you do", "what can you do for me", "what can i do", "what can i ask", "what can i ask you", "what can i say",
     "what do you do", "what do you know", "what are you", "who are you", "how do you work", "how does this work",
     "how do i use this", "how can you help", "how can you help me", "can you help me", "can you help", "i need help",
     "list commands", "commands", "show commands", "usage", "hilfe", "aide", "ayuda", "aiuto", "ajuda"}
)  # fmt: skip
UNDO = frozenset(
    {"undo", "undo that", "undo this", "undo it", "undo the last change", "undo my last change", "undo last change",
     "take that back", "take it back", "revert", "revert that", "change that back", "change it back"}
)  # fmt: skip
STOP = frozenset(
    {"stop", "stop it", "stop that", "stop this", "stop everything", "stop all", "stop all of it", "unsubscribe",
     "unsubscribe me", "leave me alone", "be quiet", "shut up", "stop writing to me", "stop messaging me", "no more messages"}
)  # fmt: skip
SCHEDULES = frozenset(
    {"schedules", "schedule list", "my schedules", "list schedules", "list my schedules", "show schedules", "show my schedules",
     "what schedules do i have", "what are my schedules", "which schedules do i have", "do i have schedules",
     "do i have any schedules", "what do you send me", "what do you send to me", "what are you sending me",
     "what do you send me by yourself", "what do you send me on your own"}
)  # fmt: skip
REPORT = frozenset({"report", "report this", "report that", "report this answer", "report an answer", "report answer"})
REPORTS = frozenset({"reports", "show reports", "list reports", "show the reports", "show me the reports"})
NO = frozenset({"no", "nope", "sorry", "but", "thats", "that", "this", "its", "is", "was"})
NOT_MEANT = ("not", "what", "i")
MEANT = frozenset({"meant", "mean", "wanted", "want", "asked", "said"})
WRONG = frozenset({"wrong", "thats wrong", "that is wrong", "wrong answer", "thats not right", "that is not right"})


@dataclass(frozen=True)
class Help:
    """What can Jeeves do, or how is `topic` used?"""

    topic: str = ""


@dataclass(frozen=True)
class Undo:
    """Take back what the message of `reference` changed; the last change where it is empty."""

    reference: str = ""


@dataclass(frozen=True)
class Stop:
    """End what is sent by schedule: the one of this name, or let choose."""

    name: str = ""


@dataclass(frozen=True)
class ListSchedules:
    """What is sent by schedule?"""


@dataclass(frozen=True)
class ReportAnswer:
    """Tell the admins of the answer to the message of `reference`, which may be empty."""

    reference: str = ""


@dataclass(frozen=True)
class ListReports:
    """What was reported?"""


@dataclass(frozen=True)
class NotMeant:
    """The answer to the message of `reference` (the one before, where it is empty) was not to the question."""

    reference: str = ""


Own = Help | Undo | Stop | ListSchedules | ReportAnswer | ListReports | NotMeant | Keeping | Switch | Share | Configure
#: The names under which they are kept, as if they were commands. What is told has its topic's name.
NAMES: dict[type[Own], str] = {
    Help: "help",
    Undo: "undo",
    Stop: "stop",
    ListSchedules: "schedules",
    ReportAnswer: "report",
    ListReports: "reports",
    NotMeant: "not-what-i-meant",
    Erase: "erase",
    Link: "link",
    Switch: "features",
    Share: "features",
    Configure: "features",
}


def name_of(asked: Own) -> str:
    """Return the name under which it is kept."""
    return asked.topic if isinstance(asked, Tell) else NAMES[type(asked)]


def is_for_admins(asked: Own) -> bool:
    """Tell whether it is of use to admins alone, so that nobody else is led to it."""
    return isinstance(asked, ListReports | Switch | Share | Configure) or (isinstance(asked, Tell) and asked.topic == "stats")


def help_of(said: str) -> Help | None:
    """Return the question for help that a message is: what follows `help` is what it is about."""
    words = _words(said)
    if words[:1] != ["help"]:
        return Help() if " ".join(words) in HELP else None
    for start, end in islice(grammar.spans(said), 1, None):
        if grammar.bare(said[start:end]) not in ABOUT:
            return Help(grammar.unquoted(said[start:]).strip(grammar.TRAILING + " "))
    return Help()


def own_of(said: str) -> Own | None:
    """Return what is asked of Jeeves, where a message is nothing else."""
    words = _words(said)
    text = " ".join(words)
    if kept := keeping_of(_typed(said)):
        return kept
    if text in STOP:
        return Stop()
    if text in SCHEDULES:
        return ListSchedules()
    if text in REPORTS:
        return ListReports()
    *before, last = words or [""]
    reference = last.upper() if REFERENCE.fullmatch(last.upper()) else ""
    asked = " ".join(before) if reference else text
    if asked in UNDO:
        return Undo(reference)
    if asked in REPORT:
        return ReportAnswer(reference)
    return NotMeant(reference) if _is_not_meant(asked) else None


def stop_of(said: str) -> Stop | None:
    """Return what is to be stopped, by its name as it was typed."""
    first = next(grammar.spans(said), None)
    if first is None or grammar.bare(said[slice(*first)]) != "stop":
        return None
    return Stop(grammar.unquoted(said[first[1] :]).strip(grammar.TRAILING + " "))


def _is_not_meant(asked: str) -> bool:
    if asked in WRONG:
        return True
    words = asked.split()
    while words and words[0] in NO:
        words = words[1:]
    return tuple(words[:3]) == NOT_MEANT and len(words) >= 4 and words[3] in MEANT and words[4:] in ([], ["for"])  # noqa: PLR2004


def _words(said: str) -> list[str]:
    """Return the words as they are compared; none of a message that is too long to be one of these, but for `help`."""
    places = list(islice(grammar.spans(said), MOST + 1))
    words = [word for start, end in places if (word := heard(said[start:end]))]
    return words if len(places) <= MOST else words[:1]


def _typed(said: str) -> list[str]:
    """Return the words as they were typed; none of a message that is too long to be one of these."""
    places = list(islice(grammar.spans(said), MOST + 1))
    return [said[start:end] for start, end in places if heard(said[start:end])] if len(places) <= MOST else []
