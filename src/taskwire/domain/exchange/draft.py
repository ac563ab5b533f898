"""What a reader of files gives: tasks as the file has them, and what it could not take along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from taskwire.domain.task import FieldValue


class Loss(StrEnum):
    """What a file has and a task has not; said before an import, not after. Pages word these."""

    ASSIGNEES = "assignees"
    ATTACHMENTS = "attachments"
    CANCELLED = "cancelled"
    COLUMNS = "columns"
    DATES = "dates"
    DEADLINES = "deadlines"
    DURATIONS = "durations"
    EXCEPTIONS = "exceptions"
    FIELDS = "fields"
    GUESTS = "guests"
    LABELS = "labels"
    PLACES = "places"
    RECURRENCE = "recurrence"
    REMINDERS = "reminders"
    SECTIONS = "sections"
    SUBTASKS = "subtasks"
    TIME_ZONES = "time_zones"
    TIMESTAMPS = "timestamps"


@dataclass(frozen=True, slots=True)
class Draft:
    """A task that nobody has checked; `place` is where to look, such as `Line 3`."""

    place: str
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file takes, and what it finds on the way beside its tasks.

    `now` and `zone` give a date like "tomorrow at nine" its meaning.
    """

    now: datetime
    zone: tzinfo
    wanted_mapping: Mapping[str, str] | None = None
    columns: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    losses: set[Loss] = field(default_factory=set)
    preferences: dict[str, Any] = field(default_factory=dict)
    """As the file has them; nobody has checked them."""


Drafts = Iterator[Draft]
