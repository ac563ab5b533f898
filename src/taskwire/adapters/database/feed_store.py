"""The secret addresses of calendars, as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.sql import dialect_of
from taskwire.adapters.database.tables import feeds
from taskwire.adapters.database.task_rows import find_place
from taskwire.application.channels import tasks_channel
from taskwire.application.feeds import FeedOwner


@dataclass(frozen=True, slots=True)
class DatabaseFeedStore:
    database: Database

    async def created_at(self, person_id: int) -> datetime | None:
        wanted = select(feeds.c.created_at).where(feeds.c.person_id == person_id)
        return await self.database.look(lambda c: c.execute(wanted).scalar_one_or_none())

    async def put(self, person_id: int, digest: str) -> None:
        await self.database.write(lambda connection: _put(connection, person_id, digest))

    async def drop(self, person_id: int) -> None:
        dropped = delete(feeds).where(feeds.c.person_id == person_id)
        await self.database.write(lambda c: c.execute(dropped))

    async def owner(self, digest: str) -> FeedOwner | None:
        return await self.database.read(lambda connection: _owner(connection, digest))


def _put(connection: Connection, person_id: int, digest: str) -> None:
    dialect = postgresql if dialect_of(connection) == "postgresql" else sqlite
    fresh = {"digest": digest, "created_at": datetime.now(UTC)}
    row = dialect.insert(feeds).values(person_id=person_id, **fresh)
    connection.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=fresh))


def _owner(connection: Connection, digest: str) -> FeedOwner | None:
    wanted = select(feeds.c.person_id).where(feeds.c.digest == digest)
    person_id = connection.execute(wanted).scalar_one_or_none()
    if person_id is None:
        return None
    place = find_place(connection, tasks_channel(person_id))
    return FeedOwner(person_id, place.epoch, place.seq)
