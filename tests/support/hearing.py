"""Answers of an action as they are sent: their blocks, their changes, who sees them."""

from jeeves_actions.testing import Caller
from jeeves_contracts.actions import ActionAnswer


async def hear(caller: Caller, said: str) -> ActionAnswer:
    """Say something as a person would, and return the answer. Raises LookupError when there is none."""
    caller.answered = None
    await caller.say(said)
    if caller.answered is None:
        raise LookupError(f"{said!r} was refused")
    return caller.answered[1]
