"""Writing: how many PUTs a second, what each costs, and how long until another screen shows it.

Not shown: a disk. PostgreSQL runs without fsync, for everybody alike, because it is the servers'
own work that is compared. Nor more than one process, nor a network.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bench.load import sockets
from bench.peers import Place
from bench.peers.writing import WritePeer
from bench.writers import OpenLoop, saturate

PEOPLE = 16
WARM_UP_S = 2.0
HALF_OF_THE_SLOWER_PER_S = 120.0
"""About half of what the ORM path takes on two cores that also run the database and the load."""


@dataclass(frozen=True)
class Saturated:
    puts_per_s: float
    cpu_ms: float
    """Of the server, per PUT; the database's is not in it."""


@dataclass(frozen=True)
class Shown:
    """PUT to frame, from the time at which the PUT was due."""

    is_clean: bool
    rate_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float


def run_saturated(peer: WritePeer, place: Place, database_url: str, seconds: float) -> Saturated:
    with peer.start(place, database_url, PEOPLE) as up:
        saturate(up.port, up.targets, WARM_UP_S, place.folder)
        before_s = up.program.cpu_s()
        puts_per_s = saturate(up.port, up.targets, seconds, place.folder)
        spent_s = up.program.cpu_s() - before_s
    return Saturated(puts_per_s, spent_s / (puts_per_s * seconds) * 1000)


def run_shown(
    peer: WritePeer, place: Place, database_url: str, rate_per_s: float, seconds: float
) -> Shown:
    with peer.start(place, database_url, PEOPLE) as up:
        paths = [f"/ws/tasks?token={target.token}" for target in up.targets]
        with sockets(PEOPLE, [up.port], paths) as load:
            loop = OpenLoop(up.port, up.targets, rate_per_s)
            asyncio.run(loop.run(WARM_UP_S))
            load.wait_for(int(rate_per_s * WARM_UP_S))
            load.begin()
            sent = asyncio.run(loop.run(seconds))
            seen = load.wait_for(sent)
    is_clean = seen.received == sent and not (seen.skipped or seen.repeated or loop.refused)
    return Shown(is_clean, rate_per_s, seen.p50_us / 1e3, seen.p99_us / 1e3, seen.max_us / 1e3)
