"""Migrated databases, quickly: the migrations run once, every test gets a copy."""

import itertools
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from taskwire.adapters.database.migrate import migrate
from tests.services.postgresql import PostgresqlServer


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite"
        _migrate(f"sqlite:///{self._template}")

    def fresh(self, folder: Path) -> str:
        """Return the address of an empty, migrated database in a folder of the test's own."""
        target = folder / "taskwire.sqlite"
        shutil.copyfile(self._template, target)
        return f"sqlite:///{target}"


class PostgresqlDatabases:
    """Copies of one migrated database; their names are this run's own."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._run = f"taskwire_test_{secrets.token_hex(4)}"
        self._numbers = itertools.count(1)
        self._template = f"{self._run}_template"
        _migrate(server.create(self._template))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Hold an empty, migrated database for the length of a `with`."""
        name = f"{self._run}_{next(self._numbers)}"
        try:
            yield self._server.create(name, self._template)
        finally:
            self._server.drop(name)

    def close(self) -> None:
        """Leave nothing in a server that is not ours."""
        self._server.drop(self._template)


def _migrate(url: str) -> None:
    # In a thread, because it starts a loop of its own and a test may be running one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrate, url).result()
