"""Preferences in the database: one row a person, none for whoever never chose anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.row_and_event import Origin, find_answer, remember
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import preferences
from taskwire.adapters.database.task_rows import find_place
from taskwire.application.channels import notifications_channel
from taskwire.application.ports import Answer, KeyTaken, WriteKey
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import QuietHours, next_time
from taskwire.domain.time_zone import zone_named

PREFERENCE_COLUMNS = (
    preferences.c.time_zone,
    preferences.c.language,
    preferences.c.quiet_from,
    preferences.c.quiet_to,
    preferences.c.digest_at,
    preferences.c.switches,
)

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

    async def find(self, person_id: int) -> Preferences:
        return await self.database.look(lambda c: find_preferences(c, person_id))

    async def time_zone(self, person_id: int) -> str | None:
        """None: never set."""
        return (await self.find(person_id)).time_zone

    async def change(
        self,
        person_id: int,
        alter: Callable[[Preferences], Preferences],
        show: Callable[[Preferences], bytes],
        write: WriteKey | None,
    ) -> Answer | KeyTaken:
        origin = Origin(person_id, notifications_channel(person_id), write)

        def work(connection: Connection) -> Answer | KeyTaken:
            remembered = find_answer(connection, origin)
            if remembered is not None:
                return remembered
            _make_sure_of_row(connection, person_id)
            known = find_preferences(connection, person_id, is_held=True)
            altered = alter(known)
            if altered != known:
                _save(connection, person_id, known, altered)
            return answer_once(connection, origin, 200, show(altered))

        return await self.database.write(work)


def find_preferences(
    connection: Connection, person_id: int, *, is_held: bool = False
) -> Preferences:
    """`is_held` keeps the row until the commit: a merge must not overwrite another one."""
    wanted = select(*PREFERENCE_COLUMNS).where(preferences.c.person_id == person_id)
    row = connection.execute(wanted.with_for_update() if is_held else wanted).one_or_none()
    return Preferences() if row is None else preferences_of(row)


def preferences_of(row: Any) -> Preferences:  # noqa: ANN401 - any row with these columns
    has_quiet = row.quiet_from is not None and row.quiet_to is not None
    return Preferences(
        time_zone=row.time_zone,
        language=row.language or Preferences().language,
        quiet_hours=QuietHours(_time(row.quiet_from), _time(row.quiet_to)) if has_quiet else None,
        digest_at=None if row.digest_at is None else _time(row.digest_at),
        switches=orjson.loads(row.switches or b"{}"),
    )


def set_time_zone(connection: Connection, person_id: int, name: str | None) -> None:
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


def answer_once(connection: Connection, origin: Origin, status: int, body: bytes) -> Answer:
    """The answer of a write that has no event, kept beside it for a repeated request."""
    place = find_place(connection, origin.channel)
    remember(connection, origin, status=status, kind="answer", image=body, seq=place.seq)
    return Answer(status, body, place.epoch, place.seq)


def _make_sure_of_row(connection: Connection, person_id: int) -> None:
    dialect = postgresql if dialect_of(connection) == "postgresql" else sqlite
    connection.execute(
        dialect.insert(preferences).values(person_id=person_id).on_conflict_do_nothing()
    )


def _save(connection: Connection, person_id: int, known: Preferences, new: Preferences) -> None:
    quiet = new.quiet_hours
    values: dict[str, Any] = {
        "language": new.language,
        "quiet_from": quiet and _shown(quiet.begin),
        "quiet_to": quiet and _shown(quiet.end),
        "digest_at": new.digest_at and _shown(new.digest_at),
        "switches": orjson.dumps(new.switches).decode(),
    }
    if new.time_zone != known.time_zone:
        set_time_zone(connection, person_id, new.time_zone)
    if (new.digest_at, new.time_zone) != (known.digest_at, known.time_zone):
        values["digest_next_at"] = _next_digest(new)
    row = preferences.update().where(preferences.c.person_id == person_id)
    connection.execute(row.values(**values))


def _next_digest(new: Preferences) -> datetime | None:
    if new.digest_at is None:
        return None
    return next_time(new.digest_at, new.zone, datetime.now(UTC))


def _time(shown: str) -> time:
    return time.fromisoformat(shown)


def _shown(wall: time) -> str:
    return f"{wall:%H:%M}"
