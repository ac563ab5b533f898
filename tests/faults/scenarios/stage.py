"""The installation on which scenarios are played: two `serve` behind nginx, PostgreSQL, Redis.

    clients ──► nginx ──► serve-1, serve-2 ──► PostgreSQL (with its fsync), Redis

No proxy of ours is between them, because here time is measured; a line that must fail is given
one by the scenario that breaks it.
"""

from __future__ import annotations

import asyncio
import resource
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import asyncpg

from taskwire.adapters.security.tokens import JwtTokens
from tests.faults.installation import Lines, environment_of, taskwire
from tests.faults.member import Member
from tests.faults.scenarios.nginx import nginx
from tests.product.people import Known, add_people_to, database_at, tokens_by
from tests.services.postgresql import postgresql_server
from tests.services.processes import free_port
from tooling.places import ROOT
from tooling.servers import redis as redis_source

POSTGRESQL: Final = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}
"""Its defaults otherwise: what it acknowledges is on the disk."""
HEADS: Final = "SELECT channel, head FROM streams WHERE channel LIKE 'user:%:tasks'"
SETTLED_WITHIN_S: Final = 30.0
LOOK_S: Final = 0.02


@dataclass
class Stage:
    """What a scenario may reach and hurt. `port` is nginx's."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    serve_ports: Sequence[int] = field(default_factory=lambda: (free_port(), free_port()))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    redis_password: str = field(default_factory=lambda: secrets.token_hex(8))
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def redis(self) -> Member:
        return self.members["redis"]

    def redis_url(self, port: int) -> str:
        return f"redis://:{self.redis_password}@127.0.0.1:{port}/0"

    def serve(self, number: int) -> Member:
        return self.members[f"serve-{number}"]

    @property
    def tokens(self) -> JwtTokens:
        return tokens_by(self.secret_key)

    def ticket(self, person: Known) -> str:
        """What a page buys before each attempt, without its asking for it."""
        return self.tokens.ticket(person.id, person.session_id)

    async def start_serve(self, number: int, **settings: str) -> Member:
        port = self.serve_ports[number - 1]
        given = {"PORT": str(port), "REDIS_URL": self.redis_url(self.redis.port), **settings}
        return await self._start(f"serve-{number}", taskwire("serve"), port, **given)

    async def start_line(self, name: str, target: int) -> Lines:
        """A line that can be made bad, in front of a port; the member's port is where it begins."""
        port, control = free_port(), self.folder / f"{name}.control"
        words = [str(control), f"{port}:{target}"]
        command = [sys.executable, "-m", "tests.faults.line_proxy", *words]
        member = await self._start(name, command, port, PYTHONPATH=str(ROOT))
        while not control.exists():  # noqa: ASYNC110 - it appears once, and soon
            await asyncio.sleep(LOOK_S)
        return Lines(member, control)

    async def add_people(self, count: int) -> Sequence[Known]:
        async with database_at(self.database_url) as database:
            return await add_people_to(database, self.tokens, count)

    async def heads(self) -> dict[int, int]:
        """Each person's last number, by the database's own word."""
        connection = await asyncpg.connect(self.database_url)
        try:
            rows = await connection.fetch(HEADS)
        finally:
            await connection.close()
        return {int(row["channel"].split(":")[1]): row["head"] for row in rows}

    async def migrate(self) -> None:
        member = await self._start("migrate", taskwire("migrate"), 0)
        assert member.process is not None, "just started"
        assert await asyncio.to_thread(member.process.wait) == 0, member.log.read_text()

    async def start_redis(self) -> None:
        binary = redis_source.find_binary()
        assert binary is not None, "there is no Redis server; `make test` installs one"
        port = free_port()
        command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        await self._start("redis", [*command, "--requirepass", self.redis_password], port)

    async def start_nginx(self) -> None:
        files_max, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        member = nginx(self.folder, self.port, self.serve_ports, files_max)
        self.members["nginx"] = member
        await member.start()

    async def _start(self, name: str, command: list[str], port: int, **given: str) -> Member:
        environment = environment_of(
            self.folder,
            DATABASE_URL=self.database_url,
            SECRET_KEY=self.secret_key,
            LOG_LEVEL="WARNING",
            **given,
        )
        member = Member(name, command, environment, self.folder / f"{name}.log", port)
        self.members[name] = member
        await member.start()
        return member

    async def stop(self) -> None:
        for member in reversed(self.members.values()):
            member.thaw()
            await member.stop()


@asynccontextmanager
async def stage(*, serves: int = 2) -> AsyncIterator[Stage]:
    """Everything up and answering; with one `serve`, the scenario starts the second itself."""
    raise_open_files_limit()
    with (
        tempfile.TemporaryDirectory(prefix="taskwire-stage-") as name,
        postgresql_server(POSTGRESQL) as server,
    ):
        made = Stage(Path(name), server.create("stage"))
        try:
            await made.start_redis()
            await made.migrate()
            for number in range(1, serves + 1):
                await made.start_serve(number)
            await made.start_nginx()
            yield made
        finally:
            await made.stop()


def raise_open_files_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
