"""What an examination finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`words` say what is; where it is a fault, `mend` says what to do. `ok` is None for what could not be looked at here."""

    name: str
    ok: bool | None
    words: str
    mend: str = ""
