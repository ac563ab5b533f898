"""What is run, at which size, how often, and which figures of a run are compared.

A question is asked of every contestant in turn, round by round, so that a busy minute of the
machine falls on all of them. The figure of a contestant is the median of its rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.peers import Peer, Place
from bench.peers.limit import Limit
from bench.peers.nchan import Nchan
from bench.peers.node_servers import NodeWs, SocketIo
from bench.peers.python_servers import Broadcast, Channels, PythonSocketIo, Tutorial
from bench.peers.taskwire import Taskwire
from bench.peers.writing import OrmWrites, TaskwireWrites, WritePeer
from bench.scenarios import delivery, growth, idle, page, resume, writing
from bench.scenarios.delivery import Delivery

MakeDatabase = Callable[[], str]
Run = Callable[[Place, MakeDatabase], Any]

FAST: Sequence[Peer] = (Limit(), Taskwire(), Nchan(), NodeWs(), Broadcast())
SLOW: Sequence[Peer] = (SocketIo(), PythonSocketIo(), Tutorial(), Channels())
BY_LANE: Sequence[Peer] = (Taskwire(), NodeWs(), Nchan(), Broadcast())
WRITERS: Sequence[WritePeer] = (TaskwireWrites(), OrmWrites())


@dataclass(frozen=True)
class Question:
    """`figure` is what is compared; less is better unless `more_is_better`."""

    name: str
    figure: str
    contestants: Mapping[str, Run]
    rounds: int
    more_is_better: bool = False


def quick() -> list[Question]:
    """Under three minutes: the shape of things, no more."""
    return [
        _delivery(Delivery("fan-out 200 x 50/s", 1, 200, 50, 3), FAST, 1),
        _delivery(Delivery("500 people, 2,000/s", 500, 500, 2000, 3), BY_LANE[:2], 1),
        _puts(WRITERS, 3, 1),
        _idle((Taskwire(),), 2_000, 1),
    ]


def complete() -> list[Question]:
    return [
        _delivery(Delivery("fan-out 100 x 50/s", 1, 100, 50, 6), (*FAST, *SLOW), 3),
        _delivery(Delivery("fan-out 1,000 x 50/s", 1, 1_000, 50, 8), FAST, 3),
        _delivery(Delivery("fan-out 1,000 x 300/s", 1, 1_000, 300, 6), FAST[:3], 3),
        _delivery(Delivery("fan-out 10,000 x 5/s", 1, 10_000, 5, 6), FAST[:3], 3),
        _delivery(Delivery("2,000 people, 8,000/s", 2_000, 2_000, 8_000, 6), BY_LANE[:2], 3),
        _puts(WRITERS, 6, 3),
        _shown(WRITERS, 6, 3),
        _idle((Taskwire(), NodeWs(), Nchan()), 15_000, 2),
        Question(
            "idle sockets of ours, more of them",
            "bytes_per_socket",
            {
                "1,000 in one process": _one_process(1_000),
                "15,000 in one process": _one_process(15_000),
                "50,000 in four": lambda place, _: idle.run_several(place, 50_000, 4),
            },
            1,
        ),
        Question(
            "10,000 sockets resume",
            "seconds",
            {"taskwire": lambda place, database: resume.run(place, database(), 10_000)},
            2,
        ),
        Question(
            "delivery, more sockets",
            "cpu_us",
            {
                "1,000 sockets": _spread(Taskwire(), 1_000),
                "15,000 sockets": _spread(Taskwire(), 15_000),
                "limit, 1,000 sockets": _spread(Limit(), 1_000),
                "limit, 15,000 sockets": _spread(Limit(), 15_000),
            },
            3,
        ),
        Question(
            "PUT, more tasks",
            "cpu_ms",
            {"1,000 tasks": _grown(1_000), "1,000,000 tasks": _grown(1_000_000)},
            2,
        ),
        Question(
            "page with 10,000 tasks", "event_ms", {"taskwire": lambda place, _: page.run(place)}, 1
        ),
    ]


def _delivery(asked: Delivery, peers: Sequence[Peer], rounds: int) -> Question:
    def run_by(peer: Peer) -> Run:
        return lambda place, _: delivery.run(asked, peer, place)

    return Question(asked.name, "cpu_us", {peer.name: run_by(peer) for peer in peers}, rounds)


def _spread(peer: Peer, count: int) -> Run:
    """The same number of deliveries a second, on fewer or more sockets."""
    asked = Delivery("spread", 1, count, 30_000 / count, 6)
    return lambda place, _: delivery.run(asked, peer, place)


def _puts(peers: Sequence[WritePeer], seconds: float, rounds: int) -> Question:
    def run_by(peer: WritePeer) -> Run:
        return lambda place, database: writing.run_saturated(peer, place, database(), seconds)

    runs = {peer.name: run_by(peer) for peer in peers}
    return Question("PUT/s, PostgreSQL", "puts_per_s", runs, rounds, more_is_better=True)


def _shown(peers: Sequence[WritePeer], seconds: float, rounds: int) -> Question:
    """Half of what the slower one takes, the same for both."""

    def run_by(peer: WritePeer) -> Run:
        return lambda place, database: writing.run_shown(
            peer, place, database(), writing.HALF_OF_THE_SLOWER_PER_S, seconds
        )

    runs = {peer.name: run_by(peer) for peer in peers}
    return Question("PUT to another screen", "p50_ms", runs, rounds)


def _idle(peers: Sequence[Peer], count: int, rounds: int) -> Question:
    def run_by(peer: Peer) -> Run:
        return lambda place, _: idle.run_peer(peer, place, count)

    runs = {peer.name: run_by(peer) for peer in peers}
    return Question(f"{count:,} idle sockets", "bytes_per_socket", runs, rounds)


def _one_process(count: int) -> Run:
    return lambda place, _: idle.run_peer(Taskwire(), place, count)


def _grown(tasks: int) -> Run:
    return lambda place, database: growth.run_writes(place, database(), tasks, 5)
