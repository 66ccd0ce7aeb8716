"""Long lists, a page at a time: a cursor says after which entry the next page begins, so nothing is missed or told twice."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from jeeves_contracts.base import Contract
from jeeves_service.errors import InvalidError

T = TypeVar("T", bound=Contract)
MOST = 200


def _storable(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9000:  # noqa: PLR2004 - what every database can compare with
        raise ValueError("it is a time between 1970 and 9000")
    return at.astimezone(UTC)


def _written(text: object) -> object:
    """Let pass what looks like an instant: a library takes numbers for one, too."""
    if not isinstance(text, datetime) and not (isinstance(text, str) and WRITTEN.match(text)):
        raise ValueError("it is an instant such as 2026-11-25T09:00:00Z")
    return text


UNKEPT = re.compile("[\x00\ud800-\udfff]")  # what no database keeps
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
#: An instant as a filter: in UTC.
Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_storable)]


class Page(Contract, Generic[T]):
    """`next` is the cursor of the next page; null on the last one."""

    items: list[T]
    next: str | None = None


class PageQuery(Contract):
    """`cursor` is the `next` of the page before."""

    model_config = {"extra": "forbid"}
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Annotated[str, Field(max_length=1000)] | None = None


def after(cursor: str | None, *kinds: type) -> list[Any] | None:
    """Return the sort keys that a cursor holds, one of each kind; None at the beginning. Raises InvalidError."""
    if cursor is None:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
    except (ValueError, RecursionError):
        keys = None
    ours = isinstance(keys, list) and len(keys) == len(kinds)
    if not ours or not all(type(key) is kind for key, kind in zip(keys, kinds, strict=True)):
        raise _strange()
    if any(isinstance(key, str) and UNKEPT.search(key) for key in keys) or any(
        isinstance(key, int) and abs(key) >= 2**63 for key in keys
    ):
        raise _strange()
    return list(keys)


def cursor(*keys: str | int) -> str:
    """Return the cursor that begins after an entry with these sort keys."""
    return base64.urlsafe_b64encode(json.dumps(keys, ensure_ascii=False).encode()).decode().rstrip("=")


def instant(key: str) -> datetime:
    """Return the instant that a cursor holds in ISO form. Raises InvalidError."""
    try:
        return datetime.fromisoformat(key).replace(tzinfo=UTC)
    except ValueError:
        raise _strange() from None


def _strange() -> InvalidError:
    return InvalidError({"cursor": "it is not one of this list: take the `next` of the page before, unchanged"})
