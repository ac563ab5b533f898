"""The import of a file of tasks: asked for by a person, done by a worker, seen live.

A file is read once, at the door, where its mistakes can still be told to whoever sends it. What
waits for the worker are the tasks it became: a worker guesses nothing, and "tomorrow" stays the day
that it was. Tasks are committed a few at a time together with the progress, so a worker that dies
continues exactly where it stood, and a pause between the commits leaves SQLite's one writer to
people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from taskwire.application.jobs import tell_progress
from taskwire.application.ports import (
    AddedJob,
    Answer,
    ClaimedJob,
    Hints,
    JobQueue,
    JobStep,
    JobStore,
    KeyTaken,
    NewImport,
    NoRoom,
    TimeZones,
    TooManyOpen,
    WriteKey,
)
from taskwire.application.preferences import PreferenceAdopter, adopted
from taskwire.application.representation import preview_json
from taskwire.domain.errors import (
    InvalidError,
    KeyReusedError,
    LimitReachedError,
    TooLargeError,
)
from taskwire.domain.exchange.draft import Reading
from taskwire.domain.exchange.own_format import write_own_format
from taskwire.domain.imports import ImportedList, ImportFormat, read_import
from taskwire.domain.job import JobStatus
from taskwire.domain.notification import IMPORT_FAILED, IMPORT_FINISHED, News
from taskwire.domain.preferences import Preferences
from taskwire.domain.task import TaskChanges
from taskwire.domain.time_zone import zone_named

SHOWN_MAX = 5
"""Tasks that a preview shows."""

READ_AT_ONCE_MAX = 2
"""Files being read at the same time: a file of ten megabytes may need a few hundred for a moment."""

NAME_LENGTH_MAX = 200
UNNAMED = "import"


@dataclass(frozen=True, slots=True)
class ImportBounds:
    content_bytes_max: int
    tasks_max: int
    batch_size: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a person sent it; `mapping` says which column is which, where it has columns."""

    name: str
    import_format: ImportFormat
    content: bytes
    mapping: Mapping[str, str] | None = None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Imports:
    jobs: JobStore
    queue: JobQueue
    hints: Hints
    zones: TimeZones
    preferences: PreferenceAdopter
    bounds: ImportBounds
    now: Callable[[], datetime] = _now
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE_MAX))

    async def preview(self, person_id: int, upload: Upload) -> bytes:
        """What the file would become, and what of it would stay behind; nothing is done."""
        return preview_json(await self._read_upload(person_id, upload), SHOWN_MAX)

    async def start(self, person_id: int, upload: Upload, write: WriteKey | None) -> Answer:
        """Check the whole list now, so that mistakes are told at once and nothing is half done."""
        imported = await self._read_upload(person_id, upload)
        tasks = imported.tasks
        new = NewImport(_shown_name(upload.name), write_own_format(tasks), len(tasks))
        match await self.jobs.add_import(person_id, new, write):
            case AddedJob(job_id, answer):
                if imported.preferences:
                    await self.preferences.adopt(person_id, imported.preferences)
                self.queue.nudge(job_id)
                return answer
            case KeyTaken():
                raise KeyReusedError
            case NoRoom(held):
                raise LimitReachedError(
                    f"The list has {len(tasks)} tasks and you hold {held}; "
                    f"this server allows {self.bounds.tasks_max} together."
                )
            case TooManyOpen():
                message = "Several imports of yours are still waiting. Let them finish first."
                raise LimitReachedError(message)

    async def run(self, job_id: int) -> None:
        """Work on a job until it is over. Safe to call twice, anywhere, at any time."""
        claimed = await self.jobs.claim(job_id)
        if claimed is None:
            return
        try:
            await self._add_tasks(claimed)
        except (InvalidError, LimitReachedError) as error:
            news = News(IMPORT_FAILED, claimed.job.name or UNNAMED, error.message)
            await self._finish(claimed, JobStatus.FAILED, error.message, news)

    async def _add_tasks(self, claimed: ClaimedJob) -> None:
        reading = Reading(self.now(), UTC)
        tasks = (await self._read(claimed.content, claimed.import_format, reading)).tasks
        tell_progress(self.hints, claimed.person_id, claimed.job)
        for start in range(claimed.job.done, len(tasks), self.bounds.batch_size):
            batch: list[TaskChanges] = tasks[start : start + self.bounds.batch_size]
            step = await self.jobs.add_tasks(claimed, batch)
            if step is None:
                return
            self._tell(claimed.person_id, step)
            await asyncio.sleep(self.bounds.pause_s)
        news = News(IMPORT_FINISHED, claimed.job.name or UNNAMED, f"{len(tasks)} tasks were added.")
        await self._finish(claimed, JobStatus.DONE, None, news)

    async def _finish(
        self, claimed: ClaimedJob, status: JobStatus, error: str | None, news: News
    ) -> None:
        step = await self.jobs.finish(claimed, status, error, news)
        if step is not None:
            self._tell(claimed.person_id, step)

    async def _read_upload(self, person_id: int, upload: Upload) -> ImportedList:
        if len(upload.content) > self.bounds.content_bytes_max:
            raise TooLargeError(f"A list may have {self.bounds.content_bytes_max} bytes.")
        zone = zone_named(await self.zones.time_zone(person_id))
        reading = Reading(self.now(), zone, upload.mapping)
        imported = await self._read(upload.content, upload.import_format, reading)
        adopted(Preferences(), imported.preferences)  # refused before anything is begun
        return imported

    async def _read(
        self, content: bytes, import_format: ImportFormat, reading: Reading
    ) -> ImportedList:
        async with self._turns:
            return await asyncio.to_thread(
                read_import, content, import_format, reading, self.bounds.tasks_max
            )

    def _tell(self, person_id: int, step: JobStep) -> None:
        for change in step.changes:
            self.hints.announce(change.channel, change.seq, change.frame)
        tell_progress(self.hints, person_id, step.job)


def _shown_name(given: str) -> str:
    """The last part of a file's name, without what no line may have."""
    last = given.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable())
    return printable.strip()[:NAME_LENGTH_MAX] or UNNAMED
