"""Tasks for tests of what is written."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from taskwire.domain.task import Task

CREATED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
UPDATED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def a_task(**fields: Any) -> Task:  # noqa: ANN401 - any field of a task
    plain = Task(
        id=7,
        title="Water the plants",
        description="",
        is_completed=False,
        due_at=None,
        due_on=None,
        priority=0,
        reminders=(),
        recurrence=None,
        recurrence_from="due",
        version=2,
        created_at=CREATED,
        updated_at=UPDATED,
    )
    return replace(plain, **fields)
