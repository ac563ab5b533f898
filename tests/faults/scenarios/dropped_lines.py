"""Lines that break for two seconds, again and again: every session ends with everything."""

from __future__ import annotations

import asyncio
import random
from typing import Final

from tests.faults.scenarios.crowd import Crowd, Device
from tests.faults.scenarios.measured import Figure, Outcome
from tests.faults.scenarios.play import sum_of
from tests.faults.scenarios.stage import SETTLED_WITHIN_S, Stage, stage
from tests.faults.scenarios.writers import Writers

TURNS: Final = 5
AT_ONCE: Final = 2000
WRITES_PER_S: Final = 60.0
DROPPED_S: Final = 2.0
BETWEEN_MAX_S: Final = 3.0
DROPS_EACH: Final = 3


async def dropped_lines() -> Outcome:
    """Five turns of 2,000 new people; each line is cut three times while their tasks change."""
    async with stage() as made:
        figures = [await _turn(made, turn) for turn in range(TURNS)]
    names = [figure.name for figure in figures[0]]
    sums = [sum(figure.value for figure in column) for column in zip(*figures, strict=True)]
    bounds = [figure.at_most for figure in figures[0]]
    delivered, lost = sums[names.index("deliveries")], sums[names.index("lost")]
    return Outcome(
        "dropped-lines",
        "Under repeated 2-second drops of the line, 10,000 clients' worth of sessions (2,000 at a"
        " time): 100 % delivered.",
        [
            Figure("delivered", 100 * delivered / (delivered + lost), "%", at_least=100),
            Figure("lines cut", TURNS * AT_ONCE * DROPS_EACH),
            *(
                Figure(name, value, at_most=bound)
                for name, value, bound in zip(names, sums, bounds, strict=True)
            ),
        ],
    )


async def _turn(made: Stage, turn: int) -> list[Figure]:
    people = await made.add_people(AT_ONCE)
    crowd = Crowd(people, made.port, made.ticket, seed=turn)
    writers = Writers(people, made.port, WRITES_PER_S)
    try:
        await crowd.arrive()
        await writers.begin()
        chance = random.Random(turn)
        await asyncio.gather(*(_drop(device, chance) for device in crowd.devices))
        await writers.end()
        missing = await crowd.until_holding(await made.heads(), SETTLED_WITHIN_S)
    finally:
        await crowd.leave()
    return sum_of(crowd, writers, missing)


async def _drop(device: Device, chance: random.Random) -> None:
    """Each at its own times, so that some are always away."""
    for _ in range(DROPS_EACH):
        await asyncio.sleep(chance.uniform(0, BETWEEN_MAX_S))
        device.lose_network()
        await asyncio.sleep(DROPPED_S)
        device.find_network()
