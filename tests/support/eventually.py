"""Wait for a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], object], what: str = "", *, within: float = 10) -> None:
    """Return once `condition()` is true. Raises AssertionError when it is not within that many seconds."""
    end = asyncio.get_running_loop().time() + within
    while not condition():
        assert asyncio.get_running_loop().time() < end, f"not within {within} s: {what or condition}"
        await asyncio.sleep(0.01)


async def succeeds(call: Callable[[], Awaitable[None]], *error: type[Exception], within: float = 10) -> None:
    """Repeat a call until it raises none of these errors."""
    end = asyncio.get_running_loop().time() + within
    while True:
        try:
            return await call()
        except error:
            if asyncio.get_running_loop().time() > end:
                raise
            await asyncio.sleep(0.02)
