"""Dead letters through users-service, which stored them and knows what became of their messages."""

from typing import Any

from jeeves.operator import Operator
from jeeves_service.errors import PermanentError

SCOPE = "dead-letters:manage"
PAGE = 200


class Api:
    """As Letters."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def listed(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while page := self._call("list", {"after": rows[-1]["id"] if rows else 0, "limit": PAGE})["items"]:
            rows += page
        return rows

    def show(self, letter: str) -> dict[str, Any]:
        shown: dict[str, Any] = self._call("show", {"id": _number(letter)})["letter"]
        return shown

    def replay(self, letter: str) -> None:
        self._call("replay", {"id": _number(letter)})

    def drop(self, letter: str) -> None:
        self._call("drop", {"id": _number(letter)})

    def _call(self, what: str, asked: dict[str, Any]) -> Any:
        return self._operator.ask(f"/internal/v1/dead-letters/{what}", asked, scope=SCOPE)


def _number(letter: str) -> int:
    if not letter.isdecimal():
        raise PermanentError(f"{letter} is not an id that `list` shows")
    return int(letter)
