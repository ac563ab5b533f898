"""From where people signed in, so that a sign-in from elsewhere is told of."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from taskwire.adapters.database.sql import dialect_of
from taskwire.adapters.database.tables import known_devices
from taskwire.domain.device import Device

KNOWN_MAX = 50
"""Per person; beyond it the one seen longest ago is forgotten, and told of when it comes again."""

_COLUMNS = known_devices.c


def is_news(connection: Connection, person_id: int, device: Device) -> bool:
    """Remember the device; True when it was not known and others were.

    The first one is no news: somebody has just made the account. Two sign-ins at once from one new
    device are one piece of news, because the second waits for the row of the first.
    """
    others = select(_COLUMNS.mark).where(_COLUMNS.person_id == person_id).limit(1)
    has_others = connection.execute(others).first() is not None
    is_new = _remember(connection, person_id, device.mark(person_id))
    if is_new:
        _forget_the_oldest(connection, person_id)
    return has_others and is_new


def _remember(connection: Connection, person_id: int, mark: str) -> bool:
    dialect = postgresql if dialect_of(connection) == "postgresql" else sqlite
    row = {"person_id": person_id, "mark": mark, "seen_at": datetime.now(UTC)}
    added = dialect.insert(known_devices).values(**row).on_conflict_do_nothing()
    if connection.execute(added).rowcount == 1:
        return True
    seen = known_devices.update().where(_COLUMNS.person_id == person_id, _COLUMNS.mark == mark)
    connection.execute(seen.values(seen_at=row["seen_at"]))
    return False


def _forget_the_oldest(connection: Connection, person_id: int) -> None:
    newest = (
        select(_COLUMNS.mark)
        .where(_COLUMNS.person_id == person_id)
        .order_by(_COLUMNS.seen_at.desc())
        .limit(KNOWN_MAX)
    )
    forgotten = delete(known_devices).where(
        _COLUMNS.person_id == person_id, _COLUMNS.mark.not_in(newest)
    )
    connection.execute(forgotten)
