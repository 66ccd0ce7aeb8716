"""From the second `jeeves run` on the same data to its first answer, as a person waits for it."""

import asyncio
import time
from pathlib import Path

from bench.events import events
from bench.measure import replied
from bench.slack import Slack
from bench.whole import command, environ_of
from bench.wire import Wires
from jeeves.servers.processes import free_ports, last_lines, spawn

PATIENCE = 30.0  # seconds
PAUSE = 0.02  # seconds between two tries: who starts something presses again


async def seconds_to_first_answer(folder: Path, slack: Slack) -> float:
    """Start it, once to make its data and once more; return the seconds of the second. Raises RuntimeError."""
    port, ops_port = free_ports(2)
    environ, log = environ_of(folder / "second", slack, port, ops_port), folder / "second.log"
    took = 0.0
    for _ in range(2):
        begun = time.monotonic()
        process = await asyncio.to_thread(spawn, command(), log, environ=environ)
        try:
            took = await _first_answer(slack, port, begun + PATIENCE) - begun
        except TimeoutError:
            raise RuntimeError(f"no answer within {PATIENCE:g} s:\n{last_lines(log)}") from None
        finally:
            await asyncio.to_thread(process.end)
    return took


async def _first_answer(slack: Slack, port: int, until: float) -> float:
    wires = Wires(port)
    ask = replied(wires, slack)
    while time.monotonic() < until:
        try:
            if (answered := await ask(events(1)[0])) is not None:
                return answered
        except OSError:  # it does not listen yet
            await asyncio.sleep(PAUSE)
    raise TimeoutError
