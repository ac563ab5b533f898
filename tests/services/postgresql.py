"""A real PostgreSQL for the tests: one cluster for a run, one fresh database for each test."""

import asyncio
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.services.processes import free_port, running
from tooling.servers import postgresql as source

_SUPERUSER = "taskwire"
# PostgreSQL refuses to run as root, so root hands it to one of these.
_UNPRIVILEGED = ("postgres", "nobody")
# The data lives for minutes; nothing of it must survive a crash of the machine.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class PostgresqlServer:
    """A server in which we may create databases; `url` is that of a database always there."""

    url: str

    def database_url(self, name: str) -> str:
        """Return the address of another database of this server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, a copy of the template, and return its address."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.database_url(name)

    def set_password(self, password: str) -> None:
        """Let its owner have this one; `url` is of no use from now on."""
        self._execute(f"ALTER ROLE {_SUPERUSER} PASSWORD '{password}'")

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def answers(self) -> bool:
        """Whether it has finished starting and takes our password."""
        try:
            self._execute("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def _execute(self, statement: str) -> None:
        # In a thread: the loop of the test that called us, running or not, is none of ours.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(_execute(self.url, statement))).result()


@dataclass(frozen=True)
class Cluster:
    """A data folder, and how to start the server of it."""

    server: PostgresqlServer
    command: Sequence[str | Path]
    user: str
    """Whom to run it as; nobody else when empty."""
    port: int


@contextmanager
def postgresql_server(settings: Mapping[str, str] = _SETTINGS) -> Iterator[PostgresqlServer]:
    """Run a PostgreSQL of our own; `settings` for those who measure one that keeps its word."""
    folder = Path(tempfile.mkdtemp(prefix="taskwire-postgresql-"))
    try:
        made = make_cluster(folder, settings)
        answers = made.server.answers
        with running(made.command, log=folder / "log", answers=answers, user=made.user):
            yield made.server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_cluster(folder: Path, settings: Mapping[str, str]) -> Cluster:
    """Initialise a cluster in an empty folder; nothing is started yet."""
    binaries = source.find_binaries()
    assert binaries is not None, "there is no PostgreSQL; `make test` installs one"
    user = _server_user()
    if user:
        shutil.chown(folder, user)
        binaries = _within_reach(binaries, folder)
    password, port = secrets.token_hex(8), free_port()
    _initialise(binaries, folder, password, user)
    server = PostgresqlServer(f"postgresql://{_SUPERUSER}:{password}@127.0.0.1:{port}/postgres")
    command: list[str | Path] = [binaries / "postgres", *_options(folder, port, settings)]
    return Cluster(server, command, user, port)


def _server_user() -> str:
    """Return whom to run the server as; nobody else, unless we are root."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _within_reach(binaries: Path, folder: Path) -> Path:
    """A wheel below root's home is closed to others; then the server's user gets a copy."""
    if all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    return source.copy_wheel(binaries, folder / "installation")


def _initialise(binaries: Path, folder: Path, password: str, user: str) -> None:
    password_file = folder / "password"
    password_file.write_text(password, encoding="utf-8")
    options = [
        f"--pgdata={folder / 'data'}",
        f"--username={_SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(
        [str(binaries / "initdb"), *options],
        check=True,
        capture_output=True,
        cwd="/",
        user=user or None,
        extra_groups=[] if user else None,
    )


def _options(folder: Path, port: int, settings: Mapping[str, str]) -> list[str]:
    settings = {**settings, "unix_socket_directories": str(folder)}
    chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return ["-D", str(folder / "data"), "-p", str(port), *chosen]


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
