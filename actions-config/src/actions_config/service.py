"""What somebody who tells, asks or takes back a fact about themselves is answered, and what changes by it."""

from actions_config.domain import Forget, Help, Set, Show, understand
from actions_config.facts import FACTS, LONGEST, NAMES
from actions_config.words import WORDS
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Change, FactDelete, FactSet, Reply, Visibility
from jeeves_contracts.blocks import Block, FieldsBlock, LabelledValue, TextBlock

SHOWN = 60  # characters of a name that nobody has


class ConfigService:
    """Answers one request; built for each, since all it knows is that person's."""

    def __init__(self, request: ActionRequest) -> None:
        self._text, self._locale = request.text, request.actor.locale
        facts = request.facts  # of any kind and length: others may set them, too
        self._facts = {name: value[:LONGEST] for name in FACTS if isinstance(value := facts.get(name), str) and value}
        self._is_direct = request.conversation.is_direct

    def answer(self) -> ActionAnswer:
        """Answer; what changes travels with the answer, and is stored with it or not at all."""
        wish = understand(self._text)
        if isinstance(wish, Help):
            return self._say("help")
        if isinstance(wish, Show) and not wish.name:
            return self._show_all()
        name = NAMES.get(wish.name)
        if name is None:
            return self._say("unknown", name=_printable(wish.name)[:SHOWN], names=", ".join(FACTS))
        if isinstance(wish, Set):
            return self._set(name, wish.words)
        if isinstance(wish, Forget):
            return self._forget(name)
        return self._say(f"known.{name}", value=self._facts[name]) if name in self._facts else self._say(f"unset.{name}")

    def _set(self, name: str, words: str) -> ActionAnswer:
        if not words.strip():
            return self._say(f"missing.{name}")
        value, was = FACTS[name](words), self._facts.get(name)
        if value is None:
            return self._say(f"wrong.{name}")
        if value == was:
            return self._say(f"same.{name}", value=value)
        change = FactSet(name=name, value=value)
        return self._say(f"changed.{name}" if was else f"set.{name}", change, value=value, was=was)

    def _forget(self, name: str) -> ActionAnswer:
        if name not in self._facts:
            return self._say(f"nothing.{name}")
        return self._say(f"forgotten.{name}", FactDelete(name=name), was=self._facts[name])

    def _show_all(self) -> ActionAnswer:
        if not self._facts:
            return self._say("all.none")
        text, locale = WORDS.text, self._locale
        shown = [(text(f"name.{name}", locale), self._facts.get(name, text("not.set", locale))) for name in FACTS]
        facts = "; ".join(text("all.one", locale, name=name, value=value) for name, value in shown)
        fields = FieldsBlock(fields=[LabelledValue(label=name, value=value) for name, value in shown])
        return self._reply(text("all", locale, facts=facts), blocks=[fields, TextBlock(text=text("change", locale))])

    def _say(self, key: str, *changes: Change, **values: object) -> ActionAnswer:
        return self._reply(WORDS.text(key, self._locale, **values), *changes)

    def _reply(self, text: str, *changes: Change, blocks: list[Block] | None = None) -> ActionAnswer:
        """What is about one person is for their eyes only (P14)."""
        visibility: Visibility = "channel" if self._is_direct else "ephemeral"
        return ActionAnswer(messages=[Reply(text=text, blocks=blocks or [], visibility=visibility)], changes=list(changes))


def _printable(words: str) -> str:
    return "".join(c for c in words if c.isprintable()).replace("`", "'")
