"""Which tasks have something to say by now, and saying it, in the database.

What a look costs does not grow with the tasks there are: an index holds `look_at` of those that
will ever have to be looked at, and most looks find nothing in it. The rows of a batch are locked,
and another worker skips them; their notifications, events and the next moment to look commit
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.events import Columns, task_of
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.adapters.database.preference_store import zones_of
from taskwire.adapters.database.sql import dialect_of, statement, statement_for, with_now
from taskwire.adapters.database.tables import Instant, tasks
from taskwire.adapters.database.task_rows import TASK_COLUMNS_SQL, TASK_TYPES
from taskwire.application.ports import Told
from taskwire.domain.notice import NoticeRules, news_of, notices_of
from taskwire.domain.notification import News

_DUE = "FROM tasks WHERE look_at <= {now}"
_IS_ANY_DUE = statement(f"SELECT EXISTS (SELECT 1 {_DUE}) AS is_any", {"is_any": Boolean()})
_CLAIM = f"""
    SELECT {TASK_COLUMNS_SQL}, owner_id, looked_until, {{now}} AS found_at {_DUE}
    ORDER BY look_at LIMIT :limit"""
_CLAIMED = TASK_TYPES | {
    "owner_id": BigInteger(),
    "looked_until": tasks.c.looked_until.type,
    "found_at": Instant(),
}
_CLAIM_TASKS = {
    "postgresql": statement_for("postgresql", f"{_CLAIM} FOR UPDATE SKIP LOCKED", _CLAIMED),
    "sqlite": statement_for("sqlite", _CLAIM, _CLAIMED),
}
_LOOKED = statement(
    "UPDATE tasks SET look_at = :look_at, looked_until = :looked_until WHERE id = :id"
)


@dataclass(frozen=True, slots=True)
class DatabaseReminderStore:
    database: Database
    rules: NoticeRules

    async def tell_due(self, limit: int) -> Told:
        if not await self.database.look(_is_any_due):
            return Told((), has_more=False)
        return await self.database.write(lambda connection: self._tell_due(connection, limit))

    def _tell_due(self, connection: Connection, limit: int) -> Told:
        claim = _CLAIM_TASKS[dialect_of(connection)]
        rows = connection.execute(claim, with_now({"limit": limit})).mappings().all()
        if not rows:
            return Told((), has_more=False)
        zones = zones_of(connection, {row["owner_id"] for row in rows})
        looks = [_look(row, zones[row["owner_id"]], self.rules) for row in rows]
        connection.execute(_LOOKED[dialect_of(connection)], [look.next for look in looks])
        news = [
            (row["owner_id"], one)
            for row, look in zip(rows, looks, strict=True)
            for one in look.news
        ]
        return Told(write_notifications(connection, news), has_more=len(rows) == limit)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a task has to say now, and the columns for its next look."""

    news: Sequence[News]
    next: dict[str, Any]


def _look(row: Columns, zone: tzinfo, rules: NoticeRules) -> _Look:
    task, now = task_of(row), row["found_at"]
    said_until: datetime = row["looked_until"] or now  # none: a version before wrote this row
    until = max(said_until, now)  # a clock that was put back says nothing twice
    notices = notices_of(task, zone, rules)
    due = [notice for notice in notices if said_until < notice.at <= now]
    look_at = next((notice.at for notice in notices if notice.at > until), None)
    following = {"id": task.id, "look_at": look_at, "looked_until": until}
    return _Look([news_of(notice, task, zone) for notice in due], following)


def _is_any_due(connection: Connection) -> bool:
    found: bool = connection.execute(_IS_ANY_DUE[dialect_of(connection)], with_now({})).scalar_one()
    return found
