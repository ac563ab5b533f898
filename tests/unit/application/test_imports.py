from collections.abc import Sequence
from typing import cast

import orjson
import pytest

from taskwire.application.imports import ImportBounds, Imports, Jobs
from taskwire.application.ports import (
    AddedJob,
    Answer,
    Change,
    ClaimedJob,
    JobStep,
    JobStore,
    KeyTaken,
    WriteKey,
)
from taskwire.domain.errors import (
    InvalidError,
    KeyReusedError,
    LimitReachedError,
    NotFoundError,
    TooLargeError,
)
from taskwire.domain.imports import ImportFormat
from taskwire.domain.job import Job, JobStatus
from taskwire.domain.notification import News
from taskwire.domain.task import TaskChanges

BOUNDS = ImportBounds(content_bytes_max=1000, tasks_max=100, batch_size=2, pause_s=0)
TEXT = ImportFormat.TEXT


class OneJob:
    """One job in memory, that may be taken away after some steps."""

    def __init__(self, content: bytes = b"", done: int = 0, steps: int = 100) -> None:
        self.content, self.done, self.steps = content, done, steps
        self.titles: list[object] = []
        self.ending: tuple[JobStatus, str | None, News] | None = None
        self.is_key_taken = False
        self.tasks_max = 100

    @property
    def job(self) -> Job:
        return Job(1, "import", JobStatus.RUNNING, self.done, 5, None)

    async def add_import(
        self, person_id: int, kind: ImportFormat, content: bytes, total: int, key: WriteKey | None
    ) -> AddedJob | KeyTaken:
        self.content = content
        return KeyTaken() if self.is_key_taken else AddedJob(1, Answer(202, b"{}", "e", total))

    async def claim(self, job_id: int) -> ClaimedJob | None:
        return ClaimedJob(self.job, 7, 1, TEXT, self.content) if self.content else None

    async def add_tasks(self, claimed: ClaimedJob, batch: Sequence[TaskChanges]) -> JobStep | None:
        if self.steps == 0:
            return None
        if len(self.titles) + len(batch) > self.tasks_max:
            raise LimitReachedError("You hold enough.")
        self.steps -= 1
        self.titles += [task.fields["title"] for task in batch]
        self.done += len(batch)
        return JobStep(self.job, (Change("user:7:tasks", self.done, b"{}"),))

    async def finish(
        self, claimed: ClaimedJob, status: JobStatus, error: str | None, news: News
    ) -> JobStep | None:
        self.ending = (status, error, news)
        return JobStep(self.job, ())

    async def find(self, person_id: int, job_id: int) -> Job | None:
        return self.job if (person_id, job_id) == (7, 1) else None

    cancel = find


class Heard:
    """Nudges and hints, written down."""

    def __init__(self) -> None:
        self.nudged: list[int] = []
        self.announced: list[tuple[str, int | None, bytes]] = []

    def nudge(self, job_id: int) -> None:
        self.nudged.append(job_id)

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.announced.append((channel, seq, payload))


def imports(job: OneJob, heard: Heard | None = None) -> Imports:
    heard = heard or Heard()
    return Imports(cast("JobStore", job), heard, heard, BOUNDS)


async def test_a_good_list_becomes_a_job_and_a_nudge() -> None:
    heard = Heard()
    answer = await imports(OneJob(), heard).start(7, TEXT, b"a\nb\nc", None)
    assert (answer.status, answer.seq, heard.nudged) == (202, 3, [1])


@pytest.mark.parametrize(
    ("content", "trouble"), [(b"x" * 1001, TooLargeError), (b"\xff", InvalidError)]
)
async def test_a_bad_list_is_refused_before_anything_is_begun(
    content: bytes, trouble: type[Exception]
) -> None:
    heard = Heard()
    with pytest.raises(trouble):
        await imports(OneJob(), heard).start(7, TEXT, content, None)
    assert not heard.nudged


async def test_a_key_of_another_request_is_refused() -> None:
    job = OneJob()
    job.is_key_taken = True
    with pytest.raises(KeyReusedError):
        await imports(job).start(7, TEXT, b"a", WriteKey("k", "h"))


async def test_every_task_is_announced_and_progress_after_each_step() -> None:
    job, heard = OneJob(b"a\nb\nc\nd\ne"), Heard()
    await imports(job, heard).run(1)
    assert job.titles == ["a", "b", "c", "d", "e"]
    progress = [orjson.loads(p)["data"]["done"] for c, _, p in heard.announced if "notif" in c]
    assert progress == [0, 2, 4, 5, 5]
    assert [seq for c, seq, _ in heard.announced if c == "user:7:tasks"] == [2, 4, 5]
    assert job.ending is not None
    assert job.ending[0] is JobStatus.DONE


async def test_a_second_worker_continues_where_the_first_one_stood() -> None:
    job = OneJob(b"a\nb\nc\nd\ne", done=2)
    await imports(job).run(1)
    assert job.titles == ["c", "d", "e"]


async def test_a_worker_that_lost_its_job_stops_and_ends_nothing() -> None:
    job = OneJob(b"a\nb\nc\nd\ne", steps=1)
    await imports(job).run(1)
    assert job.titles == ["a", "b"]
    assert job.ending is None


async def test_a_job_of_somebody_else_is_left_alone() -> None:
    job = OneJob(b"")
    await imports(job).run(1)
    assert not job.titles


async def test_a_full_account_ends_the_job_with_a_sentence() -> None:
    job = OneJob(b"a\nb\nc\nd\ne")
    job.tasks_max = 2
    await imports(job).run(1)
    assert job.ending is not None
    status, error, news = job.ending
    assert (status, error, news.kind) == (JobStatus.FAILED, "You hold enough.", "import_failed")


async def test_only_its_person_sees_and_cancels_a_job() -> None:
    heard = Heard()
    jobs = Jobs(cast("JobStore", OneJob()), heard)
    assert (await jobs.read(7, 1)).id == 1
    assert (await jobs.cancel(7, 1)).id == 1
    assert len(heard.announced) == 1
    for refused in (jobs.read, jobs.cancel):
        with pytest.raises(NotFoundError):
            await refused(8, 1)
