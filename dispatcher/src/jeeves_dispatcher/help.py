"""What Jeeves can do, from the live registry: only what this person may use here."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from jeeves_contracts import grammar
from jeeves_contracts.actions import Reply
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.intent import Intent
from jeeves_dispatcher.showing import ROW, coded, pressing, replying, shortened
from jeeves_dispatcher.words import listed

LONGEST = 10_000  # characters of help
SUGGESTED = 3  # names, where the one that is asked about is none
#: What is Jeeves's own by the name of its help, also by others that people may ask about.
OWN = {
    "help": "help", "undo": "undo", "stop": "stop", "schedules": "schedules", "report": "report", "reports": "reports",
    "not what i meant": "not what i meant", "who am i": "whoami", "whoami": "whoami", "features": "features",
    "feature": "features", "stats": "stats", "statistics": "stats", "export": "export", "export my data": "export",
    "delete everything about me": "erase", "erase": "erase", "link": "link", "link accounts": "link",
}  # fmt: skip
#: How an example begins that tells rather than asks: whoever presses it out of curiosity has changed something.
TELLING = frozenset(
    {"my", "i", "our", "remember", "forget", "note", "use", "set", "change", "update", "delete", "keep", "send"}
)
AGAIN = frozenset({"every", "daily", "weekly"})  # what makes a schedule


def examples(can: Sequence[Intent], most: int = ROW) -> list[str]:
    """Return what may be said: the first example of each feature before any second one, and so for each of its commands."""
    by_feature = [_in_turn(intent.command.examples for intent in group) for group in _grouped(can)]
    return [example for example in dict.fromkeys(_in_turn(by_feature)) if example.strip()][:most]


def harmless(can: Sequence[Intent], most: int = ROW) -> list[str]:
    """Return examples as `examples` does, of those only that change nothing when they are pressed to see what happens."""
    kept = [
        replace(
            one,
            command=one.command.model_copy(update={"examples": [said for said in one.command.examples if _asks(one, said)]}),
        )
        for one in can
    ]
    return examples(kept, most)


def overview(desk: Desk) -> Reply:
    """Return all commands, a line each, and examples to press."""
    lines = [desk.text("help_title"), *_lines(desk.can, desk)]
    text = "\n".join(lines)
    whole = text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n…"
    tried = harmless(desk.can)
    more = desk.text("help_more", name=desk.can[0].command.name) if desk.can else desk.text("help_none")
    trying = [desk.text("help_try", examples=listed([coded(one) for one in tried], desk.locale))] if tried else []
    admins = [desk.text("help_admins")] if desk.is_admin else []
    return replying(
        "\n".join([whole, *trying, more, desk.text("help_people"), *admins]),
        [pressing(one) for one in tried],
        visibility=desk.aside,
    )


def topic(about: str, desk: Desk) -> Reply:
    """Return how one command, feature or word of Jeeves's own is used; else what it may have been."""
    wanted = desk.grammar.named(about)
    if intent := next((one for one in desk.can if wanted and one.is_of(wanted)), None):
        return _command(intent, desk)
    name = about.casefold().strip()
    if ours := [intent for intent in desk.can if intent.feature.name == name]:
        return replying("\n".join(_lines(ours, desk)), [pressing(one) for one in harmless(ours)], visibility=desk.aside)
    if name in OWN:
        lines = [desk.text(f"own.{OWN[name]}"), *([desk.text("own.features_admins")] if _switches(name, desk) else [])]
        return replying("\n".join(lines), visibility=desk.aside)
    allowed = {known for intent in desk.can for known in _names(intent)}
    near = [known for known in desk.grammar.near_names(about) if known in allowed][:SUGGESTED]
    text = desk.text("help_unknown", topic=shortened(about))
    if not near:
        all_of_it = listed([coded(intent.command.name) for intent in desk.can], desk.locale) or coded("help")
        return replying(f"{text} {desk.text('help_with', commands=all_of_it)}", visibility=desk.aside)
    asked = [f"help {known}" for known in near]
    guess = desk.text("did_you_mean", guesses=listed([coded(one) for one in asked], desk.locale, "or"))
    return replying(f"{text} {guess}", [pressing(one) for one in asked], visibility=desk.aside)


def _switches(name: str, desk: Desk) -> bool:
    return desk.is_admin and OWN[name] == "features"


def _command(intent: Intent, desk: Desk) -> Reply:
    command, tried = intent.command, examples([intent])
    lines = [desk.text("help_topic", usage=coded(command.usage), summary=command.summary)]
    if command.aliases:
        lines.append(desk.text("help_aliases", names=listed([coded(alias) for alias in command.aliases], desk.locale, "or")))
    if tried:
        lines.append(desk.text("help_examples", examples=listed([coded(one) for one in tried], desk.locale)))
    return replying("\n".join(lines), [pressing(one) for one in harmless([intent])], visibility=desk.aside)


def _asks(intent: Intent, example: str) -> bool:
    """Tell whether an example only asks. Facts and schedules that change can be undone, what happens outside cannot."""
    words = [grammar.bare(word) for word in example.split()]
    if intent.command.effect == "none" or words in ([], [intent.command.name]):
        return True
    return intent.command.effect == "changes" and words[0] not in TELLING and AGAIN.isdisjoint(words)


def _names(intent: Intent) -> Iterable[str]:
    return (name.replace("-", " ") for name in (intent.command.name, *intent.command.aliases))


def _in_turn(lists: Iterable[Sequence[str]]) -> list[str]:
    return [one for rank in zip_longest(*lists, fillvalue="") for one in rank if one]


def _grouped(can: Sequence[Intent]) -> Iterable[list[Intent]]:
    by_feature: dict[str, list[Intent]] = {}
    for intent in can:
        by_feature.setdefault(intent.feature.name, []).append(intent)
    return by_feature.values()


def _lines(can: Sequence[Intent], desk: Desk) -> list[str]:
    """A line for each command; several of one feature stand below what it is for."""
    lines: list[str] = []
    for group in _grouped(can):
        if len(group) > 1:
            lines.append(desk.text("help_group", summary=group[0].feature.manifest.summary.rstrip(".")))
        lines += [desk.text("help_line", usage=coded(i.command.usage), summary=i.command.summary) for i in group]
    return lines
