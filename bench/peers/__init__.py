"""Who is compared: each server behind one small adapter, started as its own documents do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.emit import Emitter
from bench.program import Program


@dataclass(frozen=True)
class Place:
    """What every peer is given: a folder, and a Redis of its own minutes."""

    folder: Path
    redis_port: int
    redis_password: str

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.redis_password}@127.0.0.1:{self.redis_port}/0"


@dataclass(frozen=True)
class Running:
    """A peer that is up. `program` is what is charged with CPU; helpers that speak are not."""

    program: Program
    ports: Sequence[int]
    targets: Sequence[str]
    emitter: Callable[[], Emitter]
    speaks_socketio: bool = False


class Peer(Protocol):
    """`lanes` channels, `sockets` sockets spread over them in turn."""

    name: str

    def start(self, place: Place, lanes: int, sockets: int) -> AbstractContextManager[Running]: ...


Environment = Mapping[str, str]
Started = Iterator[Running]
