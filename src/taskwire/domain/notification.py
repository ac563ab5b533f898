"""What a person is told beside their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

REMINDER_DUE = "reminder_due"
TASK_OVERDUE = "task_overdue"
IMPORT_FINISHED = "import_finished"
IMPORT_FAILED = "import_failed"
SYNC_FINISHED = "sync_finished"
SYNC_FAILED = "sync_failed"
SIGN_IN = "sign_in"

KINDS = (
    REMINDER_DUE,
    TASK_OVERDUE,
    IMPORT_FINISHED,
    IMPORT_FAILED,
    SYNC_FINISHED,
    SYNC_FAILED,
    SIGN_IN,
)


@dataclass(frozen=True, slots=True)
class Notification:
    id: int
    kind: str
    title: str
    body: str
    task_id: int | None
    read_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """A notification that is not written yet.

    Of one task, kind and `occasion` there is one notification at the most, whoever writes it twice.
    """

    kind: str
    title: str
    body: str
    task_id: int | None = None
    occasion: str | None = None
