"""SQLite in this thread and in memory: the same statements, without hops between threads."""

from typing import TypeVar

from sqlalchemy import create_engine, event, insert
from sqlalchemy.pool import StaticPool

from taskwire.adapters.database.calendar_tables import calendar_accounts
from taskwire.adapters.database.connection import Dialect, Work
from taskwire.adapters.database.tables import log_epoch

T = TypeVar("T")


class InlineDatabase:
    dialect: Dialect = "sqlite"
    direct = None

    def __init__(self) -> None:
        self._engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None}
        )
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        calendar_accounts.metadata.create_all(self._engine)  # all tables, ours among them
        with self._engine.begin() as connection:
            connection.execute(insert(log_epoch).values(one=1, epoch="trial"))

    async def look(self, work: Work[T]) -> T:
        return await self.write(work)

    async def read(self, work: Work[T]) -> T:
        return await self.write(work)

    async def write(self, work: Work[T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    async def write_once(self, work: Work[T]) -> T:
        return await self.write(work)

    async def close(self) -> None:
        self._engine.dispose()
