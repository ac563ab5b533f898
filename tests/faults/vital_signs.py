"""What the installation says of itself while it is hurt: /metrics, memory, who died unasked.

A process that is killed takes its counters with it, so each is read every second and the last
reading of each life counts.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

import httpx2

from tests.faults.history import Recorder
from tests.faults.installation import Installation
from tests.faults.process_tree import Holdings, holdings_of

LOOK_S = 1.0
PATIENCE_S = 2.0
BORN = "process_start_time_seconds"
COUNTED = {
    "gaps repaired from the log": "taskwire_realtime_gap_repairs_total",
    "frames replayed": "taskwire_realtime_replayed_frames_total",
    "frames delivered": "taskwire_realtime_deliveries_total",
    "breaker openings": "taskwire_publisher_breaker_openings_total",
    "hints dropped": "taskwire_publisher_dropped_open_total",
    "deaf subscriptions noticed": "taskwire_probe_deaf_total",
    "bus connections": "taskwire_subscriber_connects_total",
    "log failures": "taskwire_realtime_log_failures_total",
    "failures nobody expected": "taskwire_realtime_failures_total",
}
_SAMPLE = re.compile(r"^(\w+)(\{[^}]*\})? (\S+)$", re.MULTILINE)

Life = tuple[str, float]


class VitalSigns:
    """`is_hurt` tells of a member whether the nemesis has its hand on it."""

    def __init__(
        self, made: Installation, record: Recorder, is_hurt: Callable[[str], bool]
    ) -> None:
        self._made = made
        self._record = record
        self._is_hurt = is_hurt
        self._read: dict[Life, Mapping[str, float]] = {}
        self._dead: set[str] = set()

    async def watch(self, stop: asyncio.Event) -> None:
        """Until `stop`; then say what was counted in all lives together."""
        async with httpx2.AsyncClient(timeout=PATIENCE_S) as client:
            while not stop.is_set():
                await self._look(client)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_S)
            await self._look(client)
        for name, value in self._totals().items():
            self._record("count", name=name, value=int(value))

    @property
    def delivered(self) -> int:
        """Frames that were sent so far, in all lives."""
        return self._totals()["frames delivered"]

    async def _look(self, client: httpx2.AsyncClient) -> None:
        self._look_for_the_dead()
        for name, url in self._made.serve_urls.items():
            with suppress(httpx2.TransportError):
                text = (await client.get(f"{url}/metrics")).text
                sample = read_metrics(text)
                self._read[name, sample.get(BORN, 0.0)] = sample

    def _look_for_the_dead(self) -> None:
        for name, member in self._made.members.items():
            if not member.has_ended or self._is_hurt(name):
                self._dead.discard(name)
            elif name not in self._dead:
                self._dead.add(name)
                self._record("died", name=name)

    def _totals(self) -> Counter[str]:
        totals: Counter[str] = Counter()
        for sample in self._read.values():
            for name, metric in COUNTED.items():
                totals[name] += int(sample.get(metric, 0))
            totals["resubscriptions"] += max(0, int(sample.get(COUNTED["bus connections"], 0)) - 1)
        totals["lives of serve"] = len(self._read)
        return totals


def read_metrics(text: str) -> Mapping[str, float]:
    """The sum of all samples of each name."""
    sums: dict[str, float] = {}
    for name, _, value in _SAMPLE.findall(text):
        sums[name] = sums.get(name, 0.0) + float(value)
    return sums


async def all_is_well(made: Installation) -> bool:
    """Each `serve` sees its database, Redis and a worker."""
    async with httpx2.AsyncClient(timeout=PATIENCE_S) as client:
        for url in made.serve_urls.values():
            try:
                answer = await client.get(f"{url}/readyz")
            except httpx2.TransportError:
                return False
            if not answer.is_success or answer.json()["status"] != "ok":
                return False
    return True


def holdings(made: Installation) -> Mapping[str, Holdings]:
    """Of each process of the product that lives."""
    found = {}
    for name, part in made.parts.items():
        process_id = part.process_id()
        held = holdings_of(process_id) if process_id is not None else None
        if held is not None and not name.endswith("-line"):
            found[name] = held
    return found


def say_holdings(made: Installation, record: Recorder, moment: str) -> None:
    for name, held in holdings(made).items():
        record(
            "holdings",
            moment=moment,
            name=name,
            rss_bytes=held.rss_bytes,
            descriptors=held.descriptors,
        )
