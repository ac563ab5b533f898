"""Writes to a store as the use cases make them, and looks into what came of them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import text

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.preference_store import set_time_zone
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import Answer, WriteKey
from taskwire.domain.device import Device
from taskwire.domain.task import FieldValue, check_changes
from taskwire.realtime.ports import Range

ANN, BEN = 1, 2
LAPTOP = Device("Firefox on Linux", "192.0.2.1")
ANNS_TASKS = "user:1:tasks"


def key(name: str, body: str = "") -> WriteKey:
    return WriteKey(name, hashlib.sha256(body.encode()).hexdigest())


async def create(
    store: DatabaseTaskStore,
    title: str = "Water the plants",
    *,
    person_id: int = ANN,
    write: WriteKey | None = None,
    **fields: FieldValue,
) -> Answer:
    given = check_changes({"title": title, **fields}).as_new_task()
    return answered(await store.create(person_id, given, write))


async def change(
    store: DatabaseTaskStore,
    task_id: int,
    *,
    if_version: int | None = None,
    write: WriteKey | None = None,
    **fields: FieldValue,
) -> Answer:
    changes = check_changes(fields)
    return answered(await store.change(ANN, task_id, changes, if_version, write))


async def move_to(database: Database, person_id: int, zone: str) -> None:
    await database.write(lambda connection: set_time_zone(connection, person_id, zone))


def answered(result: object) -> Answer:
    assert isinstance(result, Answer), f"not an answer: {result}"
    return result


def shown(answer: Answer) -> dict[str, Any]:
    """The task as the answer shows it."""
    parsed: dict[str, Any] = orjson.loads(answer.body)
    return parsed


async def frames(log: DatabaseChangeLog, channel: str = ANNS_TASKS) -> Sequence[bytes]:
    """All frames of a channel, as the log gives them."""
    (found,) = await log.read([Range(channel, 0, 100_000)])
    return [frame.payload for frame in found]


async def events(log: DatabaseChangeLog, channel: str = ANNS_TASKS) -> list[dict[str, Any]]:
    return [orjson.loads(frame) for frame in await frames(log, channel)]


async def make_older(database: Database, table: str, column: str, by: timedelta) -> None:
    """Move rows into the past, so that nothing has to wait for them to age."""
    then = datetime.now(UTC) - by
    shown_then = then if database.dialect == "postgresql" else then.replace(tzinfo=None)
    given = {"then": shown_then if database.dialect == "postgresql" else f"{shown_then:%F %T.%f}"}
    statement = text(f"UPDATE {table} SET {column} = :then WHERE {column} IS NOT NULL")  # noqa: S608 - ours
    await database.write(lambda connection: connection.execute(statement, given))
