"""A deploy: one gateway after the other is asked to go and comes back, with 5,000 sockets on them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from taskwire.settings import Settings
from tests.faults.scenarios.measured import Figure, Outcome
from tests.faults.scenarios.play import Play, play
from tests.faults.scenarios.stage import Stage
from tests.faults.scenarios.websocket_client import WebsocketClient, upgrade_request
from tests.faults.scenarios.writers import RestLine
from tests.product.people import Known

SOCKETS: Final = 5000
EACH: Final = 2
WRITES_PER_S: Final = 20.0
DRAIN_WINDOW_S: Final = Settings().shutdown_timeout_s
"""From the signal to the end of the process, at the latest."""
WAIT_MAX_S: Final = 60.0
PROBE_S: Final = 0.02


async def rolling_restart() -> Outcome:
    """Throughout, somebody new comes through nginx fifty times a second, by REST and by socket."""
    async with play(people=SOCKETS // EACH, each=EACH, writes_per_s=WRITES_PER_S) as scene:
        async with _newcomers(scene) as seen:
            first_s = await _restart(scene, 1)
            second_s = await _restart(scene, 2)
        end = await scene.end()
    away_s = sorted(device.away_s for device in scene.crowd.devices)
    counts = scene.crowd.ledger.counts
    return Outcome(
        "rolling-restart",
        "Rolling restart of both gateways with 5,000 sockets: 0 lost, every socket back within the"
        f" drain window ({DRAIN_WINDOW_S:.0f} s from the signal to the end of the process), no"
        " moment with refused connections.",
        [
            Figure("sockets told to come back (1012)", counts["closed 1012"]),
            Figure("closed otherwise", _closed(counts) - counts["closed 1012"], at_most=0),
            Figure("first gateway: all back after", first_s, "s", at_most=DRAIN_WINDOW_S),
            Figure("second gateway: all back after", second_s, "s", at_most=DRAIN_WINDOW_S),
            Figure("a socket was away, p50", away_s[len(away_s) // 2], "s"),
            Figure("a socket was away, longest", away_s[-1], "s"),
            Figure("newcomers", seen.total()),
            *(
                Figure(f"newcomers that met {kind}", count, at_most=0)
                for kind, count in sorted(seen.items())
                if kind not in {"200", "101"}
            ),
            Figure("newcomers refused", seen.total() - seen["200"] - seen["101"], at_most=0),
            *end,
        ],
    )


async def _restart(scene: Play, number: int) -> float:
    """Ask a gateway to go, and start it again. How long after the signal everybody was back."""
    began_s = time.monotonic()
    await scene.stage.serve(number).stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(scene.crowd.until_back(), WAIT_MAX_S)
    back_s = max(device.back_at_s for device in scene.crowd.devices) - began_s
    await scene.stage.serve(number).start()
    return back_s


@asynccontextmanager
async def _newcomers(scene: Play) -> AsyncIterator[Counter[str]]:
    """Count how those who come meanwhile are answered."""
    seen: Counter[str] = Counter()
    task = asyncio.create_task(_come(scene, seen))
    try:
        yield seen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _come(scene: Play, seen: Counter[str]) -> None:
    async with asyncio.TaskGroup() as visits:
        for person in itertools.cycle(scene.people):
            visits.create_task(_by_rest(scene.stage.port, person, seen))
            visits.create_task(_by_socket(scene.stage, person, seen))
            await asyncio.sleep(PROBE_S)


async def _by_rest(port: int, person: Known, seen: Counter[str]) -> None:
    line = RestLine(port)
    try:
        answer = await line.ask("GET", "/api/tasks", person.token)
    except (OSError, TimeoutError) as error:
        seen[type(error).__name__] += 1
    else:
        seen[str(answer.status)] += 1
    line.close()


async def _by_socket(made: Stage, person: Known, seen: Counter[str]) -> None:
    request = upgrade_request(f"/ws/tasks?token={made.ticket(person)}")
    line = WebsocketClient(request, lambda _text: line.reset())
    try:
        async with asyncio.timeout(WAIT_MAX_S):
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: line, "127.0.0.1", made.port)
            await line.ended
    except (OSError, TimeoutError) as error:
        seen[type(error).__name__] += 1
    else:
        seen[str(line.status)] += 1


def _closed(counts: Counter[str]) -> int:
    return sum(count for name, count in counts.items() if name.startswith("closed "))
