"""What a person wants with their facts, read from their words: `config set location Paris` and `I live in Paris` are one."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWING = {"show", "get", "list", "what", "what's", "which", "tell"}
FORGETTING = {"forget", "unset", "delete", "remove", "clear", "reset"}
SETTING = {"set", "change", "update"}
LIVING = (("i", "live", "in"), ("i", "moved", "to"))
SMALL = {"me", "my", "the", "is", "are", "a", "an"}
EVERYTHING = {"", "all", "everything", "facts", "settings", "config"}
WHOLE = {
    "where do i live": "location",
    "where am i": "location",
    "forget where i live": "location",
    "what do you know about me": "",
}


@dataclass(frozen=True)
class Show:
    """Tell one fact, or all when `name` is empty."""

    name: str = ""


@dataclass(frozen=True)
class Set:
    """Keep a value, in the person's words; none were given when `words` is empty."""

    name: str
    words: str


@dataclass(frozen=True)
class Forget:
    name: str


@dataclass(frozen=True)
class Help:
    """Tell how it is done."""


Wish = Show | Set | Forget | Help


def understand(text: str) -> Wish:
    """Read a wish. `name` is what the person called the fact, known or not."""
    words = text.split()
    if len(words) > 1 and _plain(words[-1]) == "please":
        words.pop()
    plain = [_plain(word) for word in words]
    whole = " ".join(plain)
    if whole in WHOLE:
        return Forget(WHOLE[whole]) if plain[0] == "forget" else Show(WHOLE[whole])
    verb = plain[0] if plain else ""
    if verb in SHOWING:
        return _show(plain[1:])
    if verb in FORGETTING:
        names = [word for word in plain[1:] if word not in SMALL]
        return Forget(" ".join(names)) if names else Help()
    if verb == "help":
        return Help()
    if told := _told(words, plain):
        return told
    return _pair(words[1:], is_command=True) if verb in SETTING else _pair(words, is_command=False)


def _told(words: list[str], plain: list[str]) -> Set | None:
    if plain[:1] == ["use"]:
        return Set("units", " ".join(words[1:]))
    if tuple(plain[:3]) in LIVING:
        return Set("location", " ".join(words[3:]))
    return None


def _show(rest: Sequence[str]) -> Show:
    name = " ".join(word for word in rest if word not in SMALL)
    return Show("" if name in EVERYTHING else name)


def _pair(words: list[str], *, is_command: bool) -> Wish:
    """Read `[my] <name> [is|=|to] <value>`. Without a value, a command lacks one; other words ask for it."""
    words = words[1:] if words and _plain(words[0]) in ("my", "the") else words
    if not words:
        return Help() if is_command else Show()
    name, mark, begun = _split(words[0])
    rest = ([begun] if begun else []) + words[1:]
    linked = bool(mark)
    if not linked and rest and _plain(rest[0]) in {"is", "are", "=", ":", "to", "as"}:
        linked, rest = True, rest[1:]
    if linked and len(rest) > 1 and _plain(rest[0]) == "now":
        rest = rest[1:]
    if not rest and not linked and not is_command:
        return _show([name])
    return Set(name, " ".join(rest))


def _split(word: str) -> tuple[str, str, str]:
    """Part `location=Paris` and `location:`."""
    at = min((place for place in (word.find("="), word.find(":")) if place > 0), default=len(word))
    return _plain(word[:at]), word[at : at + 1], word[at + 1 :]


def _plain(word: str) -> str:
    plain = word.casefold().replace("\u2019", "'")
    return plain.rstrip("?!.,;\u2026").lstrip("\u00bf\u00a1") or plain
