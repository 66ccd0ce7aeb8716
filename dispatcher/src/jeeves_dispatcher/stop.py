"""What Jeeves sends a person by itself: shown, and ended."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jeeves_contracts.actions import Reply
from jeeves_contracts.blocks import Choice
from jeeves_contracts.schedules import KnownSchedule
from jeeves_dispatcher.desk import Desk
from jeeves_dispatcher.showing import coded, pressing, replying, shortened

MOST = 100  # that are listed


def found(name: str, schedules: Sequence[KnownSchedule]) -> KnownSchedule | None:
    """Return the one schedule that is called so: by its name, its feature, or both."""
    wanted = " ".join(name.casefold().replace("-", " ").split())
    called = [schedule for schedule in schedules if wanted in _names(schedule)]
    return called[0] if len(called) == 1 else None


def choices(name: str, schedules: Sequence[KnownSchedule], desk: Desk) -> Reply:
    """Return what there is to stop. `name` is what was asked for and is none of it, or empty."""
    if not schedules:
        return replying(desk.text("stop_nothing"), visibility=desk.aside)
    title = desk.text("stop_unknown", name=shortened(name)) if name else desk.text("stop_which")
    return _shown(title, schedules, desk)


def listing(schedules: Sequence[KnownSchedule], desk: Desk) -> Reply:
    """Return what there is, with what ends it."""
    if not schedules:
        return replying(desk.text("schedules_none"), visibility=desk.aside)
    return _shown(desk.text("schedules"), schedules, desk)


def asked(schedules: Sequence[KnownSchedule]) -> str:
    """Return what yes means to the question which to stop: something only where there is but one."""
    return _stopping(schedules[0], schedules) if len(schedules) == 1 else ""


def stopped(schedule: KnownSchedule, desk: Desk) -> Reply:
    """Say that it is ended; users-service adds the receipt."""
    return replying(desk.text("stopped", command=coded(shortened(schedule.command))), visibility=desk.aside)


def _shown(title: str, schedules: Sequence[KnownSchedule], desk: Desk) -> Reply:
    lines = [title, *(_line(schedule, desk) for schedule in schedules[:MOST])]
    return replying("\n".join(lines), [_button(one, schedules, desk) for one in schedules], visibility=desk.aside)


def _names(schedule: KnownSchedule) -> set[str]:
    name, feature = schedule.name.replace("-", " "), schedule.feature.replace("-", " ")
    return {name, feature, f"{feature} {name}"}


def _button(schedule: KnownSchedule, schedules: Sequence[KnownSchedule], desk: Desk) -> Choice:
    command = _stopping(schedule, schedules)
    return pressing(command, desk.text("stop_button", name=command.removeprefix("stop ")))


def _stopping(schedule: KnownSchedule, schedules: Sequence[KnownSchedule]) -> str:
    name = schedule.name if found(schedule.name, schedules) else f"{schedule.feature} {schedule.name}"
    return f"stop {name}"


def _line(schedule: KnownSchedule, desk: Desk) -> str:
    command = coded(shortened(schedule.command))
    if schedule.next_due is None:
        return desk.text("stop_line_over", command=command)
    due = schedule.next_due.astimezone(_zone(schedule.timing.rule.timezone))
    return desk.text("stop_line", command=command, day=f"{due:%A} {due.day} {due:%B}", time=f"{due:%H:%M}")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
