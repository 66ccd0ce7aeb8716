"""What every answer is made from: what is known, who asks and where, and the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from actions_config import kinds, names
from actions_config.known import Knowledge, Known
from actions_config.values import shown
from actions_config.words import TEXTS, WORDS
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Change, Reply, Visibility
from jeeves_contracts.base import Json
from jeeves_contracts.blocks import Block, ButtonsBlock, Choice, TextBlock
from jeeves_contracts.knowledge import Scope

LABEL = 75  # characters of a button's words
COMMAND = 1_500  # characters of what it says
ENDS = (".", "!", "?", "\u2026", "\u3002")
BEFORE: dict[Scope, str] = {
    "person": "my {told}",
    "channel": "remember for this channel: {told}",
    "workspace": "remember for the whole workspace: {told}",
}


@dataclass(frozen=True)
class Desk:
    """One request. `zone` is where the person's clock is."""

    known: Knowledge
    locale: str | None
    zone: tzinfo
    is_direct: bool
    is_admin: bool
    memo: Json

    @classmethod
    def of(cls, request: ActionRequest) -> "Desk":
        """Read a request."""
        return cls(
            known=Knowledge.of(request),
            locale=request.actor.locale,
            zone=_zone(request.actor.timezone),
            is_direct=request.conversation.is_direct,
            is_admin=not {"admin", "operator"}.isdisjoint(request.actor.roles),
            memo=request.memo,
        )

    def text(self, key: str, **values: object) -> str:
        """Return a text in the person's language."""
        return WORDS.text(key, self.locale, **values)

    def called(self, name: str) -> str:
        """Return a fact's name as people read it."""
        return self.text(f"name.{name}") if name in names.KINDS else name

    def whose(self, name: str, scope: Scope) -> str:
        """Return `your birthday`, `ben's birthday`, `this channel's standup`."""
        owner = "named" if scope == "person" and names.is_anothers(name) else scope
        return self.text(f"whose.{owner}", name=self.called(name))

    def about(self, key: str, name: str, scope: Scope, *, plural: bool = False, **values: object) -> str:
        """Return a sentence about a fact: its key ends with `is` or `are` where it has both forms."""
        many = plural or name in names.PLURAL
        found = f"{key}.{'are' if many else 'is'}"
        return _sentence(
            self.text(found if found in TEXTS else key, whose=self.whose(name, scope), **values), values.get("value")
        )

    def example(self, name: str, scope: Scope) -> str:
        """Return how a fact is told, as something to type."""
        told = self.text(f"example.{name}") if name in names.KINDS else self.text("example.any", name=name)
        owner = "remember {told}" if scope == "person" and names.is_anothers(name) else BEFORE[scope]
        return owner.format(told=told)

    def worth(self, known: Known, limit: int = 2_000) -> str:
        """Return a fact's value as people read it."""
        if known.name in names.KINDS and isinstance(known.value, str):
            return shown(kinds.told(known.name, shown(known.value, limit)), limit)
        return shown(known.value, limit)

    def value(self, name: str, value: JsonValue, limit: int = 300) -> str:
        """Return any value of a fact, or of one that was, as people read it."""
        return self.text("not.set") if value is None else self.worth(Known(name, value), limit)

    def date(self, instant: datetime) -> str:
        """Return a day by the person's clock: `25 November 2026`."""
        local = instant.astimezone(self.zone)
        return self.text("date", day=local.day, month=self.text("months").split()[local.month - 1], year=local.year)

    def barred(self, scope: Scope) -> str | None:
        """Return the key of why the facts of a scope may not be changed from here by this person, None where they may."""
        if scope == "channel" and self.is_direct:
            return "barred.channel"
        return "barred.workspace" if scope == "workspace" and not self.is_admin else None

    def say(self, key: str, *, buttons: Sequence[Choice] = (), **values: object) -> ActionAnswer:
        """Answer with a sentence that changes nothing."""
        return self.reply(self.text(key, **values), buttons=buttons)

    def reply(
        self,
        text: str,
        *changes: Change,
        blocks: Sequence[Block] = (),
        buttons: Sequence[Choice] = (),
        memo: Mapping[str, JsonValue] | None = None,
        aloud: bool = False,
    ) -> ActionAnswer:
        """Answer. What is about one person is for their eyes only (P14), what was changed for others is said `aloud`."""
        all_blocks = [*(blocks or ([TextBlock(text=text)] if buttons else []))]
        all_blocks += [ButtonsBlock(buttons=list(buttons)[:5])] if buttons else []
        visibility: Visibility = "channel" if self.is_direct or aloud else "ephemeral"
        message = Reply(text=text, blocks=all_blocks, visibility=visibility)
        return ActionAnswer(messages=[message], changes=list(changes), memo=dict(memo or {}))


def pressing(label: str, command: str, *, danger: bool = False) -> list[Choice]:
    """Return a button; none where what it says is too long to be said by one."""
    if len(command) > COMMAND or not label.strip():
        return []
    words = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    return [Choice(label=words, command=command, style="danger" if danger else "plain")]


def telling(name: str, value: str, scope: Scope) -> str:
    """Return the words that tell a value of a known kind."""
    return BEFORE[scope].format(told="{} {} {}").format(name, "are" if name in names.PLURAL else "is", value)


def _sentence(text: str, value: object) -> str:
    """Return a text with a capital at its start, and no full stop behind a value that has its own."""
    if isinstance(value, str) and value.endswith(ENDS):
        text = text.replace(f"{value}.", value)
    return text[:1].upper() + text[1:]


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # a key that is none, or none that this machine has
        return UTC
