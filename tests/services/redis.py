"""A real Redis for the tests, behind a password, on a TCP port and on a socket."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.services.processes import free_port, running
from tooling.servers import redis as source


@dataclass(frozen=True)
class RedisServer:
    """How to reach it. `socket` and `port` are None for a server that was given by its URL."""

    url: str
    password: str | None = None
    port: int | None = None
    socket: Path | None = None

    @property
    def socket_url(self) -> str:
        """The same server, by its socket."""
        assert self.socket is not None, "this Redis was given by TEST_REDIS_URL"
        return f"unix://:{self.password}@{self.socket}?db=0"

    @property
    def process_id(self) -> int:
        """For tests that stop it, or let it stand still."""
        with closing(Redis.from_url(self.url)) as client:
            return int(client.info("server")["process_id"])

    def flush(self) -> None:
        """Empty it, so that no test finds what another one left."""
        with closing(Redis.from_url(self.url)) as client:
            client.flushall()

    def answers(self) -> bool:
        """Whether it takes commands."""
        try:
            with closing(Redis.from_url(self.url)) as client:
                return bool(client.ping())
        except RedisError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run a Redis of our own."""
    binary = source.find_binary()
    assert binary is not None, "there is no Redis server; `make test` installs one"
    folder = Path(tempfile.mkdtemp(prefix="taskwire-redis-"))
    server = describe(folder)
    try:
        with running(
            command_of(binary, server, folder), log=folder / "log", answers=server.answers
        ):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def describe(folder: Path) -> RedisServer:
    """Where it will be."""
    password, port = secrets.token_hex(8), free_port()
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return RedisServer(url=url, password=password, port=port, socket=folder / "redis.sock")


def command_of(binary: Path, server: RedisServer, folder: Path) -> list[str | Path]:
    """A later option overrules an earlier one of its name."""
    options = {
        "bind": "127.0.0.1",
        "port": str(server.port),
        "unixsocket": str(server.socket),
        "requirepass": str(server.password),
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
    }
    return [binary, *(word for name, value in options.items() for word in (f"--{name}", value))]
