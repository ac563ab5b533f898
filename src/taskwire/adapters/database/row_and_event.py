"""A row, its numbered event and the remembered answer, written as one.

The one place where the databases differ. PostgreSQL does it in a single statement that commits
alone, straight through asyncpg (two round trips less, and a fifth of the CPU); SQLite takes the same
steps in one transaction in its writing thread. Both take the channel's counter last, so that it is
held only from there to the commit, and gapless because it is rolled back with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.direct import Direct
from taskwire.adapters.database.events import KINDS, show_image
from taskwire.adapters.database.sql import (
    Positional,
    dialect_of,
    statement,
    statement_for,
    with_now,
)
from taskwire.application.ports import Answer, Change, KeyTaken, WriteKey
from taskwire.application.representation import numbered_frame
from taskwire.domain.errors import UnavailableError

Explained = TypeVar("Explained")

RACES_MAX: Final = 3
"""Whoever lost a race for the row between two statements tries again, this often at the most."""

_BUMP = """
    INSERT INTO streams AS s (channel, head, floor, moved_at) {source}
    ON CONFLICT (channel) DO UPDATE SET head = s.head + excluded.head, moved_at = {now}
    RETURNING head"""

_APPEND = """
    INSERT INTO events (channel, seq, type, op, payload, created_at)"""

_REMEMBER = """
    INSERT INTO idempotency_keys
        (person_id, key, request_hash, status_code, type, payload, seq, created_at)"""

_BUMP_STREAM = statement(_BUMP.replace("{source}", "VALUES (:channel, :count, 0, {now})"))
_APPEND_EVENT = statement(_APPEND + " VALUES (:channel, :seq, :type, :op, :payload, {now})")
_REMEMBER_ANSWER = statement(
    _REMEMBER
    + " VALUES (:person_id, :key, :request_hash, :status_code, :type, :payload, :seq, {now})"
    + " ON CONFLICT DO NOTHING"
)
_FIND_ANSWER = statement("""
    SELECT k.request_hash, k.status_code, k.type, k.payload, k.seq, e.epoch
    FROM idempotency_keys k CROSS JOIN log_epoch e
    WHERE k.person_id = :person_id AND k.key = :key""")
_EPOCH = statement("SELECT epoch FROM log_epoch")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who writes to which channel, and under which key."""

    person_id: int
    channel: str
    write: WriteKey | None

    @property
    def op(self) -> str | None:
        return self.write.key if self.write else None


class RowAndEvent:
    """Prepared once at import: `row_sql` is an INSERT or UPDATE without its RETURNING."""

    def __init__(self, row_sql: str, table: Table, event_type: str, status: int) -> None:
        self._type = event_type
        self._status = status
        columns = {column.name: column.type for column in table.columns}
        self._row = statement_for("sqlite", f"{row_sql} RETURNING *", columns)
        self._all = Positional(_one_statement(row_sql, event_type))

    async def run(
        self,
        database: Database,
        parameters: Mapping[str, Any],
        origin: Origin,
        explain: Callable[[Connection], Explained | None],
    ) -> Answer | KeyTaken | Explained:
        """Write, or answer as before for the same key, or say why no row matched.

        `explain` returns None when a row would match by now (somebody was faster).
        """
        for _ in range(RACES_MAX):
            if database.direct is None:
                result = await database.write(
                    lambda connection: (
                        self._run_in_steps(connection, parameters, origin) or explain(connection)
                    )
                )
            else:
                result = await self._run_at_once(database, database.direct, parameters, origin)
                result = result or await database.write_once(explain)
            if result is not None:
                return result
        raise UnavailableError("This changes too often at the moment. Try again.")

    async def _run_at_once(
        self, database: Database, direct: Direct, parameters: Mapping[str, Any], origin: Origin
    ) -> Answer | KeyTaken | None:
        given = {**parameters, **_origin_parameters(origin), "type": self._type}
        given |= {"status_code": self._status, "count": 1}
        try:
            row = await direct.fetch_row(self._all.sql, self._all.values(given))
        except IntegrityError:
            # The key was taken, by an earlier try of the same request or by another request.
            remembered = await database.look(lambda connection: find_answer(connection, origin))
            if remembered is None:
                raise
            return remembered
        if row is not None:
            return self._answer(
                show_image(self._type, row["payload"]), row["epoch"], row["seq"], origin
            )
        if origin.write is None:
            return None
        return await database.look(lambda connection: find_answer(connection, origin))

    def _run_in_steps(
        self, connection: Connection, parameters: Mapping[str, Any], origin: Origin
    ) -> Answer | KeyTaken | None:
        remembered = find_answer(connection, origin)
        if remembered is not None:
            return remembered
        row = connection.execute(self._row, with_now(parameters)).mappings().one_or_none()
        if row is None:
            return None
        data = KINDS[self._type].show(row)
        epoch, seq = append_events(connection, origin, self._type, [data])
        remember(connection, origin, status=self._status, kind=self._type, image=data, seq=seq)
        return self._answer(data, epoch, seq, origin)

    def _answer(self, data: bytes, epoch: str, seq: int, origin: Origin) -> Answer:
        change = Change(origin.channel, seq, numbered_frame(self._type, seq, origin.op, data))
        return Answer(self._status, _body(self._status, data), epoch, seq, (change,))


