"""Node: `ws` with one Redis subscriber, and Socket.IO with its Redis adapter. One process each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.emit import LineEmitter, RedisEmitter
from bench.peers import Place, Running
from bench.program import running
from tests.services.processes import free_port
from tooling.places import CACHE, venv_binary

SOURCES = Path(__file__).parent / "node"
INSTALLED = CACHE / "bench" / "node"
"""A copy of SOURCES with its node_modules beside it."""


class NodeWs:
    name = "node ws + redis"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        port = free_port()
        script = INSTALLED / "ws_server.mjs"
        command: list[str | Path] = [venv_binary("node"), script, str(port), place.redis_url]
        with running(command, place.folder / "node-ws.log") as program:
            program.wait_for(lambda: "listening" in program.logged)
            targets = [f"/lane:{lane}" for lane in range(lanes)]
            yield Running(program, [port], targets, lambda: _raw(place))


class SocketIo:
    name = "socket.io + redis adapter"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        port, node = free_port(), venv_binary("node")
        server: list[str | Path] = [node, INSTALLED / "socketio_server.mjs"]
        server += [str(port), place.redis_url]
        emitter: list[str | Path] = [node, INSTALLED / "socketio_emitter.mjs", place.redis_url]
        targets = [f"/socket.io/?EIO=4&transport=websocket&lane={lane}" for lane in range(lanes)]
        with (
            running(server, place.folder / "socketio.log") as program,
            running(emitter, place.folder / "socketio-emitter.log") as speaker,
        ):
            program.wait_for(lambda: "listening" in program.logged)
            speaker.wait_for(lambda: "ready" in speaker.logged)
            lines = LineEmitter(speaker.stdin)
            yield Running(program, [port], targets, lambda: lines, speaks_socketio=True)


def _raw(place: Place) -> RedisEmitter:
    return RedisEmitter(place.redis_port, place.redis_password, "lane:{lane}")
