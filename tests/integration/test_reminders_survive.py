"""Reminders that are due together come once each, whatever happens to the worker and to Redis.

Of the size that the product promises: `REMINDERS=1000 pytest tests/integration/test_reminders_survive.py`.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.product.line import Frame, Line
from tests.product.person import Person
from tests.product.serving import Deployment, working

REMINDERS = int(os.environ.get("REMINDERS", "60"))
KILLS = 3 if REMINDERS >= 1000 else 1  # a worker takes seconds to start
PER_KILL = max(REMINDERS // 10, 5)
WRITERS = 8
AHEAD = timedelta(seconds=max(REMINDERS / 40, 3))
WITHIN_S = 60.0
# Small batches with pauses between them: each kill is in the middle of something.
SETTINGS = {"REMINDER_BATCH_SIZE": "5", "REMINDER_PAUSE_S": "0.05"}

pytestmark = pytest.mark.timeout(300)


async def test_each_reminder_comes_once_through_kills_and_a_flush(
    deployment: Deployment, ann: Person
) -> None:
    async with ann.line("/ws/notifications") as line:
        task_ids = await add_reminders(ann)
        heard: list[Frame] = []
        for kill in range(KILLS):
            with working(deployment, f"killed-{kill}") as worker:
                heard += [await line.frame(WITHIN_S) for _ in range(PER_KILL)]
                os.killpg(worker.pid, signal.SIGKILL)
            if kill == 0:
                deployment.redis.flush()
        with working(deployment, "heir"):
            took_s = await hear_the_rest(line, heard)
    print(f"{len(heard)} reminders; the last came {took_s:.1f} s after the worker's return")  # noqa: T201
    assert [frame["seq"] for frame in heard] == list(range(1, REMINDERS + 1))
    assert Counter(frame["data"]["task_id"] for frame in heard) == Counter(task_ids)
    snapshot = (await ann.http.get("/api/notifications")).json()
    assert (snapshot["seq"], snapshot["unread"]) == (REMINDERS, REMINDERS)


async def add_reminders(ann: Person) -> list[int]:
    at = (datetime.now(UTC) + AHEAD).isoformat()
    gate = asyncio.Semaphore(WRITERS)

    async def add(number: int) -> int:
        async with gate:
            task = await ann.add(f"task {number}", reminders=[{"at": at}])
        task_id: int = task["id"]
        return task_id

    return await asyncio.gather(*(add(number) for number in range(REMINDERS)))


async def hear_the_rest(line: Line, heard: list[Frame]) -> float:
    """The seconds until all are there; afterwards no more come."""
    began_s = time.monotonic()
    while len(heard) < REMINDERS:
        heard.append(await line.frame(WITHIN_S))
    return time.monotonic() - began_s
