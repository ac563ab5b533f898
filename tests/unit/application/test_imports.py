from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import orjson
import pytest

from taskwire.application.delivery_ports import PreferenceStore
from taskwire.application.imports import ImportBounds, Imports, Upload
from taskwire.application.jobs import Jobs
from taskwire.application.ports import (
    AddedJob,
    Answer,
    Change,
    ClaimedJob,
    JobStep,
    JobStore,
    KeyTaken,
    NewImport,
    NoRoom,
    TooManyOpen,
    WriteKey,
)
from taskwire.application.preferences import PreferenceAdopter
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
        self.refusal: KeyTaken | NoRoom | TooManyOpen | None = None
        self.new: NewImport | None = None
        self.tasks_max = 100

    @property
    def job(self) -> Job:
        return Job(1, "import", JobStatus.RUNNING, self.done, 5, None, "list.txt")

    async def add_import(
        self, person_id: int, new: NewImport, key: WriteKey | None
    ) -> AddedJob | KeyTaken | NoRoom | TooManyOpen:
        self.new = new
        return self.refusal or AddedJob(1, Answer(202, b"{}", "e", new.total))

    async def newest(self, person_id: int, limit: int) -> Sequence[Job]:
        return [self.job][:limit] if person_id == 7 else []

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


class Jerusalem:
    async def time_zone(self, person_id: int) -> str | None:
        return "Asia/Jerusalem"


def imports(job: OneJob, heard: Heard | None = None) -> Imports:
    heard = heard or Heard()
    now = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)  # it is Friday in Jerusalem
    adopter = PreferenceAdopter(cast("PreferenceStore", None), heard)
    return Imports(cast("JobStore", job), heard, heard, Jerusalem(), adopter, BOUNDS, lambda: now)


def a_list(content: bytes, name: str = "list.txt") -> Upload:
    return Upload(name, TEXT, content)


async def test_a_good_list_becomes_a_job_and_a_nudge() -> None:
    heard = Heard()
    answer = await imports(OneJob(), heard).start(7, a_list(b"a\nb\nc"), None)
    assert (answer.status, answer.seq, heard.nudged) == (202, 3, [1])


@pytest.mark.parametrize(
    ("content", "trouble"), [(b"x" * 1001, TooLargeError), (b"\xff", InvalidError)]
)
async def test_a_bad_list_is_refused_before_anything_is_begun(
    content: bytes, trouble: type[Exception]
) -> None:
    heard = Heard()
    with pytest.raises(trouble):
        await imports(OneJob(), heard).start(7, a_list(content), None)
    assert not heard.nudged


@pytest.mark.parametrize(
    ("refusal", "trouble", "sentence"),
    [
        (KeyTaken(), KeyReusedError, "Idempotency-Key was used"),
        (TooManyOpen(), LimitReachedError, "still waiting"),
        (
            NoRoom(100),
            LimitReachedError,
            "The list has 1 tasks and you hold 100; this server allows 100 together.",
        ),
    ],
)
async def test_what_the_store_refuses_is_said(
    refusal: KeyTaken | NoRoom | TooManyOpen, trouble: type[Exception], sentence: str
) -> None:
    job = OneJob()
    job.refusal = refusal
    with pytest.raises(trouble, match=sentence):
        await imports(job).start(7, a_list(b"a"), WriteKey("k", "h"))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("C:\\lists\\my list.csv", "my list.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("x" * 300, "x" * 200),
        ("", "import"),
    ],
)
async def test_a_job_is_known_by_the_name_of_its_file(given_name: str, shown: str) -> None:
    job = OneJob()
    await imports(job).start(7, a_list(b"a", given_name), None)
    assert job.new is not None
    assert job.new.name == shown


async def test_what_waits_for_a_worker_is_read_already() -> None:
    """What is due "tomorrow" is counted from the day of the upload where the person lives, not later."""
    job = OneJob()
    csv = b"TYPE,CONTENT,DATE\ntask,Milk,tomorrow\n"
    await imports(job).start(7, Upload("t.csv", ImportFormat.TODOIST, csv), None)
    assert job.new is not None
    stored = orjson.loads(job.new.content)
    assert (stored["format"], stored["version"]) == ("taskwire", 1)
    assert stored["tasks"][0]["due_on"] == "2026-11-28"


async def test_a_preview_says_what_would_become_of_a_file_and_begins_nothing() -> None:
    job, heard = OneJob(), Heard()
    csv = b"Task,Tags,When\n" + b"milk,shop,soon\n" * 7
    upload = Upload("t.csv", ImportFormat.CSV, csv, {"title": "Task"})
    preview = orjson.loads(await imports(job, heard).preview(7, upload))
    assert preview["total"] == 7
    assert preview["columns"] == ["Task", "Tags", "When"]
    assert preview["mapping"] == {"title": "Task"}
    assert [task["title"] for task in preview["tasks"]] == ["milk"] * 5
    assert preview["not_carried"] == ["columns", "labels"]
    assert (job.new, heard.nudged) == (None, [])


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
    assert (status, error) == (JobStatus.FAILED, "You hold enough.")
    assert news == News("import_failed", "list.txt", "You hold enough.")


async def test_only_its_person_sees_and_cancels_a_job() -> None:
    heard = Heard()
    jobs = Jobs(cast("JobStore", OneJob()), heard)
    assert (await jobs.read(7, 1)).id == 1
    assert (await jobs.cancel(7, 1)).id == 1
    assert [len(await jobs.newest(person_id)) for person_id in (7, 8)] == [1, 0]
    assert len(heard.announced) == 1
    for refused in (jobs.read, jobs.cancel):
        with pytest.raises(NotFoundError):
            await refused(8, 1)
