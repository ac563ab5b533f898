"""On PostgreSQL a write is one statement: with its event, its number and its remembered answer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest
from sqlalchemy import Engine, event

from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.ports import Missing, VersionStale
from taskwire.domain.reminder import ReminderBefore
from taskwire.domain.task import check_changes
from tests.contract.writing import ANN, answered, change, create, key, shown


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    opened = open_database(postgresql_url, pool_size=1)
    yield opened
    await opened.close()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Whatever goes to the database meanwhile, BEGIN and COMMIT included."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    real_fetchrow = asyncpg.Connection.fetchrow

    async def note_direct(self: Any, query: str, *more: Any, **options: Any) -> Any:  # noqa: ANN401
        seen.append(query)
        return await real_fetchrow(self, query, *more, **options)

    def note_begin(connection: object) -> None:
        if getattr(connection, "_is_autocommit_isolation", lambda: False)():
            return
        seen.append("BEGIN")

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "begin", note_begin)
    try:
        with patch.object(asyncpg.Connection, "fetchrow", note_direct):
            yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        event.remove(Engine, "begin", note_begin)


@pytest.mark.parametrize("name", [None, "k"])
async def test_each_write_of_a_task_is_one_statement(
    tasks: DatabaseTaskStore, name: str | None
) -> None:
    async def count(number: int) -> int:
        write = None if name is None else key(f"{name}{number}")
        with statements() as seen:
            match number:
                case 0:
                    await create(tasks, write=write)
                case 1:
                    await change(tasks, 1, priority=1, write=write)
                case 2:
                    await change(tasks, 1, priority=2, if_version=2, write=write)
                case 3:
                    answered(await tasks.delete(ANN, 1, None, write))
                case _:
                    answered(await tasks.restore(ANN, 1, write))
        return len(seen)

    assert [await count(number) for number in range(5)] == [1, 1, 1, 1, 1]


async def test_a_task_with_reminders_and_a_rule_is_written_by_one_statement_until_it_repeats(
    tasks: DatabaseTaskStore,
) -> None:
    repeating: dict[str, Any] = {"due_on": date(2026, 3, 1), "recurrence": "FREQ=DAILY"}
    with statements() as seen:
        await create(tasks, reminders=(ReminderBefore(5),), **repeating)
        await change(tasks, 1, reminders=(), priority=2)
        await change(tasks, 1, is_completed=True, recurrence=None)
        await change(tasks, 1, is_completed=False, recurrence="FREQ=DAILY")
    assert len(seen) == 4
    await change(tasks, 1, is_completed=True)
    with statements() as seen:
        await change(tasks, 1, is_completed=False)
        await change(tasks, 1, is_completed=True)
    assert len(seen) == 2, "its successor is made: to complete it again is an ordinary write"


async def test_only_a_row_that_did_not_match_costs_a_second_look(tasks: DatabaseTaskStore) -> None:
    task_id = shown(await create(tasks, "same"))["id"]
    changes = check_changes({"title": "other"})
    with statements() as seen:
        assert await tasks.change(ANN, 999, changes, None, None) == Missing()
    assert len(seen) == 2
    with statements() as seen:
        assert isinstance(await tasks.change(ANN, task_id, changes, 7, None), VersionStale)
    assert len(seen) == 2
