"""Ourselves: `taskwire serve`, as an operator starts it, with its caps out of the way."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
from typing_extensions import override

from bench.emit import RedisEmitter
from bench.peers import Place, Running
from bench.program import Program, running
from tests.services.processes import free_port
from tooling.places import venv_binary

PASSWORD = "a password of the bench"
SETTINGS = {
    "ARGON2_MEMORY_KIB": "64",
    "LOG_LEVEL": "WARNING",
    "SOCKETS_MAX": "100000",
    "SOCKETS_PER_USER_MAX": "100000",
    "SOCKETS_PER_ADDRESS_MAX": "100000",
    "ACCESS_TOKEN_LIFETIME_S": "7200",
    "SOCKET_LIFETIME_S": "7200",
}


class Taskwire:
    name = "taskwire"

    @contextmanager
    def start(self, place: Place, lanes: int, sockets: int) -> Iterator[Running]:
        """One person a lane, all of their sockets signed in by an access token."""
        database = f"sqlite:///{place.folder / 'taskwire.db'}"
        with serve(place, database) as (program, port):
            people = register(port, lanes)
            assert [person["user"]["id"] for person in people] == list(range(1, lanes + 1))
            targets = [f"/ws/tasks?token={person['access_token']}" for person in people]
            yield Running(program, [port], targets, lambda: _emitter(place))


def _emitter(place: Place) -> RedisEmitter:
    return _FromOne(place.redis_port, place.redis_password, "user:{lane}:tasks")


class _FromOne(RedisEmitter):
    """People are counted from one."""

    @override
    def emit(self, lane: int, message: str) -> None:
        super().emit(lane + 1, message)


def environment(place: Place, database_url: str, secret_key: str) -> Mapping[str, str]:
    return {
        **SETTINGS,
        "TASKWIRE_DATA_DIR": str(place.folder),
        "DATABASE_URL": database_url,
        "REDIS_URL": place.redis_url,
        "SECRET_KEY": secret_key,
    }


@contextmanager
def serve(place: Place, database_url: str, secret_key: str = "") -> Iterator[tuple[Program, int]]:
    """A migrated database and one `serve` over it; its port."""
    port = free_port()
    known = environment(place, database_url, secret_key or secrets.token_urlsafe(48))
    taskwire = venv_binary("taskwire")
    with running([taskwire, "migrate"], place.folder / "migrate.log", known) as migrate:
        assert migrate.process.wait() == 0, migrate.logged
    with running(
        [taskwire, "serve"], place.folder / f"serve-{port}.log", {**known, "PORT": str(port)}
    ) as program:
        program.wait_for(lambda: _answers(port))
        yield program, port


def register(port: int, count: int) -> list[dict[str, Any]]:
    """So many people, in order; what registration answered."""
    people = []
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for number in range(count):
            asked = {"email": f"{number}@bench.example", "name": "x", "password": PASSWORD}
            answer = client.post("/api/auth/register", json=asked)
            answer.raise_for_status()
            people.append(answer.json())
    return people


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz", timeout=1).is_success
    except httpx2.TransportError:
        return False
