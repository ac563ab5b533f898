"""The change log as the real-time engine reads it.

Every read takes many channels at once, because after a deploy thousands of sockets come back
within a second. What the sweep costs grows with the writes of the last seconds, not with the
streams there are: an index on `moved_at` answers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import orjson
from sqlalchemy import BigInteger, Connection, Text, bindparam, text

from taskwire.adapters.database.connection import Database, Work
from taskwire.adapters.database.events import show_image
from taskwire.adapters.database.sql import dialect_of, statement, statement_for, with_now
from taskwire.adapters.database.tables import Instant
from taskwire.application.representation import numbered_frame
from taskwire.domain.errors import UnavailableError
from taskwire.realtime.ports import (
    Extent,
    Frame,
    LogUnavailable,
    Moved,
    Positions,
    Range,
)

T = TypeVar("T")

_POSITIONS = text("""
    SELECT e.epoch, s.channel, s.floor, s.head
    FROM log_epoch e LEFT JOIN streams s ON s.channel IN :channels
""").bindparams(bindparam("channels", type_=Text(), expanding=True))

# A range of numbers instead of a LIMIT for each channel: the log has no gaps, so it is the same.
_READ = """
    SELECT r.slot, e.seq, e.type, e.op, e.payload
    FROM {ranges} JOIN events e
        ON e.channel = r.channel AND e.seq > r.after AND e.seq <= r.upto
    ORDER BY r.slot, e.seq"""
_READ_RANGES = {
    "postgresql": statement_for(
        "postgresql",
        _READ.replace(
            "{ranges}",
            "json_to_recordset(CAST(:ranges AS json))"
            " AS r(slot int, channel text, after bigint, upto bigint)",
        ),
    ),
    "sqlite": statement_for(
        "sqlite",
        _READ.replace(
            "{ranges}",
            "(SELECT value ->> 'slot' AS slot, value ->> 'channel' AS channel,"
            " value ->> 'after' AS after, value ->> 'upto' AS upto"
            " FROM json_each(:ranges)) AS r",
        ),
    ),
}

MOVED = statement(
    """
    SELECT e.epoch, {now} AS mark, s.channel, s.head
    FROM log_epoch e LEFT JOIN streams s ON s.moved_at > :since""",
    {"epoch": Text(), "mark": Instant(), "channel": Text(), "head": BigInteger()},
)


@dataclass(frozen=True, slots=True)
class DatabaseChangeLog:
    """`overlap_s` is longer than any transaction may hold a counter: see connection.py."""

    database: Database
    overlap_s: float

    async def positions(self, channels: Sequence[str]) -> Positions:
        return await self._ask(lambda connection: _positions(connection, channels))

    async def read(self, ranges: Sequence[Range]) -> Sequence[Sequence[Frame]]:
        return await self._ask(lambda connection: _read(connection, ranges))

    async def moved(self, since: str | None) -> Moved:
        after = datetime.fromisoformat(since) if since else None
        return await self._ask(lambda connection: self._moved(connection, after))

    def _moved(self, connection: Connection, after: datetime | None) -> Moved:
        # No stream moved in year 9999: the first sweep only asks what time it is.
        since = after - timedelta(seconds=self.overlap_s) if after else _NEVER
        given = with_now({"since": since})
        rows = connection.execute(MOVED[dialect_of(connection)], given).all()
        heads = {row.channel: row.head for row in rows if row.channel is not None}
        return Moved(rows[0].epoch, rows[0].mark.isoformat(), heads)

    async def _ask(self, work: Work[T]) -> T:
        try:
            return await self.database.look(work)
        except UnavailableError as error:
            raise LogUnavailable from error


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _positions(connection: Connection, channels: Sequence[str]) -> Positions:
    rows = connection.execute(_POSITIONS, {"channels": list(channels)}).all()
    found = {row.channel: Extent(row.floor, row.head) for row in rows if row.channel is not None}
    missing = Extent(0, 0)
    return Positions(rows[0].epoch, {name: found.get(name, missing) for name in channels})


def _read(connection: Connection, ranges: Sequence[Range]) -> list[list[Frame]]:
    asked = [
        {"slot": slot, "channel": r.channel, "after": r.after, "upto": r.after + r.limit}
        for slot, r in enumerate(ranges)
    ]
    frames: list[list[Frame]] = [[] for _ in ranges]
    rows = connection.execute(
        _READ_RANGES[dialect_of(connection)], {"ranges": orjson.dumps(asked).decode()}
    )
    for slot, seq, kind, op, payload in rows:
        frames[slot].append(Frame(seq, numbered_frame(kind, seq, op, show_image(kind, payload))))
    return frames
