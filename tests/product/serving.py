"""`taskwire serve` and `taskwire worker`, each a process of its own, over what a test gives them."""

import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import follow_parent
from tests.services.processes import STOP_TIMEOUT_S, wait_until_ready
from tests.services.redis import RedisServer

# What a developer's shell may hold, and the product under test must not see.
_NOT_OURS = ("PUBLIC_URL", "HOST", "PORT", "CORS_ORIGINS", "LISTEN_FD")
# The smallest that Argon2 takes: nobody attacks the people of a test.
_SETTINGS = {"ARGON2_MEMORY_KIB": "64", "DRAIN_SPREAD_S": "0.2"}


# Made once: reading the authorities' certificates takes 20 ms, and no `serve` speaks TLS.
_TLS = ssl.create_default_context()


@dataclass(frozen=True)
class Deployment:
    """What all processes of one installation share."""

    folder: Path
    database_url: str
    redis: RedisServer
    settings: Mapping[str, str]
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **dict.fromkeys(_NOT_OURS, ""), **self.variables}

    @property
    def variables(self) -> dict[str, str]:
        """What is set for the product, and nothing of the machine's."""
        return {
            **_SETTINGS,
            "TASKWIRE_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": self.secret_key,
            **self.settings,
        }


@dataclass(frozen=True)
class Serving:
    """A running `taskwire serve`, from outside."""

    deployment: Deployment
    process: subprocess.Popen[bytes]
    port: int
    log: Path
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://{self.host}:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        return _TLS

    @property
    def redis(self) -> RedisServer:
        return self.deployment.redis

    @property
    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def serving(
    deployment: Deployment, name: str = "serve", *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Serving]:
    """Run `taskwire serve` for the time of the block. It ends with the tests, however they end."""
    log = deployment.folder / f"{name}.log"
    with socket.create_server((host, port), backlog=2048) as listener:
        port, number = listener.getsockname()[1], listener.fileno()
        environment = {**deployment.environment, "LISTEN_FD": str(number)}
        process = _start("serve", environment=environment, log=log, listener=number)
    running = Serving(deployment, process, port, log, host)
    with _ended(process):
        wait_until_ready(process, running.answers, log)
        yield running


@contextmanager
def working(deployment: Deployment, name: str = "worker") -> Iterator[subprocess.Popen[bytes]]:
    """Run `taskwire worker --beat`. It may still be starting: jobs wait for it in the queue."""
    log = deployment.folder / f"{name}.log"
    process = _start("worker", "--beat", environment=deployment.environment, log=log)
    with _ended(process):
        yield process


def _start(
    *words: str, environment: Mapping[str, str], log: Path, listener: int | None = None
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "taskwire.cli", *words]
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, follow_parent.__file__, str(os.getpid()), "", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            pass_fds=[] if listener is None else [listener],
            start_new_session=True,
        )


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
