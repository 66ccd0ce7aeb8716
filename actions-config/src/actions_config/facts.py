"""The facts that a person may set here, what people call them, and which of their words are values."""

from collections.abc import Callable

LONGEST = 200  # characters of a location
MARKS = "?!,;: "
STOPS = ".\u2026\u3002"
QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019", "\u00ab": "\u00bb"}
SYNONYMS = {
    "metric": "metric", "celsius": "metric", "centigrade": "metric", "c": "metric", "\u00b0c": "metric", "si": "metric",
    "imperial": "imperial", "fahrenheit": "imperial", "f": "imperial", "\u00b0f": "imperial", "us": "imperial",
}  # fmt: skip
NAMES = {
    "location": "location", "city": "location", "town": "location", "home": "location", "place": "location",
    "units": "units", "unit": "units",
}  # fmt: skip


def bare(words: str) -> str:
    """Return a value as it was meant: without quotes around it, and without the marks of the sentence that it ended."""
    value = words.strip().rstrip(MARKS)
    if "." not in value.rpartition(" ")[2].rstrip(STOPS):  # an abbreviation's full stop stays: Washington, D.C.
        value = value.rstrip(STOPS + MARKS)
    quoted = len(value) > 1 and QUOTES.get(value[0]) == value[-1]
    return value[1:-1].strip() if quoted else value


def location(words: str) -> str | None:
    """Return a location, or None when the words are none. As typed: nobody knows better how a place is called."""
    value = bare(words)
    return value if 0 < len(value) <= LONGEST and value.isprintable() else None


def units(words: str) -> str | None:
    """Return `metric` or `imperial`, or None when the words name neither."""
    return SYNONYMS.get(bare(words).casefold().removesuffix(" units").strip())


FACTS: dict[str, Callable[[str], str | None]] = {"location": location, "units": units}
