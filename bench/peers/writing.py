"""Who takes PUTs: ourselves, and the ORM path of tutorials, each over an empty database."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx2
import jwt

from bench.peers import Place
from bench.peers.python_servers import SOURCES, binary
from bench.peers.taskwire import register, serve
from bench.program import Program, running
from bench.writers import Target
from tests.services.processes import free_port

TOKEN_LIFETIME_S = 7200


@dataclass(frozen=True)
class Written:
    """A server with people who have one task each."""

    program: Program
    port: int
    targets: list[Target]


class WritePeer(Protocol):
    name: str

    def start(
        self, place: Place, database_url: str, people: int
    ) -> AbstractContextManager[Written]: ...


class TaskwireWrites:
    name = "taskwire, log included"

    @contextmanager
    def start(self, place: Place, database_url: str, people: int) -> Iterator[Written]:
        with serve(place, database_url) as (program, port):
            tokens = [str(person["access_token"]) for person in register(port, people)]
            yield Written(program, port, _one_task_each(port, tokens))


class OrmWrites:
    name = "tutorial's ORM, no log"

    @contextmanager
    def start(self, place: Place, database_url: str, people: int) -> Iterator[Written]:
        port, key = free_port(), secrets.token_urlsafe(48)
        scheme, _, rest = database_url.partition("://")
        driver = {"postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}[scheme]
        environment: Mapping[str, str] = {
            "DATABASE_URL": f"{driver}://{rest}",
            "REDIS_URL": place.redis_url,
            "SECRET_KEY": key,
            "PYTHONPATH": str(SOURCES),
        }
        command: list[str | Path] = [binary("uvicorn"), "orm:app", "--port", str(port)]
        command += ["--no-access-log", "--log-level", "warning"]
        with running(command, place.folder / "orm.log", environment) as program:
            program.wait_for(lambda: _answers(port))
            until_s = int(time.time()) + TOKEN_LIFETIME_S
            claims = ({"sub": str(number + 1), "exp": until_s} for number in range(people))
            tokens = [jwt.encode(one, key, algorithm="HS256") for one in claims]
            yield Written(program, port, _one_task_each(port, tokens))


def _one_task_each(port: int, tokens: list[str]) -> list[Target]:
    targets = []
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.post("/api/tasks", json={"title": "Begin"}, headers=headers)
            answer.raise_for_status()
            targets.append(Target(answer.json()["id"], token))
    return targets


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/openapi.json", timeout=1).is_success
    except httpx2.TransportError:
        return False
