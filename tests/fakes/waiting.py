"""Waiting for a condition, never for a while."""

import asyncio
from collections.abc import Awaitable, Callable

WITHIN_S = 5.0


async def wait_until(condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Return once `condition()` is true. Fails the test when it does not become so in time."""
    deadline_s = asyncio.get_running_loop().time() + within_s
    while not condition():
        assert asyncio.get_running_loop().time() < deadline_s, "it did not happen in time"
        await asyncio.sleep(0.005)


async def wait_until_answer(
    condition: Callable[[], Awaitable[object]], within_s: float = WITHIN_S
) -> None:
    """As `wait_until`, for a condition that has to be asked for."""
    deadline_s = asyncio.get_running_loop().time() + within_s
    while not await condition():
        assert asyncio.get_running_loop().time() < deadline_s, "it did not happen in time"
        await asyncio.sleep(0.05)
