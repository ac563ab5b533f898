"""Real installations to torture, with bad lines and a small disk between their parts.

Production:

    writers, readers ──line──► nginx ──► serve 1, serve 2 ──lines──► PostgreSQL (small disk), Redis
                                         worker ────────────lines──►

Embedded, where `taskwire up` starts what dies among its children again:

    writers, readers ──line──► taskwire up: serve, worker, Redis; SQLite (small disk)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from taskwire.adapters.processes.data_folder import DataFolder
from taskwire.adapters.processes.embedded_redis import redis_url
from tests.fakes.waiting import wait_until, wait_until_answer
from tests.faults.front_door import FrontDoor, front_door
from tests.faults.member import UP_S, ChildOfUp, Member, Part
from tests.faults.small_disk import SmallDisk, small_disk
from tests.services.postgresql import Cluster, make_cluster
from tests.services.processes import free_port
from tooling.servers import nginx as nginx_source
from tooling.servers import redis as redis_source

SETTINGS = {
    "ARGON2_MEMORY_KIB": "64",
    "LOG_LEVEL": "INFO",
    "ACCESS_TOKEN_LIFETIME_S": "7200",
    # Readers come from one address, and some people have very many devices.
    "SOCKETS_PER_ADDRESS_MAX": "20000",
    "SOCKETS_PER_USER_MAX": "1000",
    # Workers die all the time here, and a job is to be taken over within seconds.
    "WORKER_TICK_INTERVAL_S": "2",
    "JOB_RESCAN_INTERVAL_S": "2",
    "JOB_LEASE_S": "6",
    "JOB_ATTEMPTS_MAX": "100",
}
NOT_OURS = ("PUBLIC_URL", "HOST", "CORS_ORIGINS", "LISTEN_FD", "SECRET_KEY_FILE")
NOT_OURS_EMBEDDED = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE")
POSTGRESQL_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
    "timezone": "UTC",
}
"""Nothing about fsync or synchronous_commit: what is acknowledged has to be kept."""

POSTGRESQL_DISK_MB = 384
SQLITE_DISK_MB = 160
CONTROL_S = 30.0
HEALTH_S = 5.0


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
    children: dict[str, ChildOfUp] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    """Where people come in, through the lines."""
    serve_urls: dict[str, str] = field(default_factory=dict)
    """Each `serve` itself, for its metrics."""
    redis_url: str = ""
    disk: SmallDisk | None = None
    reader_ids: list[int] = field(default_factory=list)
    """Processes of readers: tabs that fall asleep together."""

    @property
    def parts(self) -> Mapping[str, Part]:
        return {**self.members, **self.children}

    @property
    def nginx(self) -> FrontDoor | None:
        door = self.members.get("nginx")
        return door if isinstance(door, FrontDoor) else None

    async def add(self, member: Member) -> Member:
        self.members[member.name] = member
        await member.start()
        return member

    async def add_lines(self, name: str, targets: list[int]) -> list[int]:
        """A proxy process in front of `targets`; the ports to use instead."""
        ports = [free_port() for _ in targets]
        control = self.folder / f"{name}.control"
        routes = [f"{port}:{target}" for port, target in zip(ports, targets, strict=True)]
        command = [sys.executable, "-m", "tests.faults.line_proxy", str(control), *routes]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        log = self.folder / f"{name}.log"
        member = await self.add(Member(name, command, environment, log, ports[0]))
        await wait_until(control.exists, CONTROL_S)
        self.lines[name] = Lines(member, control)
        return ports

    async def wait_until_serving(self) -> None:
        """What `up` has started again is there once it answers: its port was open all the time."""
        if self.children:
            async with httpx2.AsyncClient(base_url=self.serve_urls["serve"]) as client:
                await wait_until_answer(lambda: _is_healthy(client), UP_S)

    async def revive(self, *names: str) -> None:
        """Start what ended by itself, as a supervisor would: a PostgreSQL whose disk was full."""
        for name in names:
            member = self.members.get(name)
            if member is not None and member.has_ended:
                await member.start()

    async def stop(self) -> None:
        for part in self.parts.values():
            if part.process_id() is not None:
                part.thaw()
        for member in reversed(self.members.values()):
            await member.stop()


async def _is_healthy(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz", timeout=HEALTH_S)).is_success
    except httpx2.TransportError:
        return False


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
    kind: str, folder: Path, *, source: Path | None = None
) -> AsyncIterator[Installation]:
    """The form that goes with a kind of database, up and answering.

    `source` holds another `taskwire` package to run instead of the one installed.
    """
    if kind == "sqlite":
        async with embedded(folder, source=source) as made:
            yield made
        return
    with small_disk(folder / "postgresql", POSTGRESQL_DISK_MB) as disk:
        cluster = _cluster_below(folder)
        server = _server_of(cluster, folder)
        with _stopped_at_the_end(server):
            await server.start()
            await wait_until_answer(lambda: asyncio.to_thread(cluster.server.answers), CONTROL_S)
            url = cluster.server.create("torture")
            async with production(
                folder, url, nginx=nginx_source.find_binary(), source=source
            ) as made:
                made.members = {"postgresql": server, **made.members}  # the last one to go
                made.disk = disk
                yield made


def _cluster_below(folder: Path) -> Cluster:
    folder.chmod(0o711)  # the server's own user goes through it
    return make_cluster(folder / "postgresql", POSTGRESQL_SETTINGS)


def _server_of(cluster: Cluster, folder: Path) -> Member:
    command = [str(word) for word in cluster.command]
    log = folder / "postgresql.log"
    return Member(
        "postgresql",
        command,
        os.environ,
        log,
        cluster.port,
        cluster.user,
        stop_signal=signal.SIGINT,
        freezes_family=True,
    )


@contextmanager
def _stopped_at_the_end(server: Member) -> Iterator[None]:
    try:
        yield
    finally:
        if not server.has_ended:
            server.thaw()
            server.kill()


@asynccontextmanager
async def production(
    folder: Path,
    database_url: str,
    *,
    serves: int = 2,
    nginx: Path | None = None,
    source: Path | None = None,
) -> AsyncIterator[Installation]:
    """`serve` processes on an empty database; without an nginx people reach each by its own port."""
    binary = redis_source.find_binary()
    assert binary is not None, "there is no Redis server; `make test` installs one"
    made = Installation(folder, database_url)
    try:
        await _start_redis(made, binary)
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
        await _start_product(made, environment, serves, nginx)
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


async def _start_product(
    made: Installation, environment: Mapping[str, str], serves: int, nginx: Path | None
) -> None:
    ports = [free_port() for _ in range(serves)]
    starting = []
    for number, port in enumerate(ports, start=1):
        name = f"serve-{number}"
        own = {**environment, "PORT": str(port)}
        starting.append(Member(name, taskwire("serve"), own, made.folder / f"{name}.log", port))
        made.serve_urls[name] = f"http://127.0.0.1:{port}"
    worker = taskwire("worker", "--beat")
    starting.append(Member("worker", worker, environment, made.folder / "worker.log"))
    await asyncio.gather(*(made.add(member) for member in starting))
    if nginx is not None:
        door = front_door(nginx, made.folder, free_port(), ports)
        ports = [(await made.add(door)).port]
    ways = await made.add_lines("client-line", ports)
    made.urls = [f"http://127.0.0.1:{port}" for port in ways]


@asynccontextmanager
async def embedded(folder: Path, *, source: Path | None = None) -> AsyncIterator[Installation]:
    """`taskwire up` alone: SQLite, and a Redis of its own."""
    with small_disk(folder / "data", SQLITE_DISK_MB) as disk:
        data, port = DataFolder(folder / "data"), free_port()
        made = Installation(folder, f"sqlite:///{data.path / 'taskwire.db'}", disk=disk)
        environment = environment_of(
            data.path, PORT=str(port), PYTHONPATH=str(source or ""), XDG_RUNTIME_DIR=str(folder)
        )
        environment = {**environment, **dict.fromkeys(NOT_OURS_EMBEDDED, "")}
        try:
            await _start_up(made, environment, port)
            made.redis_url = redis_url(data.redis_socket, data.secret("redis_password"))
            yield made
        finally:
            with contextlib.suppress(AssertionError):
                await made.stop()


async def _start_up(made: Installation, environment: Mapping[str, str], port: int) -> None:
    """`up` says that it is ready once the page answers; until then its port only waits."""
    up = Member("up", taskwire("up"), environment, made.folder / "up.log", port)
    made.children = {
        "serve": ChildOfUp(up, "serve"),
        "worker": ChildOfUp(up, "worker"),
        "redis": ChildOfUp(up, "valkey"),
    }
    await made.add(up)
    made.serve_urls["serve"] = f"http://127.0.0.1:{port}"
    (way,) = await made.add_lines("client-line", [port])
    made.urls = [f"http://127.0.0.1:{way}"]
