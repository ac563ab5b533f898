"""An import through a real worker: seen live, task by task, and whole whatever happens to it."""

import asyncio
import statistics
import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.product.importing import (
    WITHIN_S,
    a_list,
    all_created,
    job_of,
    start_import,
    titles,
    wait_for_status,
)
from tests.product.line import Frame, Line
from tests.product.person import Person
from tests.product.serving import Deployment, working

TASKS = 500
HEBREW = "לקנות חלב"
SETTINGS = {"JOB_LEASE_S": "3", "JOB_RESCAN_INTERVAL_S": "1", "IMPORT_PAUSE_S": "0.02"}

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def worker(deployment: Deployment) -> Iterator[None]:
    with working(deployment):
        yield


@pytest.mark.usefixtures("worker")
async def test_five_hundred_tasks_appear_live_with_progress_while_a_put_is_answered(
    ann: Person,
) -> None:
    """Issue 2, line 6. The median of the PUTs is printed; it is a number of this machine."""
    own = await ann.add("my own")
    async with ann.line() as line, ann.line("/ws/notifications") as news:
        answer = await start_import(ann, a_list(TASKS))
        writing = asyncio.create_task(put_meanwhile(ann, own["id"], answer))
        frames = await all_created(line, TASKS)
        progress = await until_told(news)
        took_s = await writing
    print(f"a PUT meanwhile: median {statistics.median(took_s) * 1000:.1f} ms")  # noqa: T201
    assert answer.status_code == 202
    assert [frame["data"]["title"] for frame in frames] == [f"task {n}" for n in range(TASKS)]
    done = [frame["data"]["done"] for frame in progress if frame["type"] == "job_update"]
    assert len(done) > 10
    assert done == sorted(done)
    assert progress[-1]["data"]["kind"] == "import_finished"
    job = await wait_for_status(ann, answer, "done")
    assert (job["done"], job["total"], job["error"]) == (TASKS, TASKS, None)


async def put_meanwhile(ann: Person, task_id: int, job: httpx2.Response) -> list[float]:
    took_s: list[float] = []
    while (await job_of(ann, job))["status"] in ("queued", "running"):
        began_s = time.perf_counter()
        answer = await ann.put(task_id, title=f"edit {len(took_s)}")
        took_s.append(time.perf_counter() - began_s)
        assert answer.status_code == 200
    return took_s


async def until_told(news: Line) -> list[Frame]:
    frames = [await news.frame(WITHIN_S)]
    while frames[-1]["type"] != "notification_created":
        frames.append(await news.frame(WITHIN_S))
    return frames


@pytest.mark.usefixtures("worker")
async def test_a_csv_brings_its_columns(ann: Person) -> None:
    content = f"title,due_on,priority,is_completed\n{HEBREW},2026-11-24,3,yes\n".encode()
    await wait_for_status(ann, await start_import(ann, content, "csv"), "done")
    (task,) = (await ann.http.get("/api/tasks")).json()["items"]
    assert (task["title"], task["due_on"], task["priority"], task["is_completed"]) == (
        HEBREW,
        "2026-11-24",
        3,
        True,
    )


@pytest.mark.usefixtures("worker")
async def test_the_same_import_under_one_key_is_done_once(ann: Person) -> None:
    first = await start_import(ann, a_list(3), key="import-1")
    again = await start_import(ann, a_list(3), key="import-1")
    assert (again.status_code, again.content) == (202, first.content)
    await wait_for_status(ann, first, "done")
    assert await titles(ann) == ["task 0", "task 1", "task 2"]
    other = await start_import(ann, a_list(4), key="import-1")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")


@pytest.mark.usefixtures("worker")
async def test_a_cancelled_import_stops_where_it_is(ann: Person) -> None:
    async with ann.line() as line:
        answer = await start_import(ann, a_list(2000))
        await line.frame(WITHIN_S)
        path = f"/api/jobs/{answer.json()['id']}"
        cancelled = (await ann.http.delete(path)).json()
    assert cancelled["status"] == "cancelled"
    assert 0 < cancelled["done"] < 2000
    assert len(await titles(ann)) == cancelled["done"]
    assert (await ann.http.get(path)).json() == cancelled


@pytest.mark.parametrize(
    ("content", "import_format"),
    [
        (b"", "text"),
        (b"\n \n", "text"),
        (b"\xff\xfe", "text"),
        (b"a\x00b", "text"),
        (b"title,due_on\nx,tomorrow\n", "csv"),
        (b'title\n"unclosed\n', "csv"),
        (b"title,priority\nx,9\n", "csv"),
        (("x" * 501).encode(), "text"),
        (a_list(20_001), "text"),
        (b"fine", "xml"),
        (b"title,due_at\nx,2026-11-24T09:00:00\n", "csv"),
        (b"title,due_at\nx,0001-01-01T00:00:00+14:00\n", "csv"),
    ],
)
async def test_a_list_that_is_none_is_refused_whole(
    ann: Person, content: bytes, import_format: str
) -> None:
    answer = await start_import(ann, content, import_format)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert await titles(ann) == []


async def test_an_import_without_a_file_is_refused(ann: Person) -> None:
    assert (await ann.http.post("/api/imports", data={"format": "text"})).status_code == 422
    assert (await ann.http.post("/api/imports", json={"format": "text"})).status_code == 422
    assert (await ann.http.post("/api/imports", content=b"x")).status_code == 422


async def test_a_list_beyond_ten_megabytes_is_refused(ann: Person) -> None:
    content = b"x" * (10 * 1024 * 1024 + 1)
    assert (await start_import(ann, content)).status_code == 413
    assert (await start_import(ann, content + b"x" * 1024 * 1024)).status_code == 413
