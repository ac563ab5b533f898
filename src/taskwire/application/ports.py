"""What the use cases need of the world. Stores raise UnavailableError when it does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from taskwire.domain.device import Device
from taskwire.domain.imports import ImportFormat
from taskwire.domain.job import Job, JobStatus
from taskwire.domain.notification import News
from taskwire.domain.person import Person
from taskwire.domain.task import FieldValue, Task, TaskChanges

# --- writing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteKey:
    """The Idempotency-Key of a request, and a hash of what it asked for."""

    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """One committed event: its place in its stream, and the frame that tells of it."""

    channel: str
    seq: int
    frame: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write says: the same again for the same key, so it is kept beside the write.

    `changes` are to be announced; none when nothing changed or when the answer is repeated.
    """

    status: int
    body: bytes
    epoch: str
    seq: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing of this person has the id (or it is deleted, where a living one is needed)."""


@dataclass(frozen=True, slots=True)
class VersionStale:
    """`If-Match` named another version; this is the task as it is now."""

    current: Task


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """The Idempotency-Key belongs to another request."""


@dataclass(frozen=True, slots=True)
class StoreFull:
    """The person holds as many tasks as they may."""


WriteResult = Answer | Missing | VersionStale | KeyTaken | StoreFull


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """All tasks of a person as JSON, and their place in the stream, read together."""

    items: list[bytes]
    epoch: str
    seq: int


class TaskStore(Protocol):
    """Each write commits the row, its numbered event and the remembered answer together."""

    async def snapshot(self, person_id: int) -> TaskSnapshot: ...

    async def find(self, person_id: int, task_id: int) -> Task | None: ...

    async def create(
        self, person_id: int, fields: Mapping[str, FieldValue], write: WriteKey | None
    ) -> WriteResult: ...

    async def change(
        self,
        person_id: int,
        task_id: int,
        changes: TaskChanges,
        if_version: int | None,
        write: WriteKey | None,
    ) -> WriteResult: ...

    async def delete(
        self, person_id: int, task_id: int, if_version: int | None, write: WriteKey | None
    ) -> WriteResult: ...

    async def restore(
        self, person_id: int, task_id: int, write: WriteKey | None
    ) -> WriteResult: ...


# --- notifications and jobs ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotificationSnapshot:
    items: list[bytes]
    epoch: str
    seq: int
    unread: int


class NotificationStore(Protocol):
    async def snapshot(self, person_id: int) -> NotificationSnapshot: ...

    async def mark_read(
        self, person_id: int, notification_id: int, write: WriteKey | None
    ) -> Answer | Missing | KeyTaken: ...

    async def mark_some_read(
        self, person_id: int, limit: int, read_before: int, write: WriteKey | None
    ) -> Answer | KeyTaken:
        """Mark the oldest `limit`, `read_before` having been read under the same key.

        The answer is remembered once there is nothing left.
        """
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """Notifications that were written and committed; `has_more`: a batch was not enough."""

    changes: tuple[Change, ...]
    has_more: bool


class ReminderStore(Protocol):
    async def tell_due(self, limit: int) -> Told:
        """Of at most `limit` tasks, say what is due by now: once, whoever else looks."""
        ...


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file that was read: what it is called, its tasks as our own format, and how many."""

    name: str
    content: bytes
    total: int


@dataclass(frozen=True, slots=True)
class AddedJob:
    job_id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The person holds so many tasks that those of the file would be too many."""

    held: int


@dataclass(frozen=True, slots=True)
class TooManyOpen:
    """So many imports of the person wait or run that another one has to wait outside."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that is this worker's for a while; `fence` tells its steps from an older worker's."""

    job: Job
    person_id: int
    fence: int
    import_format: ImportFormat
    content: bytes


@dataclass(frozen=True, slots=True)
class JobStep:
    """The job after a step, and the changes that the step committed."""

    job: Job
    changes: tuple[Change, ...]


