"""All that is known, page by page: about the person, the channel they are in, the workspace."""

from actions_config import names
from actions_config.answering.desk import Desk, pressing
from actions_config.known import MOST as MOST_FACTS
from actions_config.known import SCOPES, Known
from actions_config.reading.wishes import More, ShowAll
from jeeves_contracts.actions import ActionAnswer
from jeeves_contracts.blocks import Block, ContextBlock, TableBlock, TextBlock
from jeeves_contracts.knowledge import Scope

PAGE = 20  # facts
MOST = 3 * MOST_FACTS // PAGE  # pages
CELL, LINE = 60, 100  # characters of a value in the table, and in the text
ABOUT: dict[Scope | None, str] = {
    None: "facts page {}", "person": "facts about me page {}", "channel": "facts about this channel page {}",
    "workspace": "facts about the workspace page {}",
}  # fmt: skip


def overview(wish: ShowAll | More, desk: Desk) -> ActionAnswer:
    """Show a page of facts: more of them where that is what is wanted."""
    wish = _next(desk) if isinstance(wish, More) else wish
    if wish.scope == "channel" and desk.is_direct:
        return desk.say("nowhere")
    facts = desk.known.all(*([wish.scope] if wish.scope else SCOPES))
    if not facts:
        return desk.reply(_join(desk.text(f"all.none.{wish.scope or 'person'}"), _around(wish.scope, desk)))
    pages = -(-len(facts) // PAGE)  # rounded up
    page = min(wish.page, pages)
    shown = facts[(page - 1) * PAGE : page * PAGE]
    title = _join(desk.text(_title(wish.scope, facts)), _counted(page, len(facts), desk))
    untold = _untold(desk) if page == pages and wish.scope in (None, "person") else ""
    notes = _join(_around(wish.scope, desk), desk.text(f"how.{wish.scope or 'person'}"), untold)
    called = [_name(fact, desk, everywhere=wish.scope is None) for fact in shown]
    lines = [desk.text("all.line", name=n, value=desk.worth(fact, LINE)) for n, fact in zip(called, shown, strict=True)]
    blocks: list[Block] = [TextBlock(text=title), _table(called, shown, desk), ContextBlock(text=notes)]
    more = pressing(desk.text("button.more"), ABOUT[wish.scope].format(page + 1)) if page < pages else []
    memo = {"page": page + 1, "scope": wish.scope} if more else None
    return desk.reply("\n".join([title, *lines, notes]), blocks=blocks, buttons=more, memo=memo)


def _next(desk: Desk) -> ShowAll:
    """Return what comes after the page that was shown last."""
    page, told = desk.memo.get("page"), desk.memo.get("scope")
    scope = next((known for known in ABOUT if known == told), None)
    return ShowAll(scope, page if isinstance(page, int) and 0 < page <= MOST else 1)


def _title(scope: Scope | None, facts: list[Known]) -> str:
    return f"all.{scope or ('person' if facts[0].scope == 'person' else 'around')}"


def _counted(page: int, count: int, desk: Desk) -> str:
    if count <= PAGE:
        return ""
    return desk.text("all.page", first=(page - 1) * PAGE + 1, last=min(page * PAGE, count), count=count)


def _table(called: list[str], facts: list[Known], desk: Desk) -> TableBlock:
    rows = [
        [_short(name), desk.worth(fact, CELL), desk.date(fact.since) if fact.since else ""]
        for name, fact in zip(called, facts, strict=True)
    ]
    return TableBlock(header=[desk.text(f"column.{column}") for column in ("name", "value", "since")], rows=rows)


def _name(fact: Known, desk: Desk, *, everywhere: bool) -> str:
    """Return a fact's name, with whose it is where it is not the person's own among theirs."""
    name = desk.called(fact.name)
    return desk.text(f"named.{fact.scope}", name=name) if everywhere else name


def _around(scope: Scope | None, desk: Desk) -> str:
    """Tell of what is known of the channel, where only the person was asked about."""
    theirs = len(desk.known.all("channel", "workspace")) if scope == "person" else 0
    return desk.text("all.around.more") if theirs else ""


def _untold(desk: Desk) -> str:
    """Name the known kinds that they have not told yet."""
    untold = [desk.called(name) for name in names.KINDS if not desk.known.get(name)]
    if not untold:
        return ""
    *first, last = untold
    listed = desk.text("and", first=", ".join(first), last=last) if first else last
    return desk.text("untold", names=listed)


def _short(words: str) -> str:
    return words if len(words) <= CELL else words[: CELL - 1] + "…"


def _join(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
