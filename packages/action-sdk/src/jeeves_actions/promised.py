"""What a manifest promises of every answer: users-service refuses what breaks it, here its author hears why."""

from pydantic_core import to_json

from jeeves_contracts.actions import (
    ALL_FACTS,
    ActionAnswer,
    Change,
    Command,
    FactClear,
    FactDelete,
    FactSet,
    Manifest,
    ScheduleDelete,
    SchedulePut,
)
from jeeves_contracts.grammar import Grammar

MEMO = 4000  # bytes of JSON
SHOWN = 60  # characters of a command that are told


def broken(manifest: Manifest, command: Command, answer: ActionAnswer) -> str | None:
    """Return what an answer does that the manifest does not say, as the end of a sentence; None when it keeps its promises."""
    if answer.changes and command.effect == "none":
        return "answered with changes, but its effect is none"
    if len(to_json(answer.memo)) > MEMO:
        return f"answered with a memo of more than {MEMO} bytes"
    return next((words for change in answer.changes if (words := _unpromised(manifest, change))), None)


def _unpromised(manifest: Manifest, change: Change) -> str | None:
    if isinstance(change, SchedulePut | ScheduleDelete) and change.name not in manifest.jobs:
        return f"changed the schedule {change.name}, which is none of the manifest's jobs"
    if isinstance(change, SchedulePut) and not _calls(manifest, change.command):
        return f"scheduled “{change.command[:SHOWN]}”, which does not begin with the name of a command of its own"
    if ALL_FACTS in manifest.facts:
        return None
    if isinstance(change, FactClear):
        return "cleared all facts, but its manifest does not ask for all of them"
    if isinstance(change, FactSet | FactDelete) and change.name not in manifest.facts:
        return f"changed the fact {change.name}, which is none of the manifest's facts"
    return None


def _calls(manifest: Manifest, command: str) -> bool:
    return Grammar((manifest, one) for one in manifest.commands).by_name(command) is not None
