"""A scene that most scenarios share: people with devices, somebody who saves, and a sum at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from tests.faults.scenarios.crowd import Crowd
from tests.faults.scenarios.measured import Figure
from tests.faults.scenarios.stage import SETTLED_WITHIN_S, Stage, stage
from tests.faults.scenarios.writers import Writers
from tests.product.people import Known

WARM_UP_S: Final = 3.0


@dataclass
class Play:
    """The stage with everybody on it."""

    stage: Stage
    people: Sequence[Known]
    crowd: Crowd
    writers: Writers

    async def end(self) -> list[Figure]:
        """Stop the writes, let everything arrive, and count what did not."""
        await self.writers.end()
        missing = await self.crowd.until_holding(await self.stage.heads(), SETTLED_WITHIN_S)
        return sum_of(self.crowd, self.writers, missing)


@asynccontextmanager
async def play(
    *, people: int, writes_per_s: float, each: int = 1, serves: int = 2
) -> AsyncIterator[Play]:
    """Everybody connected through nginx, and writes going on."""
    async with stage(serves=serves) as made:
        known = await made.add_people(people)
        crowd = Crowd(known, made.port, made.ticket, each=each)
        writers = Writers(known, made.port, writes_per_s)
        await crowd.arrive()
        await writers.begin()
        await asyncio.sleep(WARM_UP_S)
        try:
            yield Play(made, known, crowd, writers)
        finally:
            await crowd.leave()


def sum_of(crowd: Crowd, writers: Writers, missing: int) -> list[Figure]:
    """What every scenario promises: all that was acknowledged is on every screen, once, in order."""
    counts = crowd.ledger.counts
    return [
        Figure("sockets", len(crowd.devices)),
        Figure("changes acknowledged", len(writers.saved)),
        Figure("deliveries", len(crowd.ledger.arrivals)),
        Figure("lost", missing, at_most=0),
        Figure("out of order", counts["gap"], at_most=0),
        Figure("resets", counts["reset"], at_most=0),
    ]