class JobStore(Protocol):
    """The row is the truth; a message to a worker is only a nudge."""

    async def add_import(
        self, person_id: int, new: NewImport, write: WriteKey | None
    ) -> AddedJob | KeyTaken | NoRoom | TooManyOpen: ...

    async def find(self, person_id: int, job_id: int) -> Job | None: ...

    async def newest(self, person_id: int, limit: int) -> Sequence[Job]: ...

    async def cancel(self, person_id: int, job_id: int) -> Job | None:
        """The job, cancelled if it was not over; None when it is not this person's."""
        ...

    async def claim(self, job_id: int) -> ClaimedJob | None:
        """Take the job for a bounded time, or None: it is over, or somebody else works on it."""
        ...

    async def add_tasks(self, claimed: ClaimedJob, tasks: Sequence[TaskChanges]) -> JobStep | None:
        """Commit the next tasks and the progress together; None when the job is no longer ours."""
        ...

    async def finish(
        self, claimed: ClaimedJob, status: JobStatus, error: str | None, news: News
    ) -> JobStep | None: ...

    async def due(self, limit: int) -> Sequence[int]:
        """Jobs that wait without a worker: their nudge was lost, or their worker died."""
        ...


class TimeZones(Protocol):
    async def time_zone(self, person_id: int) -> str | None:
        """The name of the zone a person lives in; None when they never said."""
        ...


class JobQueue(Protocol):
    def nudge(self, job_id: int) -> None:
        """Tell a worker of a job; never blocks, may be lost."""
        ...


class Hints(Protocol):
    """Says what was committed to whoever listens. Never awaited; losing one costs only time."""

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None: ...


# --- accounts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credentials:
    person: Person
    password_hash: str


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in on one device."""

    id: str
    person: Person


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """`changes` tell the person's other devices of a sign-in from a place that was not known."""

    id: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the operator sees them."""

    id: int
    email: str
    name: str
    created_at: datetime


class PersonStore(Protocol):
    async def add(self, email: str, name: str, password_hash: str) -> Person | None:
        """The new person, or None when the address is taken."""
        ...

    async def find(self, person_id: int) -> Person | None: ...

    async def credentials(self, email: str) -> Credentials | None: ...

    async def set_password_hash(self, person_id: int, password_hash: str) -> None: ...

    async def failures(self, subjects: Sequence[str]) -> Mapping[str, int]:
        """Failed sign-ins per subject within the window."""
        ...

    async def add_failure(self, subjects: Sequence[str]) -> None: ...

    async def forget_failures(self, subjects: Sequence[str]) -> None: ...


class SessionStore(Protocol):
    async def open(self, person_id: int, refresh_digest: str, device: Device) -> OpenedSession:
        """A new session with its first refresh token.

        A device that this person never signed in from is told of in the same transaction, but for
        the very first one.
        """
        ...

    async def rotate(self, digest: str, successor_digest: str) -> Session | None:
        """Spend a refresh token for its successor.

        The same token again within the grace, while its successor is unused, is the same rotation
        (two tabs, a lost answer). Any other second use ends the session: somebody else has it.
        None: unknown, expired, ended, or just ended for that reason.
        """
        ...

    async def close_by_refresh(self, digest: str) -> str | None:
        """End the session a refresh token belongs to; its id, if there was one."""
        ...

    async def close_all(self, person_id: int) -> Sequence[str]: ...

    async def living(self, session_ids: Sequence[str]) -> frozenset[str]: ...

    async def spend_tickets(self, tickets: Mapping[str, datetime]) -> frozenset[str]:
        """Of these ticket ids (with their expiry) the ones that had not been spent before."""
        ...

    async def closed_since(self, mark: str | None) -> tuple[str, frozenset[str]]:
        """Sessions closed since a mark, and the next mark; None: all that tokens may outlive."""
        ...


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """As slow for an unknown person (None) as for a wrong password."""
        ...

    def is_outdated(self, password_hash: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token proves: who, by which sign-in, until when; `ticket` is the id of a ticket."""

    person_id: int
    session_id: str
    expires_at: datetime
    ticket: str | None = None


class Tokens(Protocol):
    """Signs and reads tokens. Reading answers None for anything that is not exactly right."""

    access_lifetime_s: int
    ticket_lifetime_s: int

    def access(self, person_id: int, session_id: str) -> str: ...

    def ticket(self, person_id: int, session_id: str) -> str: ...

    def read_access(self, token: str) -> Claims | None: ...

    def read_for_socket(self, token: str) -> Claims | None: ...

    def refresh(self) -> str: ...

    def successor(self, refresh_token: str) -> str: ...

    def digest(self, refresh_token: str) -> str: ...
