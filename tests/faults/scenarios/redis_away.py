"""Redis stopped, and Redis frozen: the log delivers, and whoever saves notices nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from tests.faults.scenarios.crowd import Arrival
from tests.faults.scenarios.measured import Figure, Outcome, share_below
from tests.faults.scenarios.play import Play, play
from tests.faults.scenarios.writers import Saved

PEOPLE: Final = 200
WRITES_PER_S: Final = 40.0
BEFORE_S: Final = 15.0
STOPPED_S: Final = 60.0
FROZEN_S: Final = 30.0
AFTER_S: Final = 15.0
RETURN_MAX_S: Final = 5.0

Span = tuple[float, float]


async def redis_stopped() -> Outcome:
    """Stop it in the middle of writes, and start it again a minute later."""
    async with play(people=PEOPLE, writes_per_s=WRITES_PER_S) as scene:
        before = await _span(BEFORE_S)
        await scene.stage.redis.stop()
        during = await _span(STOPPED_S)
        await scene.stage.redis.start()
        await asyncio.sleep(RETURN_MAX_S)
        after = await _span(AFTER_S)
        end = await scene.end()
    delays = _delays(scene)
    return Outcome(
        "redis-stopped",
        "With Redis stopped for 60 s in the middle of writes, changes keep arriving: p99 from the"
        " answer to the screen under 2 s during, and under 50 ms within 5 s of its return.",
        [
            Figure("ack to screen before, p99", _p99_ms(delays, before), "ms"),
            Figure("during, p50", _share_ms(delays, during, 0.5), "ms"),
            Figure("during, p99", _p99_ms(delays, during), "ms", below=2000),
            Figure("during, worst", _share_ms(delays, during, 1.0), "ms"),
            Figure("from 5 s after its return, p99", _p99_ms(delays, after), "ms", below=50),
            *end,
        ],
    )


async def redis_frozen() -> Outcome:
    """SIGSTOP: it takes connections and answers nothing."""
    async with play(people=PEOPLE, writes_per_s=WRITES_PER_S) as scene:
        before = await _span(FROZEN_S)
        scene.stage.redis.freeze()
        during = await _span(FROZEN_S)
        scene.stage.redis.thaw()
        await asyncio.sleep(RETURN_MAX_S)
        end = await scene.end()
    put_before = _put_p99_ms(scene.writers.saved, before)
    put_during = _put_p99_ms(scene.writers.saved, during)
    delays = _delays(scene)
    return Outcome(
        "redis-frozen",
        "Redis frozen (SIGSTOP) for 30 s: the p99 of PUT rises by less than 20 ms, and nothing is"
        " lost.",
        [
            Figure("PUT before, p99", put_before, "ms"),
            Figure("PUT while frozen, p99", put_during, "ms"),
            Figure("rise of p99", put_during - put_before, "ms", below=20),
            Figure("ack to screen while frozen, p99", _p99_ms(delays, during), "ms"),
            *end,
        ],
    )


async def _span(lasting_s: float) -> Span:
    began_s = time.monotonic()
    await asyncio.sleep(lasting_s)
    return began_s, time.monotonic()


def _delays(scene: Play) -> list[tuple[float, float]]:
    """For each change on a screen: when it was acknowledged, and how much later it was seen."""
    return delays_of(scene.writers.saved, scene.crowd.ledger.arrivals)


def delays_of(saved: Sequence[Saved], arrivals: Sequence[Arrival]) -> list[tuple[float, float]]:
    acked_at_s = {(one.person_id, one.seq): one.acked_at_s for one in saved}
    return [
        (acked_s, max(0.0, arrival.at_s - acked_s))
        for arrival in arrivals
        if (acked_s := acked_at_s.get((arrival.person_id, arrival.seq))) is not None
    ]


def _share_ms(delays: Sequence[tuple[float, float]], span: Span, share: float) -> float:
    begin_s, end_s = span
    return share_below([delay for at_s, delay in delays if begin_s <= at_s < end_s], share) * 1000


def _p99_ms(delays: Sequence[tuple[float, float]], span: Span) -> float:
    return _share_ms(delays, span, 0.99)


def _put_p99_ms(saved: Sequence[Saved], span: Span) -> float:
    return _p99_ms([(one.asked_at_s, one.took_s) for one in saved if one.method == "PUT"], span)
