"""The limit: a C loop of send() that knows no protocol. One lane only."""

from __future__ import annotations

from contextlib import contextmanager

from bench.emit import LineEmitter
from bench.native import build
from bench.peers import Place, Running, Started
from bench.program import running
from tests.services.processes import free_port


class Limit:
    name = "limit"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Started:
        assert lanes == 1, "it knows no channels"
        port, log = free_port(), place.folder / "limit.log"
        with running([build("limit"), str(port), str(sockets)], log) as program:
            program.wait_for(lambda: "listening" in program.logged)
            emitter = LineEmitter(program.stdin, with_lane=False)
            yield Running(program, [port], ["/"], lambda: emitter)
