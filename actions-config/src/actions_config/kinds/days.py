"""Days of the week in a text: `Monday to Friday`, `weekdays`, `montags und mittwochs`."""

import re

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CALLED = (
    "monday|mon|montags?|mo|lundi|lun",
    "tuesday|tues|tue|dienstags?|di|mardi|mar",
    "wednesday|wed|mittwochs?|mi|mercredi|mer",
    "thursday|thurs|thur|thu|donnerstags?|do|jeudi|jeu",
    "friday|fri|freitags?|fr|vendredi|ven",
    "saturday|sat|samstags?|sa|samedi|sam",
    "sunday|sun|sonntags?|so|dimanche|dim",
)
GROUPS = {
    "weekday|workday|working day|work day|business day|werktag|jours? ouvré|平日": (0, 4),
    "weekend|wochenende|week-end": (5, 6),
    "every ?day|daily|all week|whole week|täglich|毎日": (0, 6),
}
_DAYS = "|".join(f"(?P<d{number}>{names})s?" for number, names in enumerate(CALLED))
_GROUPS = "|".join(f"(?P<g{number}>{names})s?" for number, names in enumerate(GROUPS))
WORD = re.compile(rf"\b(?:{_DAYS}|{_GROUPS})\b")
TO = re.compile(r"\s*(?:-|\u2013|\u2014|~|>|\b(?:to|till|til|until|through|thru|bis|à|a|au)\b)\s*")


def taken_off(said: str) -> tuple[set[int], str]:
    """Return the days that a casefolded text names, Monday is 0, and the text without them."""
    found = [(match.start(), match.end(), *_which(match)) for match in WORD.finditer(said)]
    days: set[int] = set()
    rest, end, at = "", 0, 0
    while at < len(found):
        start, stop, first, last = found[at]
        rest += said[end:start]
        if at + 1 < len(found) and TO.fullmatch(said[stop : found[at + 1][0]]):
            at += 1
            _, stop, _, last = found[at]
        days |= set(range(first, last + 1)) if first <= last else {*range(first, len(DAYS)), *range(last + 1)}
        end, at = stop, at + 1
    return days, rest + said[end:]


def listed(days: set[int]) -> str:
    """Return days with runs of them as ranges: `Mon-Wed, Fri`."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs)


def _which(match: re.Match[str]) -> tuple[int, int]:
    """Return the first and the last day that a word names."""
    name = next(name for name, words in match.groupdict().items() if words)
    number = int(name[1:])
    return (number, number) if name[0] == "d" else list(GROUPS.values())[number]
