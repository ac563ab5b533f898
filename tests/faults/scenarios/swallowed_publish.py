"""The last message on an idle stream, its PUBLISH swallowed: nothing follows that would show it."""

from __future__ import annotations

from typing import Final

from tests.faults.scenarios.crowd import Crowd
from tests.faults.scenarios.measured import Figure, Outcome, share_below
from tests.faults.scenarios.play import sum_of
from tests.faults.scenarios.redis_away import delays_of
from tests.faults.scenarios.stage import SETTLED_WITHIN_S, stage
from tests.faults.scenarios.writers import Writers

PEOPLE: Final = 300
WRITES_PER_S: Final = 10.0
ARRIVED_MAX_S: Final = 2.0


async def swallowed_publish() -> Outcome:
    """Devices are on serve-1; who saves is on serve-2, whose line to Redis passes nothing."""
    async with stage(serves=1) as made:
        people = await made.add_people(PEOPLE)
        crowd = Crowd(people, made.serve_ports[0], made.ticket)
        line = await made.start_line("redis-line", made.redis.port)
        await made.start_serve(2, REDIS_URL=made.redis_url(line.member.port))
        await line.become("blackhole")
        writers = Writers(people, made.serve_ports[1], WRITES_PER_S)
        try:
            await crowd.arrive()
            await writers.add_once_each()
            missing = await crowd.until_holding(await made.heads(), SETTLED_WITHIN_S)
        finally:
            await crowd.leave()
    delays = [delay for _, delay in delays_of(writers.saved, crowd.ledger.arrivals)]
    return Outcome(
        "swallowed-publish",
        "The last message on an otherwise idle stream, its PUBLISH swallowed: on the client within"
        " 2 s.",
        [
            Figure("idle streams", PEOPLE),
            Figure("ack to screen, p50", share_below(delays, 0.5), "s"),
            Figure("ack to screen, worst", share_below(delays, 1.0), "s", at_most=ARRIVED_MAX_S),
            *sum_of(crowd, writers, missing),
        ],
    )
