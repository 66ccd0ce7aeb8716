"""docs/api.md does what it says: its commands, against a running service, over HTTP (S161)."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from docs.following import blocks
from jeeves.registry import ROOT
from jeeves.servers.processes import free_ports
from jeeves_service.serve import hush, listen, listener
from support.people import spoken
from support.users import ADMIN_TOKEN, running

DOCUMENT = ROOT / "docs/api.md"


@pytest.fixture
async def address(fresh_url: str, tmp_path: Path) -> AsyncIterator[str]:
    """Where a Jeeves answers in which somebody has spoken."""
    async with running(fresh_url, tmp_path) as users:
        await spoken(users)
        (port,) = free_ports(1)
        assert users.service.public is not None
        server = listener(users.service.public, "127.0.0.1", port)
        (task,) = await listen(server)
        yield f"http://127.0.0.1:{port}"
        await hush(server, task)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="its commands use curl and jq")
async def test_whoever_types_what_the_document_says_gets_what_it_says(address: str, tmp_path: Path) -> None:  # S161
    typed = [text for language, text in blocks(DOCUMENT) if language == "sh"]
    assert len(typed) >= 8
    folder = tmp_path / "typed"
    folder.mkdir()
    environ = {"PATH": "/usr/bin:/bin:/usr/local/bin", "JEEVES": address, "JEEVES_ADMIN_TOKEN": ADMIN_TOKEN, "no_proxy": "*"}
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-exc",
        "\n".join(typed),
        cwd=folder,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()[-3000:]
