"""Something told: `my birthday is 3 May`, `for this channel: standup is at 9:30`, `that I am vegetarian`."""

import re
from dataclasses import dataclass

from actions_config import names
from actions_config.kinds import units
from actions_config.reading import scopes
from actions_config.reading.said import COLONS, LINKS, Said
from actions_config.reading.wishes import Hint, Note, NotSo, Ours, Show, Tell, TellSeveral, Wish
from jeeves_contracts.knowledge import Scope

MARKS = ("=", "\uff1d", "\uff1a")  # which part two words wherever they stand between them
SETTING = frozenset({"to", "as"})
NEGATED = frozenset({"isn't", "aren't", "isnt", "arent", "ain't"})
INSTEAD = ("it is", "it's", "its", "they are", "they're", "but", "rather", "but rather", "but it is", "but it's",
           "he is", "he's", "she is", "she's")  # fmt: skip
ASKING = frozenset({"what", "when", "where", "who", "which", "how", "why", "whose"})
NOTHING = frozenset({"", "nothing", "me", "it", "this", "that", "us", "everything", "something", "anything", "all"})
NOW = ("now", "currently", "now:", "actually")
LIVING = (
    "i live in", "i now live in", "i moved to", "i have moved to", "i've moved to", "i just moved to",
    "i am based in", "i'm based in", "i am located in", "i'm located in", "i am living in", "i'm living in", "i reside in",
)  # fmt: skip
SPEAKING = ("i speak", "i prefer to speak", "speak", "talk to me in", "answer me in", "answer in")
WORKING = ("i work from", "i work between", "i work", "i am working", "i'm working")
MEASURING = ("use", "i use", "i prefer", "switch to")
DIGIT = re.compile(r"\d")
SENTENCE = frozenset({"i", "i'm", "i've", "i'd", "i'll", "we", "we're", "we've", "you", "he", "she", "they", "there"})
FEW = 3  # words that are a name rather than a sentence
MOST = 30  # words of what is not so
SEVERAL = 5  # values that are told at once


@dataclass(frozen=True)
class Pair:
    """A name and a value. `link` is the word between them, or a mark."""

    name: str
    value: str
    link: str


def remembered(said: Said) -> Wish:
    """Read what follows `remember`."""
    said = said.after(
        1 if said.raw[:1] == ["this:"] else said.starts("that", "also", "also that", "the fact that", "for me that")
    )
    scope, said = scopes.taken_off(said)
    said = said.after(said.starts("that"))
    if said.whole in NOTHING:
        return Hint("remember")
    if said.starts("to") and scope is None:
        return Hint("remind")
    wish = _of_oneself(said, scope or "person") or _told(said, scope, asked=True)
    if wish:
        return wish
    if said.plain[0] in ASKING:
        return Hint("remember")
    owner, rest = (None, said.after(1)) if said.plain[0] == "our" else scopes.owned(said)
    is_name = said.plain[0] in ("my", "our") and (len(rest) < FEW or names.called(rest.text) in names.SYNONYMS)
    is_name = is_name or _is_one_word(said)
    return Tell(rest.text, "", scope or owner or "person") if is_name else Note(said.text, scope or "person")


def _is_one_word(said: Said) -> bool:
    """Tell whether it is `tea`, of which nothing is said; scripts without capitals write sentences in one word."""
    word = said.plain[0]
    return len(said) == 1 and word.isalpha() and word.upper() != word


def mentioned(said: Said) -> Wish:
    """Read what is said without any word for what to do with it."""
    scope, said = scopes.taken_off(said)
    if wish := _of_oneself(said, scope or "person") or _told(said, scope, asked=scope is not None):
        return wish
    owner, rest = scopes.owned(said)
    if typed := _typed(rest, scope or owner or "person"):
        return typed
    return Show(rest.text, scope or owner) if 0 < len(rest) <= FEW else Hint("help")


def ordered(said: Said) -> Wish:
    """Read what follows `set` or `change`: `my birthday to 4 May`, `my birthday from 3 May to 4 May`."""
    scope, said = scopes.taken_off(said)
    owner, rest = scopes.owned(said)
    scope = scope or owner or "person"
    if not len(rest):
        return Hint("set")
    if pair := split(rest, LINKS | SETTING):
        name = Said(pair.name)
        before = name.plain.index("from") if "from" in name.plain[1:] else len(name)
        return Tell(name.part(0, before), pair.value, scope, plural=pair.link == "are")
    if typed := _typed(rest, scope):
        return typed
    if len(rest) == 1 or owner:
        return Tell(rest.text, "", scope)
    return Tell(rest.part(0, 1), rest.part(1, 2), scope) if len(rest) == FEW - 1 else Hint("set")


