"""A Redis that fails over: a master, a replica, and three sentinels, all behind one password."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.services.processes import free_port, running
from tooling.servers import redis as source

SERVICE = "taskwire"
DOWN_AFTER_MS = 2000
"""After so long without an answer a sentinel calls the master down; Redis' own default is 30 s."""


@dataclass(frozen=True)
class Sentinels:
    """`url` is what REDIS_URL says; `ports` are those of the sentinels."""

    url: str
    password: str
    ports: tuple[int, ...]

    def master_port(self) -> int:
        """Whom the first sentinel takes for the master now."""
        with closing(self._ask(self.ports[0])) as sentinel:
            address = sentinel.sentinel_get_master_addr_by_name(SERVICE)
        assert isinstance(address, tuple), "the sentinels watch it"
        return int(address[1])

    def kill_master(self) -> int:
        """As `kill -9` does it; returns the port it had."""
        port = self.master_port()
        with closing(self._ask(port)) as master:
            process_id = int(master.info("server")["process_id"])
        os.kill(process_id, signal.SIGKILL)
        return port

    def agree(self) -> bool:
        """Whether every sentinel knows the replica and the two others: before, none may fail over."""
        try:
            return all(self._is_settled(port) for port in self.ports)
        except RedisError:
            return False

    def _is_settled(self, port: int) -> bool:
        with closing(self._ask(port)) as sentinel:
            known = sentinel.sentinel_master(SERVICE)
        assert isinstance(known, dict), "the sentinels watch it"
        return int(str(known["num-slaves"])) >= 1 and int(str(known["num-other-sentinels"])) >= 2

    def _ask(self, port: int) -> Redis:
        return Redis(port=port, password=self.password, decode_responses=True)


@contextmanager
def sentinels() -> Iterator[Sentinels]:
    """Run the five for the time of the block."""
    binary = source.find_binary()
    assert binary is not None, "there is no Redis server; `make test` installs one"
    folder = Path(tempfile.mkdtemp(prefix="taskwire-sentinels-"))
    password = secrets.token_hex(8)
    master, replica, *ports = (free_port() for _ in range(5))
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    url = f"redis+sentinel://:{password}@{hosts}/{SERVICE}/0"
    group = Sentinels(url, password, tuple(ports))
    try:
        with ExitStack() as stack:
            servers: dict[int, list[str]] = {master: [], replica: [f"replicaof 127.0.0.1 {master}"]}
            for port, more in servers.items():
                lines = [*_common(folder, port, password), f"masterauth {password}", *more]
                stack.enter_context(_one(binary, folder, port, lines, password))
            for port in ports:
                lines = [*_common(folder, port, password), *_watching(master, password)]
                stack.enter_context(_one(binary, folder, port, lines, password, "--sentinel"))
            yield group
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _common(folder: Path, port: int, password: str) -> list[str]:
    place = folder / str(port)
    place.mkdir()
    return ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f"dir {place}", 'save ""']


def _watching(master: int, password: str) -> list[str]:
    return [
        f"sentinel monitor {SERVICE} 127.0.0.1 {master} 2",
        f"sentinel auth-pass {SERVICE} {password}",
        f"sentinel sentinel-pass {password}",
        f"sentinel down-after-milliseconds {SERVICE} {DOWN_AFTER_MS}",
        f"sentinel failover-timeout {SERVICE} 10000",
    ]


@contextmanager
def _one(
    binary: Path, folder: Path, port: int, lines: list[str], password: str, *words: str
) -> Iterator[None]:
    configuration = folder / f"{port}.conf"  # a sentinel writes into its own
    configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def answers() -> bool:
        try:
            with closing(Redis(port=port, password=password)) as client:
                return bool(client.ping())
        except RedisError:
            return False

    log = folder / f"{port}.log"
    with running([binary, configuration, *words], log=log, answers=answers):
        yield
