"""A real installation to torture: PostgreSQL, Redis, two `serve`, a worker, and bad lines between.

    writers, readers ──line proxy──► serve 1, serve 2 ──line proxies──► PostgreSQL, Redis

What dies is started again half a second later, as systemd or compose would do it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.member import Member
from tests.services.processes import free_port

RESTART_AFTER_S = 0.5
SETTINGS = {
    "ARGON2_MEMORY_KIB": "64",
    "LOG_LEVEL": "INFO",
    # Readers come from one address, and some people have very many devices.
    "SOCKETS_PER_ADDRESS_MAX": "20000",
    "SOCKETS_PER_USER_MAX": "1000",
    "WORKER_TICK_INTERVAL_S": "2",
}
NOT_OURS = ("PUBLIC_URL", "HOST", "CORS_ORIGINS", "LISTEN_FD", "SECRET_KEY_FILE")


@dataclass
class Lines:
    """One line proxy and the way to change its weather."""

    member: Member
    control: Path

    async def become(self, mode: str, **said: float) -> None:
        reader, writer = await asyncio.open_unix_connection(self.control)
        writer.write(json.dumps({"mode": mode, **said}).encode() + b"\n")
        await writer.drain()
        await reader.readline()
        writer.close()


@dataclass
class Installation:
    """What the nemesis may hurt, what readers and writers reach, and where the truth lies."""

    folder: Path
    database_url: str
    members: dict[str, Member] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    redis_url: str = ""

    async def add(self, member: Member) -> Member:
        self.members[member.name] = member
        await member.start()
        return member

    async def restart(self, name: str) -> None:
        await asyncio.sleep(RESTART_AFTER_S)
        await self.members[name].start()

    async def add_lines(self, name: str, targets: list[int]) -> list[int]:
        """A proxy process in front of `targets`; the ports to use instead."""
        ports = [free_port() for _ in targets]
        control = self.folder / f"{name}.control"
        routes = [f"{port}:{target}" for port, target in zip(ports, targets, strict=True)]
        command = [sys.executable, "-m", "tests.faults.line_proxy", str(control), *routes]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        log = self.folder / f"{name}.log"
        member = await self.add(Member(name, command, environment, log, ports[0]))
        async with asyncio.timeout(10):
            while not control.exists():  # noqa: ASYNC110 - it appears once, and soon
                await asyncio.sleep(0.02)
        self.lines[name] = Lines(member, control)
        return ports

    async def stop(self) -> None:
        for member in reversed(self.members.values()):
            with contextlib.suppress(Exception):
                member.thaw()
            await member.stop()


def environment_of(folder: Path, **given: str) -> Mapping[str, str]:
    return {
        **os.environ,
        **dict.fromkeys(NOT_OURS, ""),
        **SETTINGS,
        "TASKWIRE_DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(48),
        **given,
    }


def taskwire(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "taskwire.cli", *words]


@asynccontextmanager
async def installation(
    folder: Path,
    database_url: str,
    redis_binary: Path,
    *,
    serves: int = 2,
    source: Path | None = None,
) -> AsyncIterator[Installation]:
    """Everything up and answering. `database_url` is an empty database of either kind.

    `source` holds another `taskwire` package to run instead of the one installed.
    """
    made = Installation(folder, database_url)
    try:
        await _start_redis(made, redis_binary)
        reachable_database = await _database_through_lines(made, database_url)
        environment = environment_of(
            folder,
            DATABASE_URL=reachable_database,
            REDIS_URL=made.redis_url,
            PYTHONPATH=str(source or ""),
        )
        migrate = Member("migrate", taskwire("migrate"), environment, folder / "migrate.log")
        await migrate.start()
        assert migrate.process is not None, "just started"
        assert await asyncio.to_thread(migrate.process.wait) == 0, migrate.log.read_text()
        await _start_product(made, environment, serves)
        yield made
    finally:
        await made.stop()


async def _start_redis(made: Installation, binary: Path) -> None:
    port, password = free_port(), secrets.token_hex(8)
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--requirepass", password]
    await made.add(Member("redis", command, os.environ, made.folder / "redis.log", port))
    (way,) = await made.add_lines("redis-line", [port])
    made.redis_url = f"redis://:{password}@127.0.0.1:{way}/0"


async def _database_through_lines(made: Installation, url: str) -> str:
    if url.startswith("sqlite"):
        return url
    before, _, after = url.rpartition(":")
    port, _, name = after.partition("/")
    (way,) = await made.add_lines("database-line", [int(port)])
    return f"{before}:{way}/{name}"


async def _start_product(made: Installation, environment: Mapping[str, str], serves: int) -> None:
    ports = [free_port() for _ in range(serves)]
    for number, port in enumerate(ports, start=1):
        name = f"serve-{number}"
        own = {**environment, "PORT": str(port)}
        await made.add(Member(name, taskwire("serve"), own, made.folder / f"{name}.log", port))
    worker = taskwire("worker", "--beat")
    await made.add(Member("worker", worker, environment, made.folder / "worker.log"))
    ways = await made.add_lines("client-line", ports)
    made.urls = [f"http://127.0.0.1:{port}" for port in ways]
