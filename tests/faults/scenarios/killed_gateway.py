"""`kill -9` of a process that holds 2,000 sockets: the other one takes them all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from tests.faults.scenarios.measured import Figure, Outcome
from tests.faults.scenarios.play import play

SOCKETS: Final = 2000
EACH: Final = 2
WRITES_PER_S: Final = 40.0
BACK_MAX_S: Final = 10.0
WAIT_MAX_S: Final = 60.0
CONNECTIONS_MAX: Final = 50
SAMPLE_S: Final = 0.02
COUNT: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND datname = current_database()
        AND pid <> pg_backend_pid()"""


async def killed_gateway() -> Outcome:
    """All sockets are on serve-1 when it dies; serve-2 has been up and idle."""
    async with play(
        people=SOCKETS // EACH, each=EACH, writes_per_s=WRITES_PER_S, serves=1
    ) as scene:
        await scene.stage.start_serve(2)
        async with _connections_of(scene.stage.database_url) as connections:
            killed_at_s = time.monotonic()
            scene.stage.serve(1).kill()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(scene.crowd.until_back_since(killed_at_s), WAIT_MAX_S)
            end = await scene.end()
    back_s = sorted(device.back_at_s - killed_at_s for device in scene.crowd.devices)
    return Outcome(
        "killed-gateway",
        "`kill -9` of a gateway with 2,000 sockets: all resumed on the other within 10 s, nothing"
        " missing, the database never above 50 connections.",
        [
            Figure("half of them were back after", back_s[len(back_s) // 2], "s"),
            Figure("all were back after", back_s[-1], "s", below=BACK_MAX_S),
            Figure("never back", sum(seconds <= 0 for seconds in back_s), at_most=0),
            Figure("most connections of the database", max(connections), at_most=CONNECTIONS_MAX),
            *end,
        ],
    )


@asynccontextmanager
async def _connections_of(url: str) -> AsyncIterator[list[int]]:
    """How many the product holds, sampled all the while."""
    counts: list[int] = []
    connection = await asyncpg.connect(url)
    task = asyncio.create_task(_sample(connection, counts))
    try:
        yield counts
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await connection.close()


async def _sample(connection: asyncpg.Connection[asyncpg.Record], counts: list[int]) -> None:
    while True:
        counts.append(await connection.fetchval(COUNT))
        await asyncio.sleep(SAMPLE_S)
