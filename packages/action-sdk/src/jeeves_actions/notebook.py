"""What users-service would know of the person in a test: facts of each scope, where they came from, schedules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from jeeves_contracts.actions import Change, FactClear, FactDelete, FactSet, ScheduleDelete, SchedulePut
from jeeves_contracts.base import Json
from jeeves_contracts.knowledge import Book, KnownFact, Past, Scope
from jeeves_contracts.schedules import KnownSchedule

__all__ = ["Notebook"]

PAST = 5  # values that are remembered


@dataclass
class Notebook:
    """`own` are the person's facts, `channel` and `workspace` those that they share. A test may write into all of them."""

    own: Json = field(default_factory=dict)
    channel: Json = field(default_factory=dict)
    workspace: Json = field(default_factory=dict)
    schedules: dict[str, KnownSchedule] = field(default_factory=dict)
    _told: dict[tuple[Scope, str], KnownFact] = field(default_factory=dict)
    _past: dict[tuple[Scope, str], list[Past]] = field(default_factory=dict)

    def of(self, scope: Scope) -> Json:
        """Return the facts of a scope."""
        return {"person": self.own, "channel": self.channel, "workspace": self.workspace}[scope]

    def effective(self, *, is_direct: bool) -> Json:
        """Return the facts that count: the person's own before the channel's before the workspace's."""
        return {**self.workspace, **({} if is_direct else self.channel), **self.own}

    def book(self, now: datetime, *, is_direct: bool) -> Book:
        """Return all that is known."""
        scopes: tuple[Scope, ...] = ("person", "workspace") if is_direct else ("person", "channel", "workspace")
        facts = [self._known(scope, name, value, now) for scope in scopes for name, value in sorted(self.of(scope).items())]
        return Book(facts=facts, schedules=list(self.schedules.values()))

    def apply(self, changes: Iterable[Change], feature: str, now: datetime) -> None:
        """Do as an answer asks."""
        asked = list(changes)
        with_location = {one.scope for one in asked if isinstance(one, FactSet) and one.name == "location"}
        for change in asked:
            if isinstance(change, FactSet):
                derived = change.name == "timezone" and change.scope in with_location
                self._set(change, "location" if derived else None, now)
            elif isinstance(change, FactDelete):
                self._note(change.scope, change.name, now)
                self.of(change.scope).pop(change.name, None)
            elif isinstance(change, FactClear):
                self.of(change.scope).clear()
                self._past = {key: past for key, past in self._past.items() if key[0] != change.scope}
            elif isinstance(change, SchedulePut):
                self.schedules[change.name] = KnownSchedule(
                    feature=feature, name=change.name, command=change.command, timing=change.timing
                )
            elif isinstance(change, ScheduleDelete):
                self.schedules.pop(change.name, None)

    def _set(self, change: FactSet, with_fact: str | None, now: datetime) -> None:
        key, facts = (change.scope, change.name), self.of(change.scope)
        if facts.get(change.name) != change.value:
            self._note(*key, now)
            known = KnownFact(name=change.name, value=change.value, scope=change.scope, since=now, with_fact=with_fact)
            facts[change.name], self._told[key] = change.value, known

    def _note(self, scope: Scope, name: str, now: datetime) -> None:
        """Remember what a fact was until now."""
        facts: Mapping[str, JsonValue] = self.of(scope)
        past = self._past.setdefault((scope, name), [])
        if name in facts or past:
            past[:] = [Past(value=facts.get(name), until=now), *past][:PAST]

    def _known(self, scope: Scope, name: str, value: JsonValue, now: datetime) -> KnownFact:
        known = self._told.get((scope, name))
        if known is None or known.value != value:  # a test wrote it
            known = KnownFact(name=name, value=value, scope=scope, since=now)
        return known.model_copy(update={"history": list(self._past.get((scope, name), []))})