def _of_oneself(said: Said, scope: Scope) -> Wish | None:
    """Read `I live in Paris`, `I speak German`, `I work from 9 to 5`, `use metric`."""
    if count := said.starts(*LIVING):
        return Tell(names.LOCATION, said.part(count, len(said)), scope)
    if count := said.starts(*SPEAKING):
        return Tell(names.LANGUAGE, said.part(count, len(said)), scope)
    if (count := said.starts(*WORKING)) and DIGIT.search(said.text):
        return Tell(names.HOURS, said.part(count, len(said)), scope)
    if (count := said.starts(*MEASURING)) and (
        units.read(said.part(count, len(said))) or (said.starts("use") and len(said) <= FEW)
    ):
        return Tell(names.UNITS, said.part(count, len(said)), scope)
    return None


def _told(said: Said, scope: Scope | None, *, asked: bool) -> Wish | None:
    """Read a name and its value, or several; None where there is nothing between two such."""
    if several := _several(said, scope or "person", asked=asked):
        return several
    is_ours = bool(said.starts("our")) and scope is None
    owner, rest = (None, said.after(1)) if said.starts("our") else scopes.owned(said)
    pair = split(rest, LINKS | NEGATED)
    if pair is None or (owner is None and rest.plain[0] in SENTENCE):
        return None
    if asked and rest.plain[0] in ASKING and pair.link in LINKS:
        return Hint("remember")
    whose, value = scope or owner or "person", Said(pair.value)
    if pair.link in NEGATED or value.starts("not"):
        return _instead(pair.name, value, whose, plural=pair.link in ("are", "aren't", "arent"))
    if value.whole in ASKING:
        return Show(pair.name, scope or owner, plural=pair.link == "are")
    value = value.after(1) if len(value) > 1 and value.starts(*NOW) else value
    if is_ours:
        return Ours(pair.name, value.text, plural=pair.link == "are")
    return Tell(pair.name, value.text, whose, plural=pair.link == "are", asked=asked or owner in ("channel", "workspace"))


def _several(said: Said, scope: Scope, *, asked: bool) -> TellSeveral | None:
    """Read `my tea is Assam and my birthday is 3 May`; None where not all of its parts are of that form."""
    ands = [at for at in range(1, len(said) - 1) if said.plain[at : at + 2] == ["and", "my"]]
    if not said.starts("my") or not 0 < len(ands) < SEVERAL:
        return None
    bounds = zip([0, *(at + 1 for at in ands)], [*ands, len(said)], strict=True)
    parts = [Said(said.part(start, end).rstrip(" ,;")) for start, end in bounds]
    if any(part.text.count('"') % 2 for part in parts):  # it stands within a value
        return None
    told = [_told(part, scope, asked=asked) for part in parts]
    each = tuple(one for one in told if isinstance(one, Tell) and one.value)
    return TellSeveral(each) if len(each) == len(parts) else None


def _instead(name: str, value: Said, scope: Scope, *, plural: bool) -> Wish:
    """Read `not 3 May, it's 4 May`."""
    for at in range(1, min(len(value), MOST)):
        rest = value.after(at)
        if (count := rest.starts(*INSTEAD)) and count < len(rest):
            return Tell(name, rest.part(count, len(rest)), scope, plural=plural)
    return NotSo(name, scope)


def _typed(said: Said, scope: Scope) -> Wish | None:
    """Read `location Paris`: the longest name of a known kind, and what follows it."""
    for count in range(min(FEW, len(said)), 0, -1):
        if (name := names.SYNONYMS.get(names.called(said.part(0, count)))) and len(said) > count:
            return Tell(name, said.part(count, len(said)), scope)
    return None


def split(said: Said, links: frozenset[str]) -> Pair | None:
    """Part at the first word, or mark, that stands between a name and its value."""
    for at, (word, plain) in enumerate(zip(said.raw, said.plain, strict=True)):
        after = said.part(at + 1, len(said))
        if at and (plain in links or word in (*links, *COLONS)):
            return Pair(said.part(0, at), after, plain)
        if "://" in word:
            continue
        if word.endswith((*COLONS, "=")) and len(word) > 1:
            return Pair(f"{said.part(0, at)} {word[:-1]}", after, word[-1])
        mark = next((mark for mark in (*MARKS, ":") if 0 < word.find(mark) < len(word) - 1), None)
        if mark and (mark != ":" or (at == 0 and not DIGIT.search(word))):
            before, _, begun = word.partition(mark)
            return Pair(f"{said.part(0, at)} {before}", f"{begun} {after}".strip(), mark)
    return None