def _one_statement(row_sql: str, event_type: str) -> str:
    image = KINDS[event_type].image
    pairs = ", ".join(f"'{key}', written.{column}" for key, column in image.items())
    return f"""
    WITH written AS ({row_sql} RETURNING *),
    counted AS ({_BUMP.replace("{source}", "SELECT :channel, :count, 0, {now} FROM written")}),
    image AS (SELECT CAST(json_build_object({pairs}) AS text) AS payload FROM written),
    logged AS ({_APPEND}
        SELECT :channel, counted.head, :type, :op, image.payload, {{now}} FROM counted, image),
    remembered AS ({_REMEMBER}
        SELECT :person_id, :key, :request_hash, :status_code, :type, image.payload, counted.head, {{now}}
        FROM counted, image WHERE :key IS NOT NULL)
    SELECT counted.head AS seq, (SELECT epoch FROM log_epoch) AS epoch, image.payload
    FROM counted, image"""


def _origin_parameters(origin: Origin) -> dict[str, Any]:
    return {
        "person_id": origin.person_id,
        "channel": origin.channel,
        "op": origin.op,
        "key": origin.op,
        "request_hash": origin.write.request_hash if origin.write else None,
    }


def append_events(
    connection: Connection, origin: Origin, event_type: str, images: Sequence[bytes]
) -> tuple[str, int]:
    """Append events of one type to a stream; the epoch and the number of the first of them."""
    dialect = dialect_of(connection)
    bump = with_now({"channel": origin.channel, "count": len(images)})
    head = connection.execute(_BUMP_STREAM[dialect], bump).scalar_one()
    first = head - len(images) + 1
    rows = [
        with_now({"type": event_type, "op": origin.op, "channel": origin.channel})
        | {"seq": first + index, "payload": image.decode()}
        for index, image in enumerate(images)
    ]
    connection.execute(_APPEND_EVENT[dialect], rows)
    return connection.execute(_EPOCH[dialect]).scalar_one(), first


def find_answer(connection: Connection, origin: Origin) -> Answer | KeyTaken | None:
    """What this key was answered before, if it was used."""
    if origin.write is None:
        return None
    row = connection.execute(
        _FIND_ANSWER[dialect_of(connection)],
        {"person_id": origin.person_id, "key": origin.write.key},
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != origin.write.request_hash:
        return KeyTaken()
    data = row.payload.encode() if row.type not in KINDS else show_image(row.type, row.payload)
    return Answer(row.status_code, _body(row.status_code, data), row.epoch, row.seq)


def remember(
    connection: Connection, origin: Origin, *, status: int, kind: str, image: bytes, seq: int
) -> None:
    """Keep an answer beside the write, for the same request under the same key."""
    if origin.write is None:
        return
    given = _origin_parameters(origin) | {"status_code": status, "type": kind, "seq": seq}
    connection.execute(
        _REMEMBER_ANSWER[dialect_of(connection)], with_now(given | {"payload": image.decode()})
    )


def _body(status: int, data: bytes) -> bytes:
    return b"" if status == 204 else data  # noqa: PLR2004 - "no content" is the number's name
