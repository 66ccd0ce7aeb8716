from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.ingest import Ingest, receiving
from support.sending import Sending, sending


@pytest.fixture
async def ingest(tmp_path: Path) -> AsyncIterator[Ingest]:
    """It receives; Slack has not told yet whose token it has."""
    async with receiving(tmp_path / "bus") as one:
        yield one


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sending]:
    async with sending(tmp_path / "bus") as one:
        yield one
