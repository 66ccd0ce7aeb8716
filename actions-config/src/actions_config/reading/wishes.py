"""What a person may want with facts. Names and values are in the person's own words."""

from dataclasses import dataclass
from typing import Literal

from jeeves_contracts.knowledge import Scope


@dataclass(frozen=True)
class Tell:
    """Keep a value; none was given when `value` is empty.

    `plural`: "are" was said. `asked`: they said to remember it; else it may be mere talk.
    """

    name: str
    value: str
    scope: Scope = "person"
    plural: bool = False
    asked: bool = True


@dataclass(frozen=True)
class TellSeveral:
    """Keep several values: `my tea is Assam and my birthday is 3 May`."""

    each: tuple[Tell, ...]


@dataclass(frozen=True)
class Ours:
    """`our wifi is …`: keep it, but for whom was not said."""

    name: str
    value: str
    plural: bool = False


@dataclass(frozen=True)
class Note:
    """Keep a sentence."""

    text: str
    scope: Scope = "person"


@dataclass(frozen=True)
class NotSo:
    """`my birthday is not 3 May`: what it is was not said."""

    name: str
    scope: Scope = "person"


@dataclass(frozen=True)
class Show:
    """Tell one fact: of `scope`, or where there is one when it is None. `past`: what it was.

    `about`: it was asked what is known about it, which need not be theirs.
    """

    name: str
    scope: Scope | None = None
    plural: bool = False
    past: bool = False
    about: bool = False


@dataclass(frozen=True)
class ShowNotes:
    """Tell the notes that have all of these words: `am I vegetarian`; all facts where there are none."""

    words: frozenset[str]


@dataclass(frozen=True)
class ShowAll:
    """Tell all facts: of `scope`, or of the person and where they are when it is None. Pages count from 1."""

    scope: Scope | None = None
    page: int = 1


@dataclass(frozen=True)
class More:
    """Go on with what was shown last."""


@dataclass(frozen=True)
class Forget:
    """Forget one fact, or several with "and" between them.

    `about`: it was all about something, which may be another person: `everything about Ben`.
    """

    name: str
    scope: Scope = "person"
    about: bool = False


@dataclass(frozen=True)
class ForgetAll:
    """Forget all facts of a scope: asked about first, until they are `sure`."""

    scope: Scope = "person"
    sure: bool = False


@dataclass(frozen=True)
class Say:
    """Yes or no, to what was asked last."""

    yes: bool


@dataclass(frozen=True)
class Hint:
    """Nothing that can be done: tell how it is said."""

    key: Literal["help", "remember", "remind", "forget", "set", "forget_it"]


Wish = Tell | TellSeveral | Ours | Note | NotSo | Show | ShowNotes | ShowAll | More | Forget | ForgetAll | Say | Hint
