"""The small users-service of an action's tests knows what the real one would."""

from datetime import UTC, datetime, timedelta

from jeeves_actions.notebook import Notebook
from jeeves_contracts.actions import Change, FactClear, FactDelete, FactSet, ScheduleDelete, SchedulePut
from jeeves_contracts.knowledge import Past
from jeeves_contracts.schedules import Rule, Timing

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def told(notebook: Notebook, *changes: Change, at: datetime = NOW) -> Notebook:
    notebook.apply(changes, "notes", at)
    return notebook


def test_the_persons_own_counts_before_the_channels_before_the_workspaces() -> None:
    notebook = Notebook(own={"a": 1}, channel={"a": 2, "b": 2}, workspace={"a": 3, "b": 3, "c": 3})
    assert notebook.effective(is_direct=False) == {"a": 1, "b": 2, "c": 3}
    assert notebook.effective(is_direct=True) == {"a": 1, "b": 3, "c": 3}
    assert [(fact.scope, fact.name) for fact in notebook.book(NOW, is_direct=True).facts] == [
        ("person", "a"), ("workspace", "a"), ("workspace", "b"), ("workspace", "c"),
    ]  # fmt: skip


def test_changes_leave_a_history_and_clearing_leaves_none() -> None:
    notebook = told(Notebook(), FactSet(name="a", value=1), FactSet(name="a", value=1, scope="channel"))
    told(notebook, FactSet(name="a", value=2), FactDelete(name="a", scope="channel"), at=LATER)
    (a,) = notebook.book(LATER, is_direct=False).facts
    assert (a.value, a.since, a.history) == (2, LATER, [Past(value=1, until=LATER)])
    told(notebook, FactClear())
    (a,) = told(notebook, FactSet(name="a", value=3), at=LATER).book(LATER, is_direct=False).facts
    assert a.history == []


def test_the_same_value_again_changes_nothing() -> None:
    notebook = told(Notebook(), FactSet(name="a", value=1))
    (a,) = told(notebook, FactSet(name="a", value=1), at=LATER).book(LATER, is_direct=False).facts
    assert (a.since, a.history) == (NOW, [])


def test_a_zone_told_with_a_location_follows_from_it() -> None:
    notebook = told(Notebook(), FactSet(name="location", value="Paris"), FactSet(name="timezone", value="Europe/Paris"))
    assert {fact.name: fact.with_fact for fact in notebook.book(NOW, is_direct=False).facts} == {
        "location": None, "timezone": "location",
    }  # fmt: skip
    told(notebook, FactSet(name="timezone", value="Europe/London"))
    assert [fact.with_fact for fact in notebook.book(NOW, is_direct=False).facts] == [None, None]


def test_schedules_come_and_go() -> None:
    timing = Timing(rule=Rule(cron="30 7 * * *"))
    notebook = told(Notebook(), SchedulePut(name="daily", timing=timing, command="x"))
    assert [(one.feature, one.name) for one in notebook.book(NOW, is_direct=False).schedules] == [("notes", "daily")]
    assert told(notebook, ScheduleDelete(name="daily")).book(NOW, is_direct=False).schedules == []
