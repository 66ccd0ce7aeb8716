"""Words for a time, and other words around a place: `today in London please` is London, `Paris in 3 days` is another day.

They are looked for at the ends of a text only, as whole words: at its end, and at its start where a preposition follows
(`now in London`; but Now Zad is a town). Every pattern is bounded, so that no text takes long to read.
"""

import re

MARKS = " \t\r\n?!.,;:\u3002\uff1f\uff01\u061f"
_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = "(?:jan|febr)(?:uary)?|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
_PART = "morning|afternoon|evening|night"
_FEW = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|ten|a few|a couple of)"
_NOW = (
    f"right now|just now|at the moment|now|currently|today|tonight|this (?:{_PART})|in the (?:{_PART})|later(?: today)?"
    rf"|at (?:noon|midnight|\d{{1,2}}(?:[:.]\d\d)?(?: ?(?:am|pm|a\.m\.?|p\.m\.?|o['\u2019]clock|h))?)"
    rf"|\d{{1,2}}(?:[:.]\d\d)? ?(?:am|pm)|in {_FEW} (?:minute|hour)s?"
)
_LATER = (
    f"(?:the )?day after tomorrow|tomorrow(?: (?:{_PART}))?"
    f"|(?:in|(?:the |for the )?(?:next|coming)) {_FEW} (?:day|week|month)s?"
    f"|(?:(?:on|over|at|for) )?(?:this|next|the|the next|the coming) (?:week(?:end)?|month)|next year"
    f"|(?:(?:on|this|next|on next) )?{_DAY}(?: (?:{_PART}))?"
    rf"|on (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: (?:of )?(?:{_MONTH}))?|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?)"
)
_COURTESY = "please|pls|thanks|thank you"
_BEFORE = "in|for|at|near|of|around|from"
_OF_A_TIME = "(?:(?:for|on|of) )?"
BEFORE = re.compile(rf"(?:{_BEFORE})(?: |$)", re.IGNORECASE)
AFTER = re.compile(rf"(?:^| ){_OF_A_TIME}(?:{_NOW}|{_LATER}|{_COURTESY})[ ,]*$", re.IGNORECASE)
LEADING = re.compile(rf"{_OF_A_TIME}(?:{_NOW}|{_LATER}|{_COURTESY}|like)[ ,:]+(?=(?:{_BEFORE}) )", re.IGNORECASE)
ALONE = re.compile(
    rf"{_OF_A_TIME}(?:today|tonight|tomorrow|right now|currently|please)[ ,:]+", re.IGNORECASE
)  # no place begins so
LATER = re.compile(rf"{_OF_A_TIME}(?:{_LATER})", re.IGNORECASE)
LONGEST = 60  # characters of a time


def without_times(words: str) -> str:
    """Return words, with single blanks between them, without those that tell a time or are a courtesy, and one preposition."""
    return _taken_apart(words)[0]


def is_later(words: str) -> bool:
    """Tell whether words, with single blanks between them, ask for another day than today."""
    return any(LATER.match(time) for time in _taken_apart(words)[1])


def bare(words: str) -> str:
    """Strip the marks around; a dot that belongs to an abbreviation (`D.C.`) stays."""
    bare = words.strip(MARKS)
    last = bare.rpartition(" ")[2]
    return f"{bare}." if "." in last and words[words.find(bare) + len(bare) :].startswith(".") else bare


def _taken_apart(words: str) -> tuple[str, list[str]]:
    times = []
    words = bare(words)
    while found := AFTER.search(words, max(0, len(words) - LONGEST)):
        times.append(found[0].strip())
        words = bare(words[: found.start()])
    while found := LEADING.match(words) or ALONE.match(words):
        times.append(found[0])
        words = bare(words[found.end() :])
    return (BEFORE.sub("", words, count=1) if BEFORE.match(words) else words), times
