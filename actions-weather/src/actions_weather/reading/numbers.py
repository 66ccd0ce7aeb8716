"""Numbers and names of days and months as they are said."""

from collections.abc import Iterable

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT_DAYS = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
DAY_NUMBERS = {name: number for number, name in enumerate(DAYS)} | {f"{name}s": n for n, name in enumerate(DAYS)} | _SHORT_DAYS
MONTH_NUMBERS = {name[:length]: number for number, name in enumerate(MONTHS, 1) for length in (3, 9)} | {"sept": 9}
HOURS_SPOKEN = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip
COUNTS = {**HOURS_SPOKEN, "a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 3}


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


LONG_DAY, ANY_DAY = one_of(DAYS), one_of(name for name in DAY_NUMBERS if name not in {f"{day}s" for day in DAYS})
MONTH, HOUR, COUNT = one_of(MONTH_NUMBERS), one_of(HOURS_SPOKEN), rf"(?:\d{{1,3}}|{one_of(COUNTS)})"


def counted(words: str) -> int:
    """Return a number that fits COUNT."""
    return COUNTS[words] if words in COUNTS else int(words)
