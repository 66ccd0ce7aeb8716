"""How a change reads: what was, and what is."""

import json

from pydantic import JsonValue

from users_service.domain.facts import same
from users_service.domain.records import FactsChanged, Kept
from users_service.words import words

SHOWN = 80  # characters of a value
SPELT = {"timezone": "time zone"}  # names that are shown as people write them


def short(value: JsonValue) -> str:
    """Return a value as it is shown: in one line, harmless where backticks mean something."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    plain = " ".join(text.replace("`", "'").split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def label(scope: str, name: str, locale: str | None = None) -> str:
    """Return a fact's name with whose it is, where it is not the person's own."""
    return words(f"receipt.of.{scope}", locale, name=SPELT.get(name, name))


def lines(changed: FactsChanged, locale: str | None = None) -> list[str]:
    """Return a line for each fact that is not what it was; one in all for the whole of them."""
    if changed.whole:
        title = words(f"receipt.whole.{changed.scope}", locale)
        sides = (_count(len(side), locale) for side in (changed.before, changed.after))
        return [words("receipt", locale, name=title, was=next(sides), now=next(sides))]
    found = []
    for name in changed.names:
        was, now = changed.before.get(name), changed.after.get(name)
        if was is None or now is None or not same(was.value, now.value):
            title = label(changed.scope, name, locale)
            found.append(words("receipt", locale, name=title, was=_side(was, "was", locale), now=_side(now, "now", locale)))
    return found


def _side(kept: Kept | None, side: str, locale: str | None) -> str:
    return words(f"receipt.no.{side}", locale) if kept is None else short(kept.value)


def _count(number: int, locale: str | None) -> str:
    key = "none" if number == 0 else "one" if number == 1 else "many"
    return words(f"receipt.facts.{key}", locale, number=number)
