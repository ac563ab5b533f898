"""Jobs in the database. A worker holds a job by a lease and proves itself by its attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Update, and_, func, insert, or_, select, update

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.events import task_of
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.adapters.database.row_and_event import (
    Origin,
    append_events,
    find_answer,
    remember,
)
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import jobs, tasks
from taskwire.adapters.database.task_rows import INSERT_TASK, find_place
from taskwire.application.channels import notifications_channel, tasks_channel
from taskwire.application.ports import (
    AddedJob,
    Answer,
    Change,
    ClaimedJob,
    JobStep,
    KeyTaken,
    NewImport,
    NoRoom,
    TooManyOpen,
    WriteKey,
)
from taskwire.application.representation import job_json, numbered_frame, task_json
from taskwire.domain.errors import LimitReachedError
from taskwire.domain.imports import ImportFormat
from taskwire.domain.job import Job, JobStatus
from taskwire.domain.notification import IMPORT_FAILED, News
from taskwire.domain.task import FieldValue, TaskChanges

IMPORT = "import"

OPEN_MAX = 5
"""Imports of one person that may wait or run: each holds its file in the database."""

_JOB = (
    jobs.c.id,
    jobs.c.kind,
    jobs.c.status,
    jobs.c.done,
    jobs.c.total,
    jobs.c.error,
    jobs.c.name,
)
_OPEN = jobs.c.status.in_([JobStatus.QUEUED.value, JobStatus.RUNNING.value])
_ADD_TASK = statement(
    f"{INSERT_TASK} RETURNING *", {column.name: column.type for column in tasks.columns}
)

# A fresh job gets its nudge within moments; the search for forgotten ones leaves it alone.
NUDGE_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class DatabaseJobStore:
    database: Database
    tasks_max: int
    lease_s: int
    attempts_max: int

    async def add_import(
        self, person_id: int, new: NewImport, write: WriteKey | None
    ) -> AddedJob | KeyTaken | NoRoom | TooManyOpen:
        origin = Origin(person_id, notifications_channel(person_id), write)
        return await self.database.write(lambda connection: self._add(connection, new, origin))

    def _add(
        self, connection: Connection, new: NewImport, origin: Origin
    ) -> AddedJob | KeyTaken | NoRoom | TooManyOpen:
        remembered = find_answer(connection, origin)
        if isinstance(remembered, KeyTaken):
            return remembered
        if remembered is not None:
            return AddedJob(orjson.loads(remembered.body)["id"], remembered)
        refused = self._refusal(connection, origin.person_id, new.total)
        return refused or _insert(connection, new, origin)

    def _refusal(
        self, connection: Connection, person_id: int, total: int
    ) -> NoRoom | TooManyOpen | None:
        """Told now and not by a worker in the middle, whose word still holds: others write too."""
        living = (tasks.c.owner_id == person_id, tasks.c.deleted_at.is_(None))
        held = connection.execute(select(func.count()).where(*living)).scalar_one()
        if held + total > self.tasks_max:
            return NoRoom(held)
        waiting = (jobs.c.person_id == person_id, jobs.c.kind == IMPORT, _OPEN)
        count = connection.execute(select(func.count()).where(*waiting)).scalar_one()
        return TooManyOpen() if count >= OPEN_MAX else None

    async def find(self, person_id: int, job_id: int) -> Job | None:
        wanted = select(*_JOB).where(jobs.c.id == job_id, jobs.c.person_id == person_id)
        row = await self.database.look(lambda c: c.execute(wanted).one_or_none())
        return None if row is None else _job(row)

    async def newest(self, person_id: int, limit: int) -> Sequence[Job]:
        listed = select(*_JOB).where(jobs.c.person_id == person_id)
        listed = listed.order_by(jobs.c.id.desc()).limit(limit)
        rows = await self.database.look(lambda c: c.execute(listed).all())
        return [_job(row) for row in rows]

    async def cancel(self, person_id: int, job_id: int) -> Job | None:
        cancelled = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.person_id == person_id, _OPEN)
            .values(status=JobStatus.CANCELLED.value, content=b"", updated_at=_now())
        )
        await self.database.write(lambda c: c.execute(cancelled))
        return await self.find(person_id, job_id)

    async def claim(self, job_id: int) -> ClaimedJob | None:
        return await self.database.write(lambda connection: self._claim(connection, job_id))

    def _claim(self, connection: Connection, job_id: int) -> ClaimedJob | None:
        now = _now()
        free = and_(jobs.c.id == job_id, _OPEN, or_(_UNLEASED, jobs.c.leased_until < now))
        attempt = {"attempts": jobs.c.attempts + 1, "updated_at": now}
        if not self._has_attempts_left(connection, job_id):
            exhausted = {"status": JobStatus.FAILED.value, "error": _EXHAUSTED, "content": b""}
            given_up = update(jobs).where(free).values(**exhausted)
            lost = connection.execute(given_up.returning(jobs.c.person_id, jobs.c.name)).first()
            if lost is not None:
                # Announced by nobody: the sweep tells it, within a second.
                news = News(IMPORT_FAILED, lost.name, _EXHAUSTED)
                write_notifications(connection, [(lost.person_id, news)])
            return None
        claiming = (
            update(jobs)
            .where(free)
            .values(status=JobStatus.RUNNING.value, leased_until=self._lease_end(), **attempt)
        )
        more = (jobs.c.person_id, jobs.c.attempts, jobs.c.import_format, jobs.c.content)
        row = connection.execute(claiming.returning(*_JOB, *more)).one_or_none()
        if row is None:
            return None
        return ClaimedJob(
            _job(row), row.person_id, row.attempts, ImportFormat(row.import_format), row.content
        )

    def _has_attempts_left(self, connection: Connection, job_id: int) -> bool:
        attempts = select(jobs.c.attempts).where(jobs.c.id == job_id)
        return (connection.execute(attempts).scalar_one_or_none() or 0) < self.attempts_max

    async def add_tasks(self, claimed: ClaimedJob, batch: Sequence[TaskChanges]) -> JobStep | None:
        return await self.database.write(lambda c: self._add_tasks(c, claimed, batch))

    def _add_tasks(
        self, connection: Connection, claimed: ClaimedJob, batch: Sequence[TaskChanges]
    ) -> JobStep | None:
        # The job's row first: whoever lost it must not write a single task.
        step = _ours(claimed).values(
            done=jobs.c.done + len(batch), leased_until=self._lease_end(), updated_at=_now()
        )
        row = connection.execute(step.returning(*_JOB)).one_or_none()
        if row is None:
            return None
        images = [self._add_task(connection, claimed.person_id, one) for one in batch]
        origin = Origin(claimed.person_id, tasks_channel(claimed.person_id), None)
        _, first = append_events(connection, origin, "task_created", images)
        changes = tuple(
            Change(origin.channel, seq, numbered_frame("task_created", seq, None, image))
            for seq, image in enumerate(images, start=first)
        )
        return JobStep(_job(row), changes)

    def _add_task(self, connection: Connection, person_id: int, changes: TaskChanges) -> bytes:
        fields: Mapping[str, FieldValue] = changes.as_new_task()
        given = with_now({**fields, "owner_id": person_id, "limit": self.tasks_max})
        row = connection.execute(_ADD_TASK[dialect_of(connection)], given).mappings().one_or_none()
        if row is None:
            message = f"You hold {self.tasks_max} tasks; this server allows no more."
            raise LimitReachedError(message)
        return task_json(task_of(row))

    async def finish(
        self, claimed: ClaimedJob, status: JobStatus, error: str | None, news: News
    ) -> JobStep | None:
        def work(connection: Connection) -> JobStep | None:
            over = _ours(claimed).values(
                status=status.value, error=error, content=b"", updated_at=_now()
            )
            row = connection.execute(over.returning(*_JOB)).one_or_none()
            if row is None:
                return None
            return JobStep(_job(row), write_notifications(connection, [(claimed.person_id, news)]))

        return await self.database.write(work)

    async def due(self, limit: int) -> Sequence[int]:
        now = _now()
        forgotten = and_(_UNLEASED, jobs.c.created_at < now - NUDGE_PATIENCE)
        waiting = (
            select(jobs.c.id)
            .where(_OPEN, or_(forgotten, jobs.c.leased_until < now))
            .order_by(jobs.c.id)
            .limit(limit)
        )
        return await self.database.look(lambda c: c.execute(waiting).scalars().all())

    async def count_by_status(self) -> Mapping[JobStatus, int]:
        """Each status, also those that no job has."""
        counted = select(jobs.c.status, func.count()).group_by(jobs.c.status)
        rows = await self.database.look(lambda c: c.execute(counted).all())
        found = {row[0]: row[1] for row in rows}
        return {status: found.get(status, 0) for status in JobStatus}

    def _lease_end(self) -> datetime:
        return _now() + timedelta(seconds=self.lease_s)


_UNLEASED = jobs.c.leased_until.is_(None)
_EXHAUSTED = "This job failed too often and was given up."


def _ours(claimed: ClaimedJob) -> Update:
    return update(jobs).where(
        jobs.c.id == claimed.job.id,
        jobs.c.status == JobStatus.RUNNING.value,
        jobs.c.attempts == claimed.fence,
    )


def _insert(connection: Connection, new: NewImport, origin: Origin) -> AddedJob:
    row = {"person_id": origin.person_id, "kind": IMPORT, "status": JobStatus.QUEUED.value}
    row |= {"done": 0, "total": new.total, "attempts": 0, "content": new.content}
    row |= {"import_format": ImportFormat.TASKWIRE.value, "name": new.name}
    row |= {"created_at": _now(), "updated_at": _now()}
    added = connection.execute(insert(jobs).returning(*_JOB), row).one()
    body = job_json(_job(added))
    place = find_place(connection, origin.channel)
    remember(connection, origin, status=202, kind="job", image=body, seq=place.seq)
    return AddedJob(added.id, Answer(202, body, place.epoch, place.seq))


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    return Job(row.id, row.kind, JobStatus(row.status), row.done, row.total, row.error, row.name)


def _now() -> datetime:
    return datetime.now(UTC)
