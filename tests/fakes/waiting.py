"""Waiting for a condition, never for a while."""

import asyncio
from collections.abc import Callable

WITHIN_S = 5.0


async def wait_until(condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Return once `condition()` is true. Fails the test when it does not become so in time."""
    deadline_s = asyncio.get_running_loop().time() + within_s
    while not condition():
        assert asyncio.get_running_loop().time() < deadline_s, "it did not happen in time"
        await asyncio.sleep(0.005)
