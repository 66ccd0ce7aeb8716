"""What comes of checking a value of a known kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    """A value as it is kept. `remark` is the key of a sentence to add, `others` what may have been meant instead.

    `zone` is the time zone that goes with a location, None where nobody knows it.
    """

    value: str
    remark: str = ""
    others: tuple[str, ...] = ()
    zone: str | None = None


@dataclass(frozen=True)
class Wrong:
    """Why it is no value: the key of a sentence, in which `words` stand. `near` are values that may have been meant."""

    key: str
    words: str = ""
    near: tuple[str, ...] = ()


Verdict = Good | Wrong
