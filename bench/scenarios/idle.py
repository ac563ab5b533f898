"""Idle sockets: what one costs in memory, in one process and in several.

Not shown: the kernel's buffers (they are no process's memory), and people: the sockets belong to a
hundred of them, because what a person costs is paid once, however many devices they have.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass

from bench.load import sockets
from bench.peers import Peer, Place
from bench.peers.taskwire import register, serve

PEOPLE = 100
SETTLE_S = 2.0


@dataclass(frozen=True)
class Idle:
    sockets: int
    processes: int
    bytes_per_socket: float


def run_peer(peer: Peer, place: Place, count: int) -> Idle:
    with peer.start(place, PEOPLE, count) as up:
        before = up.program.memory_bytes()
        with sockets(count, up.ports, up.targets, speaks_socketio=up.speaks_socketio):
            time.sleep(SETTLE_S)
            after = up.program.memory_bytes()
    return Idle(count, 1, (after - before) / count)


def run_several(place: Place, count: int, processes: int) -> Idle:
    """Ourselves, with the sockets spread over several `serve`."""
    url, key = f"sqlite:///{place.folder / 'taskwire.db'}", secrets.token_urlsafe(48)
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(serve(place, url, key)) for _ in range(processes)]
        ports = [port for _, port in started]
        people = register(ports[0], PEOPLE)
        targets = [f"/ws/tasks?token={person['access_token']}" for person in people]
        before = sum(program.memory_bytes() for program, _ in started)
        for port in ports:  # a client for each: fewer open files are allowed to one than 50,000
            stack.enter_context(sockets(count // processes, [port], targets))
        time.sleep(SETTLE_S)
        after = sum(program.memory_bytes() for program, _ in started)
    return Idle(count, processes, (after - before) / count)
