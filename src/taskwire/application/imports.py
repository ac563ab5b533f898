"""The import of a list of tasks: asked for by a person, done by a worker, seen live.

Tasks are committed a few at a time together with the progress, so a worker that dies continues
exactly where it stood, and a pause between the commits leaves SQLite's one writer to people.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from taskwire.application.channels import notifications_channel
from taskwire.application.ports import (
    Answer,
    ClaimedJob,
    Hints,
    JobQueue,
    JobStep,
    JobStore,
    KeyTaken,
    WriteKey,
)
from taskwire.application.representation import job_json, unnumbered_frame
from taskwire.domain.errors import (
    InvalidError,
    KeyReusedError,
    LimitReachedError,
    NotFoundError,
    TooLargeError,
)
from taskwire.domain.imports import ImportFormat, read_import
from taskwire.domain.job import Job, JobStatus
from taskwire.domain.notification import IMPORT_FAILED, IMPORT_FINISHED, News
from taskwire.domain.task import TaskChanges


@dataclass(frozen=True, slots=True)
class ImportBounds:
    content_bytes_max: int
    tasks_max: int
    batch_size: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class Imports:
    jobs: JobStore
    queue: JobQueue
    hints: Hints
    bounds: ImportBounds

    async def start(
        self, person_id: int, import_format: ImportFormat, content: bytes, write: WriteKey | None
    ) -> Answer:
        """Check the whole list now, so that mistakes are told at once and nothing is half done."""
        if len(content) > self.bounds.content_bytes_max:
            raise TooLargeError(f"A list may have {self.bounds.content_bytes_max} bytes.")
        tasks = await asyncio.to_thread(self._read, content, import_format)
        added = await self.jobs.add_import(person_id, import_format, content, len(tasks), write)
        if isinstance(added, KeyTaken):
            raise KeyReusedError
        self.queue.nudge(added.job_id)
        return added.answer

    async def run(self, job_id: int) -> None:
        """Work on a job until it is over. Safe to call twice, anywhere, at any time."""
        claimed = await self.jobs.claim(job_id)
        if claimed is None:
            return
        try:
            await self._add_tasks(claimed)
        except (InvalidError, LimitReachedError) as error:
            news = News(IMPORT_FAILED, "Import stopped", error.message)
            await self._finish(claimed, JobStatus.FAILED, error.message, news)

    async def _add_tasks(self, claimed: ClaimedJob) -> None:
        tasks = await asyncio.to_thread(self._read, claimed.content, claimed.import_format)
        self._tell_progress(claimed.person_id, claimed.job)
        for start in range(claimed.job.done, len(tasks), self.bounds.batch_size):
            batch = tasks[start : start + self.bounds.batch_size]
            step = await self.jobs.add_tasks(claimed, batch)
            if step is None:
                return
            self._tell(claimed.person_id, step)
            await asyncio.sleep(self.bounds.pause_s)
        news = News(IMPORT_FINISHED, "Import finished", str(len(tasks)))
        await self._finish(claimed, JobStatus.DONE, None, news)

    async def _finish(
        self, claimed: ClaimedJob, status: JobStatus, error: str | None, news: News
    ) -> None:
        step = await self.jobs.finish(claimed, status, error, news)
        if step is not None:
            self._tell(claimed.person_id, step)

    def _read(self, content: bytes, import_format: ImportFormat) -> list[TaskChanges]:
        return read_import(content, import_format, self.bounds.tasks_max)

    def _tell(self, person_id: int, step: JobStep) -> None:
        for change in step.changes:
            self.hints.announce(change.channel, change.seq, change.frame)
        self._tell_progress(person_id, step.job)

    def _tell_progress(self, person_id: int, job: Job) -> None:
        tell_progress(self.hints, person_id, job)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What a person does with any job: look, and cancel."""

    store: JobStore
    hints: Hints

    async def read(self, person_id: int, job_id: int) -> Job:
        job = await self.store.find(person_id, job_id)
        if job is None:
            raise NotFoundError
        return job

    async def cancel(self, person_id: int, job_id: int) -> Job:
        job = await self.store.cancel(person_id, job_id)
        if job is None:
            raise NotFoundError
        tell_progress(self.hints, person_id, job)
        return job


def tell_progress(hints: Hints, person_id: int, job: Job) -> None:
    """Progress is unnumbered: it may be lost, the row is the truth."""
    frame = unnumbered_frame("job_update", job_json(job))
    hints.announce(notifications_channel(person_id), None, frame)
