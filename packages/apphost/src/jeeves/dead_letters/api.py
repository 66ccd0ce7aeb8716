"""Dead letters through the API, by users-service, which stored them and knows what became of their messages."""

from typing import Any

from jeeves.operator import Operator
from jeeves_service.errors import PermanentError

PAGE = 200


class Api:
    """As Letters."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def listed(self) -> list[dict[str, Any]]:
        return list(self._operator.pages("/dead-letters", limit=PAGE))

    def show(self, letter: str) -> dict[str, Any]:
        shown: dict[str, Any] = self._operator.ask("GET", f"/dead-letters/{_number(letter)}")
        return shown

    def replay(self, letter: str) -> None:
        self._operator.ask("POST", f"/dead-letters/{_number(letter)}/replay")

    def drop(self, letter: str) -> None:
        self._operator.ask("POST", f"/dead-letters/{_number(letter)}/drop")


def _number(letter: str) -> int:
    if not (letter.isascii() and letter.isdecimal()):
        raise PermanentError(f"{letter} is not an id that `list` shows")
    return int(letter)
