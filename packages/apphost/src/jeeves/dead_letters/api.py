"""Dead letters through users-service, which stored them and knows what became of their messages."""

import asyncio
import json
from typing import Any

from jeeves.operator import Operator
from jeeves_service.clock import SystemClock
from jeeves_service.errors import PermanentError
from jeeves_service.http import HttpClient
from jeeves_service.tokens import Signer

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
        return asyncio.run(self._ask(f"/internal/v1/dead-letters/{what}", json.dumps(asked).encode()))

    async def _ask(self, path: str, body: bytes) -> Any:
        token = Signer(self._operator.key, SystemClock()).token("users-service", SCOPE)
        http = HttpClient()
        try:
            headers = {"Authorization": f"Bearer {token}"}
            answer = await http.request("POST", self._operator.users_url + path, body=body, headers=headers)
        finally:
            await http.aclose()
        found = json.loads(answer.body or b"{}")
        if answer.status >= 400:  # noqa: PLR2004
            raise PermanentError(f"users-service answered {answer.status}: {found.get('detail') or found.get('title')}")
        return found


def _number(letter: str) -> int:
    if not letter.isdecimal():
        raise PermanentError(f"{letter} is not an id that `list` shows")
    return int(letter)
