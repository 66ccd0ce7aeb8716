"""Postcodes within a place: `10115 Berlin`, `Berlin D-10115`, `SW1A 1AA London`, `90210`."""

import re

FORM = re.compile(
    r"(?:[A-Z]{1,3}-)?\d{4,7}"  # most of the world; D-10115
    r"|\d{5}-\d{3,4}|\d{3}-\d{4}"  # Brazil and the United States, Japan
    r"|\d{3} \d{2}"  # Sweden, Czechia
    r"|\d{4} ?[A-Z]{2}"  # the Netherlands
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # the United Kingdom
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d",  # Canada
    re.IGNORECASE | re.ASCII,
)
PREFIX = re.compile("[A-Z]{1,3}-", re.IGNORECASE)
LONGEST = 10  # characters


def is_postcode(words: str) -> bool:
    """Tell whether words are a postcode, of some country, and nothing else."""
    return len(words) <= LONGEST and FORM.fullmatch(words) is not None


def taken_off(name: str) -> tuple[str, str]:
    """Return a name without the postcode that begins or ends it, and that postcode, else an empty one."""
    words = name.split(" ")
    for count in (2, 1) if len(words) > 1 else ():
        first, last = " ".join(words[:count]), " ".join(words[-count:])
        if len(words) > count and is_postcode(first):
            return " ".join(words[count:]), first
        if len(words) > count and is_postcode(last):
            return " ".join(words[:-count]), last
    return name, ""


def bare(postcode: str) -> str:
    """Return a postcode as it is searched for and compared."""
    return PREFIX.sub("", postcode).upper()
