"""Facts forgotten: one, several, or, once they are sure, all."""

import re

from actions_config import names
from actions_config.answering.desk import Desk, pressing
from actions_config.answering.show import OWNERS, guessing, near
from actions_config.known import Known
from actions_config.names import Refused
from actions_config.reading.wishes import Forget, ForgetAll, Say
from actions_config.values import shown
from jeeves_contracts.actions import ActionAnswer, Change, FactClear, FactDelete
from jeeves_contracts.knowledge import Scope

PARTS = re.compile(r"\s*(?:,\s*and\s+|,|&|\+|\band\b)\s*", re.IGNORECASE)
MOST = 10  # facts at once
ASKED = "forget"  # what a memo says was asked
CLEARING: dict[Scope, str] = {
    "person": "config forget everything yes", "channel": "config forget everything about this channel yes",
    "workspace": "config forget everything about the workspace yes",
}  # fmt: skip


def forget(wish: Forget | ForgetAll | Say, desk: Desk) -> ActionAnswer:
    """Forget what is named, or everything; ask first, or hear the answer to that."""
    if isinstance(wish, Forget):
        return _one(wish, desk)
    if isinstance(wish, ForgetAll):
        return _all(wish, desk)
    scope = _asked(desk)
    if scope is None:
        return desk.say("not.asked" if wish.yes else "kept")
    return _all(ForgetAll(scope, sure=True), desk) if wish.yes else desk.say("kept")


def _one(wish: Forget, desk: Desk) -> ActionAnswer:
    """Forget what is named, or say that it is not known."""
    name = names.read(wish.name)
    if isinstance(name, Refused) and name.why == "long":
        name = names.of_note(wish.name)
    if isinstance(name, Refused) and name.why != "secret":
        return desk.say(f"name.{name.why}", limit=names.LONGEST)
    if why := desk.barred(wish.scope):
        return desk.say(why, example=desk.text("example.forget"))
    known = None if isinstance(name, Refused) else desk.known.get(name, wish.scope)
    known = known or desk.known.get(names.called(wish.name), wish.scope) or desk.known.get(names.of_note(wish.name), wish.scope)
    gone = [known] if known else _several(wish, desk)
    if wish.about and isinstance(name, str):
        gone += [fact for fact in desk.known.all(wish.scope) if fact.name.startswith(f"{name}'s ")]
    if not gone:
        return _unknown(names.called(wish.name) if isinstance(name, Refused) else name, wish, desk)
    if len(gone) == 1 and gone[0].is_note:
        text = desk.text("forgotten.note", text=desk.worth(gone[0], 300))
    else:
        *first, last = (desk.whose(fact.name, wish.scope) for fact in gone)
        text = desk.text("forgotten", whose=desk.text("and", first=", ".join(first), last=last) if first else last)
    return desk.reply(text, *_changes(gone, wish.scope, desk), aloud=wish.scope != "person")


def _all(wish: ForgetAll, desk: Desk) -> ActionAnswer:
    """Ask whether they are sure, and forget everything of a scope when they are."""
    if why := desk.barred(wish.scope):
        return desk.say(why, example=desk.text("example.forget"))
    count = len(desk.known.all(wish.scope))
    if not count:
        return desk.say(f"clear.none.{wish.scope}")
    if wish.sure:
        return desk.reply(desk.text(f"cleared.{wish.scope}"), FactClear(scope=wish.scope), aloud=wish.scope != "person")
    facts = desk.text("fact") if count == 1 else desk.text("facts", count=count)
    buttons = [
        *pressing(desk.text("button.clear"), CLEARING[wish.scope], danger=True),
        *pressing(desk.text("button.keep"), "config keep everything"),
    ]
    memo = {"asked": ASKED, "scope": wish.scope}
    return desk.reply(desk.text(f"clear.{wish.scope}", facts=facts), buttons=buttons, memo=memo)


def _asked(desk: Desk) -> Scope | None:
    """Return what they were asked whether to forget all of, None where they were not."""
    scope = desk.memo.get("scope") if desk.memo.get("asked") == ASKED else None
    return next((known for known in CLEARING if known == scope), None)


def _several(wish: Forget, desk: Desk) -> list[Known]:
    """Return facts that are named with "and" between them, none where one of them is not known."""
    parts = [part.removeprefix("my ") for part in PARTS.split(wish.name.casefold()) if part]
    found = [desk.known.get(name, wish.scope) if isinstance(name := names.read(part), str) else None for part in parts[:MOST]]
    return [fact for fact in found if fact] if len(parts) > 1 and all(found) else []


def _changes(gone: list[Known], scope: Scope, desk: Desk) -> list[Change]:
    """A time zone that was taken from the location goes with it."""
    forgotten = {fact.name: None for fact in gone}
    zone = desk.known.get(names.TIMEZONE)
    if scope == "person" and names.LOCATION in forgotten and zone and zone.derived:
        forgotten[zone.name] = None
    return [FactDelete(name=name, scope=scope) for name in forgotten]


def _unknown(name: str, wish: Forget, desk: Desk) -> ActionAnswer:
    text = desk.about("nothing", name, wish.scope)
    if elsewhere := desk.known.find(name):
        command = f"forget {OWNERS[elsewhere.scope]} {elsewhere.name}"
        told = desk.about("known", name, elsewhere.scope, value=desk.worth(elsewhere, 300))
        return desk.reply(f"{text} {told}", buttons=pressing(desk.text("button.forget_it"), command))
    if wish.about:
        return desk.say("nothing.about", topic=shown(wish.name))
    buttons = near(name, desk, "forget")
    return guessing(text, buttons, desk) if buttons else desk.reply(text)
