"""What a person is told beside their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

IMPORT_FINISHED = "import_finished"
IMPORT_FAILED = "import_failed"


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
    """A notification that is not written yet."""

    kind: str
    title: str
    body: str
    task_id: int | None = None
