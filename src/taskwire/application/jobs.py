"""What a person does with any long work of theirs: look, and cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from taskwire.application.channels import notifications_channel
from taskwire.application.ports import Hints, JobStore
from taskwire.application.representation import job_json, unnumbered_frame
from taskwire.domain.errors import NotFoundError
from taskwire.domain.job import Job

LISTED_MAX = 20
"""The newest this many are shown."""


@dataclass(frozen=True, slots=True)
class Jobs:
    store: JobStore
    hints: Hints

    async def newest(self, person_id: int) -> Sequence[Job]:
        return await self.store.newest(person_id, LISTED_MAX)

    async def read(self, person_id: int, job_id: int) -> Job:
        job = await self.store.find(person_id, job_id)
        if job is None:
            raise NotFoundError
        return job

    async def cancel(self, person_id: int, job_id: int) -> Job:
        """What was done so far stays, and the job says how much that is."""
        job = await self.store.cancel(person_id, job_id)
        if job is None:
            raise NotFoundError
        tell_progress(self.hints, person_id, job)
        return job


def tell_progress(hints: Hints, person_id: int, job: Job) -> None:
    """Progress is unnumbered: it may be lost, the row is the truth."""
    frame = unnumbered_frame("job_update", job_json(job))
    hints.announce(notifications_channel(person_id), None, frame)
