"""A service alone, run as a real process: it finishes what it holds, and says in one line why it cannot start."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jeeves_service.http import HttpClient
from jeeves_service.tokens import new_keys

CHILD = """
import asyncio
from quart import Quart
from prometheus_client import CollectorRegistry
from jeeves_service.ops import create_ops
from jeeves_service.serve import main
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings
from jeeves_service.web import create_quart

def create_app(settings, *, http, clock):
    public = create_quart("child")

    @public.get("/slow")
    async def slow():
        print("taken", flush=True)
        await asyncio.sleep(0.3)
        return "finished"

    async def stopped():
        print("stopped", flush=True)

    async def broken():
        raise RuntimeError("no database")

    ops = create_ops("child", {"good": stopped_ok, "bad": broken}, CollectorRegistry())
    return Service("child", ops, public, on_stop=[stopped])

async def stopped_ok():
    pass

main(ServiceSettings, create_app, "child")
"""
PRIVATE, PUBLIC = new_keys({"child": ()})


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(two.getsockname()[1])


def environment(port: int, ops: int) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("JEEVES_")}
    return mine | {
        "JEEVES_PORT": str(port),
        "JEEVES_OPS_PORT": str(ops),
        "JEEVES_SERVICE_KEY": PRIVATE["child"],
        "JEEVES_SERVICE_KEYS": PUBLIC,
    }


async def start(tmp_path: Path, environ: dict[str, str]) -> asyncio.subprocess.Process:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, str(script), env=environ, stdout=pipe, stderr=pipe)


async def until_ready(process: asyncio.subprocess.Process) -> list[str]:
    assert process.stderr
    lines = []
    async with asyncio.timeout(20):
        while line := (await process.stderr.readline()).decode():
            lines.append(line)
            if '"event": "ready"' in line:
                return lines
    raise AssertionError("".join(lines))


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    made = HttpClient()
    yield made
    await made.aclose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_requests_in_flight_finish_and_the_exit_code_is_0(
    tmp_path: Path, client: HttpClient, number: signal.Signals
) -> None:
    port, ops = free_ports()
    process = await start(tmp_path, environment(port, ops))
    await until_ready(process)
    asking = asyncio.create_task(client.request("GET", f"http://127.0.0.1:{port}/slow"))
    assert process.stdout
    assert await process.stdout.readline() == b"taken\n"
    process.send_signal(number)
    answer = await asking
    out, _ = await asyncio.wait_for(process.communicate(), 10)
    assert (answer.status, answer.body) == (200, b"finished")
    assert process.returncode == 0
    assert out == b"stopped\n"


async def test_an_idle_connection_holds_nothing_up(tmp_path: Path) -> None:
    port, ops = free_ports()
    process = await start(tmp_path, environment(port, ops))
    await until_ready(process)
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
    writer.close()
    await process.communicate()


async def test_a_service_shows_its_state_on_the_ops_port_only(tmp_path: Path, client: HttpClient) -> None:
    port, ops = free_ports()
    process = await start(tmp_path, environment(port, ops))
    lines = await until_ready(process)
    assert (await client.request("GET", f"http://127.0.0.1:{ops}/healthz")).status == 200
    ready = await client.request("GET", f"http://127.0.0.1:{ops}/readyz")
    assert ready.status == 503
    assert json.loads(ready.body) == {"ready": False, "checks": {"good": "ok", "bad": "RuntimeError: no database"}}
    assert (await client.request("GET", f"http://127.0.0.1:{ops}/metrics")).status == 200
    for path in ("/healthz", "/readyz", "/metrics", "/internal/v1/x"):
        assert (await client.request("GET", f"http://127.0.0.1:{port}{path}")).status == 404
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    shown = json.loads(lines[0])
    assert shown["JEEVES_PORT"] == port
    assert json.loads(PRIVATE["child"])["d"] not in "".join(lines)


@pytest.mark.parametrize("taken", ["public", "ops"])
async def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path, taken: str) -> None:
    port, ops = free_ports()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port if taken == "public" else ops))
        other.listen()
        process = await start(tmp_path, environment(port, ops))
        _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    lines = err.decode().strip().splitlines()
    assert lines[-1].startswith("child: cannot start: ")
    assert "Choose another JEEVES_HOST, JEEVES_PORT or JEEVES_OPS_PORT" in lines[-1]
    assert "Traceback" not in err.decode()


async def test_wrong_settings_are_one_line_each(tmp_path: Path) -> None:
    environ = environment(*free_ports()) | {"JEEVES_PROT": "1"}
    del environ["JEEVES_SERVICE_KEY"]
    process = await start(tmp_path, environ)
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert err.decode().splitlines() == [
        "child: JEEVES_PROT is not a setting of Jeeves. Did you mean JEEVES_PORT?",
        "child: JEEVES_SERVICE_KEY is not set. Set it, or JEEVES_SERVICE_KEY_FILE to a file that holds it.",
    ]
