"""The tie between one task and one event, and how it is kept.

    PENDING_CREATE ──► SYNCED ──► PENDING_DELETE ──► GONE
                         │
                         ├──► DETACHED   the event was deleted there; the task stays here
                         └──► FAULTY     Google refuses this content; tried again when it changes

An event's id is made by us before it is sent, so a create whose answer was lost can be repeated.
Google never gives a deleted event's id free, so the next event of a task has the next generation.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from taskwire.domain.calendar.content import Content

UNPUSHED = -1
"""A version that no task has: there is something to look at."""


class LinkState(StrEnum):
    PENDING_CREATE = "pending_create"
    SYNCED = "synced"
    PENDING_DELETE = "pending_delete"
    GONE = "gone"
    DETACHED = "detached"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Link:
    """`base` is what both sides last agreed on; `inflight` what was sent and not yet confirmed."""

    task_id: int
    event_id: str
    generation: int = 0
    state: LinkState = LinkState.PENDING_CREATE
    etag: str | None = None
    base: Content | None = None
    inflight: Content | None = None
    pushed_version: int = UNPUSHED
    attempts: int = 0
    error: str | None = None
    address: str | None = None
    has_guests: bool = False
    is_theirs: bool = False
    """The person made the event, and the task came of it."""

    @property
    def agreed(self) -> Content | None:
        """A create that was sent and never answered is what both sides have, if it arrived."""
        return self.base or self.inflight


@dataclass(frozen=True, slots=True)
class Mark:
    """How we know our own events again. A copy made by a person carries its original's id."""

    instance: str
    task_id: int
    event_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Event:
    """An event as we read it; `content` is None for what we do not follow (series, birthdays)."""

    id: str
    etag: str
    is_cancelled: bool
    content: Content | None = None
    mark: Mark | None = None
    has_guests: bool = False
    address: str | None = None


def event_id(instance: str, task_id: int, generation: int) -> str:
    """Google takes 5 to 1024 of the characters 0-9 and a-v, which is base32hex in small letters."""
    digest = hashlib.sha256(f"{instance}|{task_id}|{generation}".encode()).digest()[:20]
    return "t" + base64.b32hexencode(digest).decode().rstrip("=").lower()
