"""A task, and what an event says of it, for tests of the pure core."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from taskwire.domain.calendar.content import AllDay, Content, Timed
from taskwire.domain.task import Task
from tests.unit.domain.exchange.tasks import a_task

MONDAY = Timed(datetime(2026, 12, 7, 9, tzinfo=UTC), 30)
TUESDAY = Timed(datetime(2026, 12, 8, 9, tzinfo=UTC), 30)
FRIDAY = AllDay(date(2026, 12, 11), 1)
BASE = Content("Dentist", "Bring card", is_done=False, slot=MONDAY)


def content(**changes: Any) -> Content:  # noqa: ANN401 - any field of a content
    return replace(BASE, **changes)


def task(**fields: Any) -> Task:  # noqa: ANN401 - any field of a task
    return a_task(**{"title": "Dentist", "due_at": MONDAY.start, **fields})
