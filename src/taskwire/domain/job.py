"""Long work that a person asked for, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """`done` of `total` steps; `error` is a sentence for the person, when it failed.

    `name` is what the person knows it by, such as the name of the file.
    """

    id: int
    kind: str
    status: JobStatus
    done: int
    total: int
    error: str | None
    name: str = ""
