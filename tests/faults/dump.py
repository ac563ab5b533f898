"""The database at the end of a run, read by plain SQL: none of the product's code takes part."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from tests.faults.checker.model import Dump, Event, Stream

STREAMS = "SELECT channel, floor, head FROM streams"
EVENTS = "SELECT channel, seq, type, op, payload FROM events ORDER BY channel, seq"
TASKS = """
    SELECT owner_id, id, title, description, is_completed, due_at, due_on, priority, reminders,
           recurrence, recurrence_from, version, created_at, updated_at
    FROM tasks WHERE deleted_at IS NULL"""
NOTIFICATIONS = """
    SELECT person_id, id, kind, title, body, task_id, read_at, created_at FROM notifications"""
JOBS = "SELECT id, person_id, status, done, total FROM jobs WHERE kind = 'import'"
LISTS = ("reminders",)
"""Kept as JSON in a column of text."""

EPOCH = "SELECT epoch FROM log_epoch"
QUERIES = (EPOCH, STREAMS, EVENTS, TASKS, NOTIFICATIONS, JOBS)


async def dump_database(url: str) -> Dump:
    if url.startswith("sqlite"):
        return _assemble(*_read_sqlite(url.removeprefix("sqlite:///")))
    return _assemble(*await _read_postgresql(url))


Rows = Sequence[Mapping[str, Any]]


async def _read_postgresql(url: str) -> list[Rows]:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        return [[dict(row) for row in await connection.fetch(query)] for query in QUERIES]
    finally:
        await connection.close()


def _read_sqlite(path: str) -> list[Rows]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [[dict(row) for row in connection.execute(query)] for query in QUERIES]
    finally:
        connection.close()


def _assemble(
    epoch: Rows, streams: Rows, events: Rows, tasks: Rows, notifications: Rows, jobs: Rows
) -> Dump:
    logged: dict[str, list[Event]] = defaultdict(list)
    for row in events:
        data = _plain(json.loads(row["payload"]))
        logged[row["channel"]].append(
            Event(row["channel"], row["seq"], row["type"], row["op"], data)
        )
    held = {
        row["channel"]: Stream(row["floor"], row["head"], logged[row["channel"]]) for row in streams
    }
    return Dump(
        epoch=epoch[0]["epoch"],
        streams={name: stream for name, stream in held.items() if name.endswith(":tasks")},
        tasks=_by_channel(tasks),
        news={name: stream for name, stream in held.items() if name.endswith(":notifications")},
        notifications=_notifications(notifications),
        jobs=jobs,
    )


def _notifications(rows: Rows) -> dict[str, dict[int, dict[str, Any]]]:
    held: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        shown = _plain({name: value for name, value in row.items() if name != "person_id"})
        held[f"user:{row['person_id']}:notifications"][shown["id"]] = shown
    return held


def _by_channel(tasks: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, dict[str, Any]]]:
    held: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in tasks:
        task = _plain({name: value for name, value in row.items() if name != "owner_id"})
        task["is_completed"] = bool(task["is_completed"])
        held[f"user:{row['owner_id']}:tasks"][task["id"]] = task
    return held


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """As the protocol shows it, whichever way a database keeps it."""
    return {name: _shown(name, value) for name, value in row.items()}


def _shown(name: str, value: Any) -> object:  # noqa: ANN401 - whatever a column holds
    if name.endswith("_at") and value is not None:
        return _instant(value)
    if name in LISTS and isinstance(value, str):
        return json.loads(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _instant(value: str | datetime) -> str:
    """RFC 3339 in UTC, whole seconds without a fraction."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
