"""Talk to an action that is a program of its own, in any language: what is tested is what it says over HTTP."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jeeves_actions.server import SCOPE
from jeeves_actions.testing import Caller
from jeeves_contracts.actions import Manifest
from jeeves_service.clock import SystemClock
from jeeves_service.errors import TransientError
from jeeves_service.http import HttpClient
from jeeves_service.tokens import Signer, new_keys

__all__ = ["calling_command"]

HOST = "127.0.0.1"
PATIENCE = 20  # seconds until it answers
PAUSE = 0.05  # seconds between two tries


@asynccontextmanager
async def calling_command(*command: str) -> AsyncIterator[Caller]:
    """Start a program and yield who calls it. It finds its port in JEEVES_PORT, the public keys in JEEVES_SERVICE_KEYS.

    Raises AssertionError when it ends, or does not show its manifest in time.
    """
    clock, http = SystemClock(), HttpClient()
    private, public = new_keys({"dispatcher": (SCOPE, "messages:claim")})
    port = _free_port()
    environ = {**os.environ, "JEEVES_HOST": HOST, "JEEVES_PORT": str(port), "JEEVES_SERVICE_KEYS": public}
    process = await asyncio.create_subprocess_exec(*command, env=environ)
    origin = f"http://{HOST}:{port}"
    try:
        manifest = await _manifest(process, http, origin)
        yield Caller(None, http, Signer(private["dispatcher"], clock), manifest, origin=origin)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await http.aclose()


async def _manifest(process: asyncio.subprocess.Process, http: HttpClient, origin: str) -> Manifest:
    for _ in range(int(PATIENCE / PAUSE)):
        if process.returncode is not None:
            raise AssertionError(f"it ended with exit code {process.returncode}")
        try:
            return Manifest.from_bytes((await http.request("GET", f"{origin}/v1/manifest")).body)
        except TransientError:
            await asyncio.sleep(PAUSE)
    raise AssertionError(f"it does not answer within {PATIENCE} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
