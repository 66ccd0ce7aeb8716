"""What is to be forgotten: `my birthday`, `everything`, `everything about this channel`, `that I am vegetarian`."""

import re
from dataclasses import replace

from actions_config import names
from actions_config.reading import scopes, telling
from actions_config.reading.said import LINKS, Said
from actions_config.reading.wishes import Forget, ForgetAll, Hint, Wish
from jeeves_contracts.knowledge import Scope

LONGEST = 300  # characters
VERBS = (
    "forget", "delete", "remove", "unset", "clear", "reset", "erase", "drop", "unlearn", "don't remember", "do not remember",
    "don't keep", "do not keep", "don't store", "stop remembering", "stop keeping", "stop storing",
)  # fmt: skip
IT = frozenset(
    {"it", "that", "about it", "about that", "this", "nothing", "never mind", "it please", "what i said", "yes", "no"}
)
_ALL = (
    r"(?:everything|all|all of it|it all|all facts|the facts|facts|my facts|all my facts|my data|all my data|anything"
    r"|all settings|my settings|config|all that|all you know|what)"
)
_KNOWN = r"(?: (?:that )?(?:you|i) (?:know|have|told you|remember|have told you|ever told you|stored|keep))?"
ALL = re.compile(rf"{_ALL}{_KNOWN}(?: (?:(?:about|of|for|on|in) (?P<whom>.+?)|(?P<here>here)))?(?P<sure> yes)?")
WHERE: dict[str, str] = {
    "where i live": names.LOCATION, "where i am": names.LOCATION, "what i speak": names.LANGUAGE,
    "which language i speak": names.LANGUAGE, "what language i speak": names.LANGUAGE, "when i work": names.HOURS,
}  # fmt: skip


def forgotten(said: Said) -> Wish:
    """Read what follows `forget`."""
    said = said.beyond(*VERBS, "please")
    whole = said.whole
    if not whole:
        return Hint("forget")
    if whole in IT:
        return Hint("forget_it")
    if name := WHERE.get(whole.removeprefix("about ")):
        return Forget(name)
    if len(whole) <= LONGEST and (found := ALL.fullmatch(whole)):
        return _all(found["whom"] or found["here"], sure=bool(found["sure"]))
    said = said.after(said.starts("about", "about the", "the fact that"))
    if whom := scopes.about(said.whole):
        return ForgetAll(whom)
    if said.whole == "who i am":
        return ForgetAll()
    return _one(said)


def _one(said: Said) -> Wish:
    told = said.after(said.starts("that"))
    scope, rest = scopes.owned(told)
    if told.starts("i", "i'm", "i've", "we"):
        return Forget(names.of_note(told.text))
    if len(told) < len(said):  # that my birthday is 3 May
        pair = telling.split(rest, LINKS)
        return Forget(pair.name if pair else names.of_note(told.text), scope or "person")
    scope, said = scopes.taken_off(said)
    owner, rest = scopes.owned(said)
    return Forget(rest.text, scope or owner or "person")


def _all(whom: str | None, *, sure: bool) -> Wish:
    scope: Scope | None = "person" if whom in (None, "yes") else scopes.about(whom or "")
    if scope is None:
        wish, owner = _one(Said(whom or "")), scopes.owned(Said(whom or ""))[0]
        return replace(wish, about=True) if isinstance(wish, Forget) and owner is None else wish
    return ForgetAll(scope, sure=sure or whom == "yes")
