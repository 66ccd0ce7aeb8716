"""Working hours: `9 to 5`, `9:00–17:30`, `Monday to Friday from 9am to noon and 1pm to 5pm`.

Kept as `Mon-Fri 09:00-12:00, 13:00-17:00`; without days where none were told.
"""

import itertools
import re

from actions_config.kinds import days
from actions_config.kinds.verdict import Good, Verdict, Wrong
from actions_config.values import meant, shown

LONGEST = 150  # characters
MOST = 3  # stretches of a day
NOON, DAY = 12 * 60, 24 * 60  # minutes
CLOCK = 12  # hours that a clock's face has
_TO = r"(?:\s*(?:-|\u2013|\u2014|~|\u301c|\uff5e|>)\s*|\s*\b(?:to|till|til|until|through|thru|bis|\u00e0|a|au|and|und|et)\b\s*)"
_TIME = r"(?:(\d{1,2})(?:[:.h](\d{2})|(\d{2}))?(?:\s*(?:uhr|o'clock|h))?(?:\s*([ap])\.?m\b\.?)?|(noon|midday|midnight))"
RANGE = re.compile(rf"(?<![\d:.]){_TIME}{_TO}{_TIME}(?![\d:])")
FILLING = re.compile(
    r"\b(?:from|between|on|every|each|of|and|the|my|are|is|at|plus|with|as well as|also|then|only|usually|mostly|normally"
    r"|hours?|von|ab|um|zwischen|und|uhr|de|du|au|le|les|et)\b|[,;&+.()/]"
)
#: What is written otherwise: parts of the day, and Japanese.
OTHERWISE = (
    (re.compile(r" in the morning\b"), "am"),
    (re.compile(r" (?:in the (?:afternoon|evening)|at night)\b"), "pm"),
    (re.compile("時半"), ":30"),
    (re.compile(r"時(\d{1,2})分"), r":\1"),
    (re.compile("時"), ":00"),
    (re.compile("から"), "-"),
    (re.compile("まで"), ""),
)
Stretch = tuple[int, int]  # minutes of the day


def read(words: str) -> Verdict:
    """Check working hours."""
    said = " ".join(meant(words).casefold().split())
    if not said:
        return Wrong("missing.working hours")
    wrong = Wrong("wrong.working hours", shown(said, LONGEST))
    if len(said) > LONGEST:
        return wrong
    for pattern, plain in OTHERWISE:
        said = pattern.sub(plain, said)
    stretches: list[Stretch | None] = []
    for found in RANGE.finditer(said):
        stretches.append(_stretch(found.groups(), after=stretches[-1] if stretches else None))
    on, rest = days.taken_off(RANGE.sub(" ", said))
    known = [stretch for stretch in stretches if stretch]
    if FILLING.sub("", rest).strip() or len(known) < len(stretches) or not _is_day(known):
        return wrong
    times = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in sorted(known))
    return Good(f"{days.listed(on)} {times}".strip())


def _is_day(stretches: list[Stretch]) -> bool:
    """Tell whether these are hours of one day: not too many, and no two at once."""
    return 0 < len(stretches) <= MOST and all(a[0] < a[1] <= b[0] < b[1] for a, b in itertools.pairwise(sorted(stretches)))


def _stretch(parts: tuple[str | None, ...], *, after: Stretch | None) -> Stretch | None:
    """Return start and end in minutes of the day, `after` those before it; None for what is no time.

    `9 to 5` ends in the afternoon, `1 to 5pm` begins there, as does `1 to 5` after `8 to 12`; `22 to 6` ends on the next day.
    """
    (start, is_start_sure), (end, is_end_sure) = _minutes(*parts[:5]), _minutes(*parts[5:])
    if start is None or end is None:
        return None
    if not is_start_sure and ((parts[8] == "p" and start + NOON < end) or (after and start < after[1] <= start + NOON)):
        start += NOON
    if not is_end_sure and end <= start < end + NOON <= DAY:
        end += NOON
    return (start, end) if start != end else None


def _minutes(
    hour: str | None, minute: str | None, digits: str | None, half: str | None, named: str | None
) -> tuple[int | None, bool]:
    """Return minutes of the day, and whether the half of the day was told; (None, …) for no time."""
    if named:
        return (0 if named == "midnight" else NOON), True
    hours, minutes = int(hour or 0), int(minute or digits or 0)
    if half and not 1 <= hours <= CLOCK:
        return None, True
    if half:
        hours = hours % CLOCK + (CLOCK if half == "p" else 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > DAY:  # noqa: PLR2004 - of an hour
        return None, True
    return total, bool(half) or hours > CLOCK or (hour or "").startswith("0")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
