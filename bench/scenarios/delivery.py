"""Delivery: from a message said to a server to the sockets that listen.

Fan-out is one lane with many sockets; streams of people are many lanes with one socket each.

Not shown: the database, sign-in, a network. Ours passes the messages on without numbers of the
log, as a foreign publisher's; what the numbers cost is in "write to screen".
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.emit import Schedule, warm_up
from bench.load import sockets
from bench.peers import Peer, Place

WARM_UP_S = 1.5


@dataclass(frozen=True)
class Delivery:
    """How many listen, in how many lanes, and how fast it is spoken."""

    name: str
    lanes: int
    sockets: int
    rate_per_s: float
    seconds: float

    @property
    def sockets_per_lane(self) -> int:
        return self.sockets // self.lanes


@dataclass(frozen=True)
class Delivered:
    """One run. It is a result only when it is clean: everything came, once, in order."""

    is_clean: bool
    expected: int
    received: int
    cpu_us: float
    """Of the server, per delivery."""
    p50_ms: float
    p99_ms: float
    max_ms: float
    late_ms: float
    load_cpu_us: float
    """Of the load client, per delivery."""


def run(delivery: Delivery, peer: Peer, place: Place) -> Delivered:
    each = delivery.sockets_per_lane
    with (
        peer.start(place, delivery.lanes, delivery.sockets) as up,
        sockets(delivery.sockets, up.ports, up.targets, speaks_socketio=up.speaks_socketio) as load,
    ):
        emitter = up.emitter()
        schedule = Schedule(delivery.lanes, delivery.rate_per_s)
        warm_up(load, schedule, emitter, WARM_UP_S, each)
        server_s, load_s = up.program.cpu_s(), load.look().cpu_s
        sent = schedule.run(emitter, delivery.seconds)
        expected = sent.messages * each
        seen = load.wait_for(expected)
        spent_s = up.program.cpu_s() - server_s
        emitter.close()
    got = max(1, seen.received)
    return Delivered(
        is_clean=seen.received == expected and not (seen.repeated or seen.skipped or seen.closed),
        expected=expected,
        received=seen.received,
        cpu_us=spent_s / got * 1e6,
        p50_ms=seen.p50_us / 1000,
        p99_ms=seen.p99_us / 1000,
        max_ms=seen.max_us / 1000,
        late_ms=sent.late_s * 1000,
        load_cpu_us=(seen.cpu_s - load_s) / got * 1e6,
    )
