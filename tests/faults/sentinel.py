"""A Sentinel failover while somebody writes: what was lost, and how long the fast road was away.

    python -m tests.faults.sentinel --seconds 30

The master is killed after a third of the time. Two `taskwire serve`, a socket on each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fakes.waiting import wait_until
from tests.product.line import Line
from tests.product.line import line as open_line
from tests.product.person import Person, registered
from tests.product.serving import Deployment, serving
from tests.services.databases import SqliteDatabases
from tests.services.redis import RedisServer
from tests.services.sentinels import Sentinels, sentinels

PAUSE_S = 0.05
FAST_S = 0.25
FAST_IN_A_ROW = 20
ARRIVE_S = 30.0
SETTLE_S = 60.0
SWEPT_S = 5.0
"""After so long whatever was written has come, by Redis or by the sweep."""


@dataclass
class Report:
    """Delays are from the answer of the write to the frame on the slower of the two sockets."""

    written: int = 0
    lost: int = 0
    out_of_order: int = 0
    longest_delay_s: float = 0.0
    median_before_s: float = 0.0
    median_after_s: float = 0.0
    fast_again_after_s: float | None = None
    failed_over: bool = False


async def failover(seconds: float) -> Report:
    """Run it on SQLite: the database has no part in this."""
    with tempfile.TemporaryDirectory(prefix="taskwire-sentinel-") as name, sentinels() as group:
        folder = Path(name)
        await wait_until(group.agree, SETTLE_S)
        url = SqliteDatabases(folder).fresh(folder)
        deployment = Deployment(folder, url, RedisServer(group.url), {})
        with serving(deployment, "first") as first, serving(deployment, "second") as second:
            async with (
                registered(first, "Ann") as ann,
                open_line(first, ann.token) as here,
                open_line(second, ann.token) as there,
            ):
                return await _under_load(group, ann, (here, there), seconds)


async def _under_load(
    group: Sentinels, ann: Person, lines: tuple[Line, ...], seconds: float
) -> Report:
    report, sent = Report(), dict[int, float]()
    began_s = time.monotonic()
    arrivals = [asyncio.create_task(_listen(opened, report)) for opened in lines]
    killed_s, old_port = 0.0, 0
    while time.monotonic() < began_s + seconds:
        if not killed_s and time.monotonic() > began_s + seconds / 3:
            old_port = await asyncio.to_thread(group.kill_master)
            killed_s = time.monotonic()
        task = await ann.add(f"Change {report.written}")
        sent[task["id"]] = time.monotonic()
        report.written += 1
        await asyncio.sleep(PAUSE_S)
    heard = [await _all_of(listening, sent) for listening in arrivals]
    report.failed_over = await asyncio.to_thread(group.master_port) != old_port
    _judge(report, sent, heard, killed_s)
    return report


async def _listen(opened: Line, report: Report) -> dict[int, float]:
    """When each task was heard of, until nothing more comes."""
    heard: dict[int, float] = {}
    expected = 1
    try:
        while True:
            frame = await opened.frame(ARRIVE_S)
            report.out_of_order += frame["seq"] != expected
            expected = frame["seq"] + 1
            heard[frame["data"]["id"]] = time.monotonic()
    except (asyncio.CancelledError, TimeoutError):
        return heard


async def _all_of(
    listening: asyncio.Task[dict[int, float]], sent: dict[int, float]
) -> dict[int, float]:
    """What was heard until a while after the last write; then the socket is quiet."""
    await asyncio.wait([listening], timeout=SWEPT_S)
    listening.cancel()
    heard = await listening
    assert len(heard) <= len(sent), "nobody else writes"
    return heard


def _judge(
    report: Report, sent: dict[int, float], heard: list[dict[int, float]], killed_s: float
) -> None:
    report.lost = sum(task not in each for task in sent for each in heard)
    delays = [
        (at, max(each[task] for each in heard) - at)
        for task, at in sent.items()
        if all(task in each for each in heard)
    ]
    report.longest_delay_s = max(delay for _, delay in delays)
    report.median_before_s = statistics.median([d for at, d in delays if at < killed_s])
    after = [(at, delay) for at, delay in delays if at >= killed_s]
    for start in range(len(after) - FAST_IN_A_ROW + 1):
        if all(delay < FAST_S for _, delay in after[start : start + FAST_IN_A_ROW]):
            report.fast_again_after_s = after[start][0] - killed_s
            report.median_after_s = statistics.median([delay for _, delay in after[start:]])
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    report = asyncio.run(failover(parser.parse_args().seconds))
    print(json.dumps(asdict(report), indent=2))  # noqa: T201 - it is a program
    assert report.lost == report.out_of_order == 0, "a change was lost"


if __name__ == "__main__":
    main()
