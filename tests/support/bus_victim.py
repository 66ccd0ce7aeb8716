"""A process that uses the embedded bus and is meant to be killed: `python bus_victim.py publish|poison <file>`.

`publish` imports once and forks a victim for every line that it reads, so that many can be killed in a short time. A victim
writes `+ body` once a publish is confirmed and `- body` before it acks.
"""

import asyncio
import os
import sys
from pathlib import Path

from jeeves_service.bus.port import Delivery
from jeeves_service.bus.sqlite import SqliteBus
from jeeves_service.bus.topology import DEAD, WORK, Queue

KEY = "chat.message.received.v1.slack"
QUEUES = (Queue(WORK, ("chat.#",), limit=2), Queue("also", ("chat.#",), limit=None), Queue(DEAD, limit=None))


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


async def publish(path: Path, name: str) -> None:
    bus = SqliteBus(path, QUEUES)
    await bus.start()

    async def handler(delivery: Delivery) -> None:
        say(f"- {delivery.body.decode()}")
        await delivery.ack()

    async def publisher(number: int) -> None:
        for each in range(1000):
            body = f"{name}.{number}.{each}"
            await bus.publish(KEY, body.encode())
            say(f"+ {body}")

    await bus.consume("also", handler, prefetch=4)
    await asyncio.gather(*(publisher(number) for number in range(8)))


async def poison(path: Path) -> None:
    bus = SqliteBus(path, QUEUES)
    await bus.start()

    async def handler(delivery: Delivery) -> None:
        say(f"returns {delivery.returns}")
        await bus.send("also", b"crashed")  # committed after the delivery mark
        os._exit(9)

    over = asyncio.Event()

    async def buried(delivery: Delivery) -> None:
        say(f"dead {sorted(delivery.headers.items())}")
        await delivery.ack()
        over.set()

    await bus.consume(WORK, handler, prefetch=1)
    await bus.consume(DEAD, buried, prefetch=1)
    await over.wait()
    await bus.stop()


def zygote(path: Path) -> None:
    for line in sys.stdin:
        if pid := os.fork():
            say(f"pid {pid}")
            os.waitpid(pid, 0)
            say("gone")
        else:
            asyncio.run(publish(path, line.strip()))


if __name__ == "__main__":
    if sys.argv[1] == "publish":
        zygote(Path(sys.argv[2]))
    else:
        asyncio.run(poison(Path(sys.argv[2])))
