"""A value told: checked, and kept with the answer."""

import asyncio
from collections.abc import Sequence

from actions_config import kinds, names, values
from actions_config.answering.desk import Desk, pressing, telling
from actions_config.kinds import Good, Kinds, Wrong
from actions_config.names import Refused
from actions_config.reading.chatter import is_talk
from actions_config.reading.wishes import Note, NotSo, Ours, Tell, TellSeveral
from jeeves_contracts.actions import ActionAnswer, Change, FactDelete, FactSet
from jeeves_contracts.blocks import ButtonsBlock, Choice
from jeeves_contracts.knowledge import Scope

LOUD: tuple[Scope, ...] = ("channel", "workspace")  # what is kept for others, they may see


async def keep(wish: Tell | TellSeveral | Note | Ours | NotSo, desk: Desk, known_kinds: Kinds) -> ActionAnswer:
    """Keep what was told, ask what is missing of it, or say why not."""
    if isinstance(wish, Tell):
        return await _tell(wish, desk, known_kinds)
    if isinstance(wish, TellSeveral):
        return _together(await asyncio.gather(*(_tell(one, desk, known_kinds) for one in wish.each)), desk)
    if isinstance(wish, Note):
        return _note(wish, desk)
    return _whose(wish, desk) if isinstance(wish, Ours) else _not_so(wish, desk)


async def _tell(wish: Tell, desk: Desk, known_kinds: Kinds) -> ActionAnswer:
    name = names.read(wish.name)
    if isinstance(name, Refused):
        return desk.say(f"name.{name.why}", limit=names.LONGEST)
    if why := desk.barred(wish.scope):
        return desk.say(why, example=desk.example(name, "person"))
    if not values.meant(wish.value):
        return desk.reply(_missing(name, wish, desk))
    if desk.known.is_full(wish.scope) and not desk.known.get(name, wish.scope):
        return desk.say("full")
    if name in names.KINDS:
        return _checked(name, await known_kinds.read(name, wish.value, desk.locale), wish.scope, desk)
    value = values.meant(wish.value)
    if values.is_too_long(value):
        return desk.say("value.long", limit=values.LONGEST)
    if not wish.asked and is_talk(name, value):
        told = f"remember my {wish.name} {'are' if wish.plural else 'is'} {wish.value}"
        return desk.say("talk", buttons=pressing(desk.text("button.remember"), told))
    return _kept(FactSet(name=name, value=value, scope=wish.scope), desk, plural=wish.plural)


def _together(answers: Sequence[ActionAnswer], desk: Desk) -> ActionAnswer:
    """Give several answers as one. Of two changes of one fact, the later is meant."""
    messages = [message for answer in answers for message in answer.messages]
    changes = {
        change.name: change for answer in answers for change in answer.changes if isinstance(change, FactSet | FactDelete)
    }
    buttons = [
        button for one in messages for block in one.blocks if isinstance(block, ButtonsBlock) for button in block.buttons
    ]
    return desk.reply("\n".join(message.text for message in messages), *changes.values(), buttons=buttons)


def _note(wish: Note, desk: Desk) -> ActionAnswer:
    """Keep a sentence, under a name of its own words."""
    text, named = values.meant(wish.text), names.read(names.of_note(wish.text))
    if names.MENTION.match(wish.text) or isinstance(named, Refused):
        return desk.say(f"name.{named.why if isinstance(named, Refused) else 'other'}", limit=names.LONGEST)
    if why := desk.barred(wish.scope):
        return desk.say(why, example=desk.text("example.note"))
    if values.is_too_long(text):
        return desk.say("value.long", limit=values.LONGEST)
    name = names.of_note(wish.text)
    known = desk.known.get(name, wish.scope)
    if known is None and desk.known.is_full(wish.scope):
        return desk.say("full")
    key = "note.same" if known and known.value == text else f"note.{wish.scope}"
    changes = [] if key == "note.same" else [FactSet(name=name, value=text, scope=wish.scope)]
    return desk.reply(desk.text(key, text=values.shown(text)), *changes, aloud=bool(changes) and wish.scope in LOUD)


def _whose(wish: Ours, desk: Desk) -> ActionAnswer:
    """Ask for whom something is to be kept that was said to be ours."""
    told = f"{wish.name} {'are' if wish.plural else 'is'} {wish.value}"
    buttons = pressing(desk.text("button.me"), f"remember my {told}")
    buttons += [] if desk.is_direct else pressing(desk.text("button.channel"), f"remember for this channel: {told}")
    buttons += pressing(desk.text("button.workspace"), f"remember for the whole workspace: {told}") if desk.is_admin else []
    return desk.say("ours", buttons=buttons)


def _not_so(wish: NotSo, desk: Desk) -> ActionAnswer:
    """Ask what is so instead."""
    name = names.read(wish.name)
    if isinstance(name, Refused):
        return desk.say(f"name.{name.why}", limit=names.LONGEST)
    return desk.reply(desk.about("not.so", name, wish.scope, example=desk.example(name, wish.scope)))


def _missing(name: str, wish: Tell, desk: Desk) -> str:
    if name in names.KINDS:
        return desk.text(f"missing.{name}")
    return desk.about("missing", name, wish.scope, plural=wish.plural, example=desk.example(name, wish.scope))


def _checked(name: str, verdict: Good | Wrong, scope: Scope, desk: Desk) -> ActionAnswer:
    """Keep a value of a known kind, or say what is wrong with it, with what may have been meant."""
    if isinstance(verdict, Wrong):
        text = desk.text(verdict.key, words=verdict.words)
        return desk.reply(text, buttons=_choices(name, verdict.near, scope))
    change = FactSet(name=name, value=verdict.value, scope=scope)
    remark = [desk.text(verdict.remark, value=kinds.told(name, verdict.value))] if verdict.remark else []
    also, about_zone = _zone(verdict, desk) if name == names.LOCATION and scope == "person" else ([], [])
    return _kept(change, desk, *also, remarks=[*about_zone, *remark], buttons=_choices(name, verdict.others, scope))


def _kept(
    change: FactSet, desk: Desk, *also: Change, plural: bool = False, remarks: list[str] | None = None,
    buttons: list[Choice] | None = None,
) -> ActionAnswer:  # fmt: skip
    """Answer with a change. What was before is added by whoever stores it."""
    known = desk.known.get(change.name, change.scope)
    is_same = known is not None and known.value == change.value
    value = desk.value(change.name, change.value)
    text = desk.about("same" if is_same else "set", change.name, change.scope, plural=plural, value=value)
    if is_same:
        return desk.reply(" ".join([text, *([desk.text("remark.others")] if buttons else [])]), buttons=buttons or [])
    told = " ".join([text, *(remarks or [])])
    return desk.reply(told, change, *also, buttons=buttons or [], aloud=change.scope in LOUD)


def _zone(place: Good, desk: Desk) -> tuple[list[Change], list[str]]:
    """Return what moving does to the time zone: one of their own stays, one that came with a place goes with it."""
    was = desk.known.get(names.TIMEZONE)
    if was and not was.derived:
        return [], [desk.text("zone.stays", zone=desk.worth(was))] if place.zone not in (None, was.value) else []
    if place.zone is None:
        return [FactDelete(name=names.TIMEZONE)] if was else [], []
    told = [] if was and was.value == place.zone else [desk.text("zone.set", zone=place.zone)]
    return [FactSet(name=names.TIMEZONE, value=place.zone)], told  # also when it is the same: it belongs to this place now


def _choices(name: str, near: tuple[str, ...], scope: Scope) -> list[Choice]:
    return [button for value in near for button in pressing(value, telling(name, value, scope))]
