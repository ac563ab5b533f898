"""How a person wants to be told, in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import BigInteger, Connection, bindparam, select

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import preferences
from taskwire.domain.time_zone import zone_named

_FIND_ZONES = select(preferences.c.person_id, preferences.c.time_zone).where(
    preferences.c.person_id.in_(bindparam("person_ids", type_=BigInteger(), expanding=True))
)
_SET_ZONE = statement("""
    INSERT INTO preferences (person_id, time_zone) VALUES (:person_id, :time_zone)
    ON CONFLICT (person_id) DO UPDATE SET time_zone = excluded.time_zone""")
# A day begins elsewhere now: what is due on a day is looked at anew.
_LOOK_AGAIN = statement("""
    UPDATE tasks SET look_at = {now}
    WHERE owner_id = :owner_id AND deleted_at IS NULL AND look_at > {now} AND due_on IS NOT NULL""")


@dataclass(frozen=True, slots=True)
class DatabasePreferenceStore:
    database: Database

    async def time_zone(self, person_id: int) -> str | None:
        """None: never set."""
        return await self.database.look(lambda c: _zone_names(c, [person_id]).get(person_id))

    async def set_time_zone(self, person_id: int, name: str) -> None:
        await self.database.write(lambda connection: set_time_zone(connection, person_id, name))


def set_time_zone(connection: Connection, person_id: int, name: str) -> None:
    """In the transaction at hand; and let the worker look again at what is due on a day."""
    dialect = dialect_of(connection)
    connection.execute(_SET_ZONE[dialect], {"person_id": person_id, "time_zone": name})
    connection.execute(_LOOK_AGAIN[dialect], with_now({"owner_id": person_id}))


def zone_of(connection: Connection, person_id: int) -> tzinfo:
    return zone_named(_zone_names(connection, [person_id]).get(person_id))


def zones_of(connection: Connection, person_ids: Collection[int]) -> Mapping[int, tzinfo]:
    names = _zone_names(connection, person_ids)
    return {person_id: zone_named(names.get(person_id)) for person_id in person_ids}


def _zone_names(connection: Connection, person_ids: Collection[int]) -> Mapping[int, str | None]:
    rows = connection.execute(_FIND_ZONES, {"person_ids": list(person_ids)})
    return {row.person_id: row.time_zone for row in rows}
