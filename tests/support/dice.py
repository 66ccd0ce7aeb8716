"""An action on a port of its own, which nobody has heard of, with settings of every kind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from jeeves.servers.processes import free_ports
from jeeves_service.clock import SystemClock
from jeeves_service.serve import hush, listen, listener
from jeeves_service.tokens import Verifier
from support.api import Api, Told
from support.fake_action import FakeAction
from support.users import Users

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sides": {"type": "integer", "minimum": 2, "maximum": 100, "default": 6},
        "colour": {"type": "string", "enum": ["red", "blue"], "default": "red"},
        "loud": {"type": "boolean"},
        "weight": {"type": "number"},
        "label": {"type": "string", "maxLength": 20, "pattern": "^[a-z ]*$"},
        "key": {"type": "string", "writeOnly": True, "minLength": 4},
    },
    "additionalProperties": False,
}


class Dice(FakeAction):
    """`manifest` may be changed at any time, `later` is what it says when it is read again."""

    def __init__(self, users: Users) -> None:
        verifier = Verifier(users.keys, "dice", SystemClock())
        super().__init__("dice", verifier, command={"aliases": ["roll"]}, settings_schema=SCHEMA)
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.later: list[dict[str, Any]] = []

    async def _manifest(self) -> Any:
        answer = await super()._manifest()
        if self.later:
            self.manifest = self.later.pop(0)
        return answer


@contextlib.asynccontextmanager
async def rolling(users: Users) -> AsyncIterator[Dice]:
    """A running action."""
    one = Dice(users)
    server = listener(one.app, "127.0.0.1", one.port)
    (task,) = await listen(server)
    try:
        yield one
    finally:
        await asyncio.wait_for(hush(server, task), 10)


async def put(api: Api, dice: Dice, **more: Any) -> Told:
    """Put it in as an operator's program does."""
    return await api.operator("PUT", "/features/dice", {"url": dice.url, **more})
