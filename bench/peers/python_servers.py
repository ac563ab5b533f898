"""Python: the FastAPI of tutorials, `websockets.broadcast`, Django Channels, python-socketio.

They run in an environment of their own (the dependency group `bench`), one process each.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.emit import Emitter, LineEmitter, RedisEmitter
from bench.peers import Place, Running
from bench.program import Program, running
from tests.services.processes import free_port
from tooling.places import CACHE

SOURCES = Path(__file__).parent / "python"
ENVIRONMENT = CACHE / "bench" / "venv"


def binary(name: str) -> Path:
    return ENVIRONMENT / "bin" / name


class Tutorial:
    name = "FastAPI of tutorials"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        with _uvicorn(place, "tutorial:app") as (program, port):
            targets = [f"/ws/{lane}" for lane in range(lanes)]
            yield Running(program, [port], targets, lambda: _raw(place))


class Broadcast:
    name = "websockets.broadcast"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        port = free_port()
        command: list[str | Path] = [binary("python"), SOURCES / "broadcast.py", str(port)]
        with _program(place, "broadcast", command) as program:
            program.wait_for(lambda: "listening" in program.logged)
            targets = [f"/{lane}" for lane in range(lanes)]
            yield Running(program, [port], targets, lambda: _raw(place))


class Channels:
    name = "Django Channels"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        port = free_port()
        command: list[str | Path] = [
            binary("daphne"),
            "-b",
            "127.0.0.1",
            "-p",
            str(port),
            "-v",
            "0",
        ]
        command.append("channels_site:application")
        with (
            _program(place, "channels", command) as program,
            _emitter(place, "channels_emitter.py") as emitter,
        ):
            program.wait_for(lambda: _listens(port))
            targets = [f"/{lane}" for lane in range(lanes)]
            yield Running(program, [port], targets, emitter)


class PythonSocketIo:
    name = "python-socketio"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        targets = [f"/socket.io/?EIO=4&transport=websocket&lane={lane}" for lane in range(lanes)]
        with (
            _uvicorn(place, "socketio_site:app") as (program, port),
            _emitter(place, "socketio_emitter.py") as emitter,
        ):
            yield Running(program, [port], targets, emitter, speaks_socketio=True)


@contextmanager
def _uvicorn(place: Place, application: str) -> Iterator[tuple[Program, int]]:
    port = free_port()
    command: list[str | Path] = [
        binary("uvicorn"),
        application,
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    command += ["--backlog", "4096", "--ws-per-message-deflate", "false"]
    with _program(place, application.partition(":")[0], command) as program:
        program.wait_for(lambda: _listens(port))
        yield program, port


@contextmanager
def _emitter(place: Place, script: str) -> Iterator[Callable[[], Emitter]]:
    with _program(place, script, [binary("python"), SOURCES / script]) as speaker:
        speaker.wait_for(lambda: "ready" in speaker.logged)
        lines = LineEmitter(speaker.stdin)
        yield lambda: lines


@contextmanager
def _program(place: Place, name: str, command: Sequence[str | Path]) -> Iterator[Program]:
    environment = {"REDIS_URL": place.redis_url, "PYTHONPATH": str(SOURCES)}
    with running(command, place.folder / f"{name}.log", environment) as program:
        yield program


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _raw(place: Place) -> RedisEmitter:
    return RedisEmitter(place.redis_port, place.redis_password, "lane:{lane}")
