"""What is to be done at the other side, what came of it, and what the person is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from taskwire.domain.calendar.content import Content
from taskwire.domain.calendar.link import Event, Link, Mark
from taskwire.domain.task import FieldValue, Task


@dataclass(frozen=True, slots=True)
class Create:
    event_id: str
    content: Content
    mark: Mark


@dataclass(frozen=True, slots=True)
class Patch:
    """Only what differs is sent: a title must not flatten the formatting of a description."""

    event_id: str
    etag: str
    before: Content
    after: Content


@dataclass(frozen=True, slots=True)
class Remove:
    event_id: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Read:
    event_id: str


Step: TypeAlias = Create | Patch | Remove | Read


@dataclass(frozen=True, slots=True)
class Landed:
    """It was done; `event` is how it looks now (None after a removal)."""

    event: Event | None


class Outcome(StrEnum):
    TAKEN = "taken"
    """There is an event with this id: ours, from a time whose answer was lost, or a deleted one."""
    STALE = "stale"
    """Somebody changed the event since we saw it. Nothing was done."""
    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    NOT_RUN = "not_run"
    """Refused before anything was done, for a reason that has nothing to do with this event."""
    UNKNOWN = "unknown"
    """It may have been done. Only looking tells."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Google does not take this content, and will not tomorrow."""

    reason: str


Result: TypeAlias = Landed | Outcome | Refused


class NoteKind(StrEnum):
    PULLED = "pulled"
    TAKEN_OVER = "taken_over"
    CONFLICT = "conflict"
    REMOVED_THERE = "removed_there"
    RESTORED_THERE = "restored_there"
    MADE_AGAIN = "made_again"
    REPEATS_THERE = "repeats_there"
    EDIT_OVERRULED = "edit_overruled"
    LEFT_TO_GUESTS = "left_to_guests"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the sync did to a task, for the person to read."""

    kind: NoteKind
    field: str | None = None
    kept: str | None = None
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A task (None: not there at all) and its tie, read together."""

    task: Task | None
    is_deleted: bool
    link: Link | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write together: the tie, the task, what the person reads; and the step after it."""

    link: Link | None
    changes: Mapping[str, FieldValue] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    old_event_id: str | None = None
    step: Step | None = None
    new_task: Mapping[str, FieldValue] | None = None
    """A task that there is not yet; `link` gets its number."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one calendar."""

    instance: str
    with_days: bool = True
    """Whether tasks with a day and no time are in the calendar as well."""
    undoes_removals: bool = False
    """The person said that the many events that disappeared should come back."""
    takes_events_from: datetime | None = None
    """What the person adds there becomes a task, unless it was over by then; None: it is foreign."""
