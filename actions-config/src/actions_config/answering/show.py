"""One fact shown: what it is, where from and since when, or what it was before."""

from difflib import get_close_matches

from actions_config import names
from actions_config.answering.desk import BEFORE, Desk, pressing
from actions_config.known import SCOPES, Known
from actions_config.names import Refused
from actions_config.reading.wishes import Show, ShowNotes
from actions_config.values import shown
from jeeves_contracts.actions import ActionAnswer
from jeeves_contracts.blocks import Block, Choice, ContextBlock, TableBlock, TextBlock
from jeeves_contracts.knowledge import Scope

CELL = 60  # characters
NEAR = 3
NOTES = 5
ARTICLES = frozenset({"a", "an", "the", "any"})
OWNERS: dict[Scope, str] = {"person": "my", "channel": "this channel's", "workspace": "the workspace's"}


def show(wish: Show, desk: Desk) -> ActionAnswer:
    """Tell one fact: the person's own, else the channel's, else the workspace's."""
    name = names.read(wish.name)
    if isinstance(name, Refused):
        return desk.say(f"name.{name.why}", limit=names.LONGEST)
    asked: Scope = wish.scope or "person"
    known = desk.known.get(name, asked) or desk.known.find(name) or desk.known.get(names.of_note(wish.name))
    if known is None:
        return _unknown(wish, name, asked, desk)
    if wish.past:
        return _past(known, desk, plural=wish.plural)
    text = desk.text("note.known", text=desk.worth(known)) if known.is_note else _value(known, desk, plural=wish.plural)
    if known.scope != asked and wish.scope is not None:
        text = f"{desk.about('unknown.own', name, asked)} {text}"
    source = _source(known, desk)
    blocks: list[Block] = [TextBlock(text=text), ContextBlock(text=source)] if source else []
    return desk.reply(f"{text} {source}".strip(), blocks=blocks)


def notes(wish: ShowNotes, desk: Desk) -> ActionAnswer | None:
    """Tell the notes that have these words, None where there are none."""
    words = wish.words - ARTICLES
    every = [fact for fact in desk.known.all(*SCOPES) if words and fact.is_note]
    found = [desk.worth(fact, 300) for fact in every if words.issubset(names.called(str(fact.value)).split())]
    return desk.reply("\n".join(desk.text("note.found", text=text) for text in found[:NOTES])) if found else None


def near(name: str, desk: Desk, verb: str) -> list[Choice]:
    """Return known names that are a slip away, to press."""
    facts = {fact.name: fact for scope in reversed(SCOPES) for fact in desk.known.all(scope)}
    found = [facts[one] for one in get_close_matches(name, facts, n=NEAR, cutoff=0.75)]
    return [button for fact in found for button in pressing(desk.called(fact.name), f"{verb} {OWNERS[fact.scope]} {fact.name}")]


def guessing(text: str, buttons: list[Choice], desk: Desk) -> ActionAnswer:
    """Say that there is no such fact, and what may have been meant."""
    return desk.reply(f"{text} {desk.text('near', command=buttons[0].command)}", buttons=buttons)


def _unknown(wish: Show, name: str, asked: Scope, desk: Desk) -> ActionAnswer:
    if buttons := near(name, desk, "what is"):
        return guessing(desk.about("unknown.own", name, asked), buttons, desk)
    if wish.about and name not in names.KINDS:
        return desk.say("unknown.about", topic=shown(wish.name, CELL))
    if wish.scope is None and name not in names.KINDS and not names.is_anothers(name):
        return _unheard(name, desk)
    return desk.reply(desk.about("unknown", name, asked, example=desk.example(name, asked)))


def _unheard(name: str, desk: Desk) -> ActionAnswer:
    """Say that nobody told of it, neither the person nor those around them, and how they may."""
    told = desk.text("example.any", name=name)
    key = "unknown.called" if desk.is_direct else "unknown.called.channel"
    return desk.say(key, topic=name, example=f"remember {told}", here=BEFORE["channel"].format(told=told))


def _value(known: Known, desk: Desk, *, plural: bool) -> str:
    return desk.about("known", known.name, known.scope, plural=plural, value=desk.worth(known))


def _source(known: Known, desk: Desk) -> str:
    """Say how a fact came to be known, and when."""
    if known.since is None:
        return ""
    key = known.source if known.scope == "person" else known.scope
    return desk.text("source.derived" if known.derived else f"source.{key}", date=desk.date(known.since))


def _past(known: Known, desk: Desk, *, plural: bool) -> ActionAnswer:
    """Tell what a fact was, newest first."""
    now = desk.worth(known, 300)
    if not known.past:
        return desk.reply(desk.about("past.none", known.name, known.scope, plural=plural, value=now))
    was = [(desk.value(known.name, past.value), desk.date(past.until)) for past in known.past]
    title = desk.about("past", known.name, known.scope, plural=plural, value=now)
    lines = [desk.text("past.line", value=value, date=date) for value, date in was]
    header = [desk.text("past.was"), desk.text("past.until")]
    table = TableBlock(header=header, rows=[[_cell(value), date] for value, date in was])
    return desk.reply("\n".join([title, *lines]), blocks=[TextBlock(text=title), table])


def _cell(words: str) -> str:
    return words if len(words) <= CELL else words[: CELL - 1] + "…"
