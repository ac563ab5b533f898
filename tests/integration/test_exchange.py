"""Files that come in and go out: what an account exports, another one imports and has the same."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import icalendar
import orjson
import pytest

from tests.product.importing import preview, start_import, wait_for_status
from tests.product.person import Person, anonymous
from tests.product.serving import Deployment, Serving, working

SETTINGS = {
    "JOB_RESCAN_INTERVAL_S": "1",
    "IMPORT_PAUSE_S": "0",
    "FEED_REQUESTS_PER_MINUTE_MAX": "9",
}

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def worker(deployment: Deployment) -> Iterator[None]:
    with working(deployment):
        yield


EVERY_FEATURE: list[dict[str, Any]] = [
    {"title": "plain"},
    {"title": "=HYPERLINK(1)", "description": '\'=1\r\n"quoted", ; \\n', "priority": 3},
    {"title": "לקנות חלב 🥛", "due_on": "2026-12-24", "reminders": [{"minutes_before": 0}]},
    {
        "title": "Twice a fortnight",
        "due_at": "2026-12-01T09:00:00.000001Z",
        "reminders": [{"minutes_before": 15}, {"at": "2026-11-30T07:00:00Z"}],
        "recurrence": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "recurrence_from": "completion",
    },
    {"title": "done", "is_completed": True, "due_on": "2026-01-31"},
]
EVERY_SECOND = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261201T090000Z\nRRULE:FREQ=SECONDLY\n"
    b"END:VEVENT\nEND:VCALENDAR\n"
)
PREFERENCES: dict[str, Any] = {
    "time_zone": "Asia/Jerusalem",
    "language": "he",
    "quiet_hours": {"from": "22:00", "to": "07:00"},
    "digest_at": "08:00",
    "channels": {"reminder_due": {"page": True, "push": False, "email": True}},
}
SERVER_OWNED = {"id", "version", "created_at", "updated_at"}


async def fill(person: Person) -> None:
    for fields in EVERY_FEATURE:
        await person.add(**fields)
    repeating = await person.add("monthly", due_on="2026-01-31", recurrence="FREQ=MONTHLY")
    await person.put(repeating["id"], is_completed=True)
    chosen = await person.http.patch("/api/preferences", json=PREFERENCES)
    assert chosen.status_code == 200, chosen.text
    gone = await person.add("deleted")
    await person.http.delete(f"/api/tasks/{gone['id']}")


async def exported(person: Person, export_format: str = "json") -> httpx2.Response:
    answer = await person.http.get("/api/export", params={"format": export_format})
    assert answer.status_code == 200, answer.text
    return answer


def lasting(content: bytes) -> list[dict[str, Any]]:
    """The tasks of an export in their order, without what an import makes anew."""
    tasks = orjson.loads(content)["tasks"]
    return [{k: v for k, v in task.items() if k not in SERVER_OWNED} for task in tasks]


def preferences_in(answer: httpx2.Response) -> dict[str, Any]:
    preferences: dict[str, Any] = orjson.loads(answer.content)["preferences"]
    return preferences


@pytest.mark.usefixtures("worker")
async def test_an_account_with_everything_is_the_same_in_an_empty_one(
    ann: Person, ben: Person
) -> None:
    """Issue 4, line 5. Equal: all fields of all tasks in their order, but those the server owns."""
    await fill(ann)
    answer = await exported(ann)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="taskwire.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) == int(answer.headers["content-length"])
    await wait_for_status(ben, await start_import(ben, answer.content, "taskwire"), "done")
    returned = await exported(ben)
    assert lasting(returned.content) == lasting(answer.content)
    assert preferences_in(returned) == preferences_in(answer)
    assert preferences_in(answer).items() >= {"language": "he", "digest_at": "08:00"}.items()
    assert len(lasting(answer.content)) == len(EVERY_FEATURE) + 2, "the done one and its successor"


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("export_format", ["csv", "ics"])
async def test_other_formats_bring_the_tasks_back_as_well(
    ann: Person, ben: Person, export_format: str
) -> None:
    await fill(ann)
    content = (await exported(ann, export_format)).content
    await wait_for_status(ben, await start_import(ben, content, export_format), "done")
    mine = lasting((await exported(ann)).content)
    theirs = lasting((await exported(ben)).content)
    if export_format == "ics":  # has whole seconds, and one way to end a line
        mine[1]["description"] = mine[1]["description"].replace("\r\n", "\n")
        mine[3]["due_at"] = "2026-12-01T09:00:00Z"
    assert theirs == mine


async def test_a_spreadsheet_finds_no_formula_and_a_calendar_no_mistake(ann: Person) -> None:
    await fill(ann)
    table = (await exported(ann, "csv")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    calendar = icalendar.Calendar.from_ical((await exported(ann, "ics")).content)
    assert len(calendar.walk("VTODO")) == len(EVERY_FEATURE) + 2


async def test_an_export_takes_a_sign_in_and_a_known_format(ann: Person) -> None:
    async with anonymous(ann.product) as nobody:
        assert (await nobody.get("/api/export?format=json")).status_code == 401
    assert (await ann.http.get("/api/export?format=xml")).status_code == 422
    assert (await ann.http.get("/api/export")).status_code == 422


TODOIST = (
    b"TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n"
    b"section,Home,,,,,,,,\n"
    b"task,Pay rent,,1,1,Ann (1),,2026-12-01 09:00,en,Asia/Jerusalem\n"
    b"task,Water @garden,,4,2,Ann (1),,every 3 days starting 1 Dec 2026,en,\n"
)


@pytest.mark.usefixtures("worker")
async def test_what_a_preview_says_is_what_an_import_does(ann: Person) -> None:
    answer = await preview(ann, TODOIST, "todoist")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["total"], said["not_carried"]) == (2, ["labels", "sections", "subtasks"])
    assert (await ann.http.get("/api/tasks")).json()["items"] == []
    await wait_for_status(ann, await start_import(ann, TODOIST, "todoist"), "done")
    tasks = lasting((await exported(ann)).content)
    assert tasks == said["tasks"]
    assert (tasks[0]["due_at"], tasks[0]["priority"]) == ("2026-12-01T07:00:00Z", 3)
    assert (tasks[1]["due_on"], tasks[1]["recurrence"]) == ("2026-12-01", "FREQ=DAILY;INTERVAL=3")
    (job,) = (await ann.http.get("/api/jobs")).json()["items"]
    assert (job["status"], job["done"], job["total"], job["name"]) == ("done", 2, 2, "list")
    (news,) = (await ann.http.get("/api/notifications")).json()["items"]
    assert (news["kind"], news["title"], news["body"]) == (
        "import_finished",
        "list",
        "2 tasks were added.",
    )


async def test_columns_are_named_by_whoever_imports(ann: Person) -> None:
    content = b"What;When\nmilk;24.12.2026\n"
    guessed = await preview(ann, b"Task;When\nmilk;24.12.2026\n", "csv")
    assert guessed.json()["mapping"] == {"title": "Task"}
    named = await preview(ann, content, "csv", '{"title":"What","due":"When","priority":null}')
    said = named.json()
    assert (said["columns"], said["not_carried"]) == (["What", "When"], [])
    assert said["tasks"][0]["due_on"] == "2026-12-24"
    for mapping in ("{", "[]", '{"title":7}', '{"title":"Nothing"}', '{"x":"What"}'):
        refused = await preview(ann, content, "csv", mapping)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid"), mapping


@pytest.mark.parametrize(
    ("content", "import_format", "sentence"),
    [
        (b"\x00\x01\x02" * 1000, "csv", "Line 1: the file is not text, it contains NUL."),
        (b"PK\x03\x04" + b"x" * 1000, "csv", "The file is not text. It is an archive"),
        (b"title\n\xf9\xec\xe5\xed\n", "csv", "Line 2: the file is not text in UTF-8."),
        (EVERY_SECOND, "ics", "Line 4: a task repeats daily at most"),
        (b"BEGIN:VCALENDAR\n" * 600_000, "ics", "Line 5: components more than 4 deep."),
        (b"BEGIN:VCALENDAR\nX:" + b"y\n y" * 2_000_000, "ics", "Line 2: the line has more than"),
        (b"title\n" + b"," * 9_000_000, "csv", "Line 2: more than 200 columns."),
        (b"[" * 9_000_000, "taskwire", "The file has more than 1000000 lists and objects."),
        (b"title,recurrence\nx,FREQ=SECONDLY\n", "csv", "Line 2: recurrence: FREQ is DAILY"),
        (b"x\n" * 20_001, "text", "The list has more than 20000 tasks"),
    ],
)  # fmt: skip
async def test_bad_files_are_a_clear_sentence_and_nothing_is_begun(
    ann: Person, content: bytes, import_format: str, sentence: str
) -> None:
    """Issue 4, line 7."""
    answer = await start_import(ann, content, import_format)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith(sentence)
    assert (await ann.http.get("/api/jobs")).json()["items"] == []


async def test_a_rule_without_end_is_one_task_and_its_rule(ann: Person) -> None:
    content = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;VALUE=DATE:00010101\n"
        b"RRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    said = (await preview(ann, content, "ics")).json()
    assert said["total"] == 1
    assert said["tasks"][0]["recurrence"] == "FREQ=DAILY"


async def announced(product: Serving, token: str, path: str, length: int) -> bytes:
    """What a client hears that asks before it sends."""
    reader, writer = await asyncio.open_connection(product.host, product.port)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode()
    )
    told = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return told


async def unannounced(length: int) -> AsyncIterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    for _ in range(length // MEGABYTE):
        yield b"x" * MEGABYTE


@pytest.mark.parametrize("path", ["/api/imports", "/api/imports/preview"])
async def test_a_hundred_megabytes_are_refused_before_they_are_read(
    ann: Person, product: Serving, path: str
) -> None:
    """Issue 4, line 7: by what is announced, and by what comes without announcement."""
    told = await announced(product, ann.token, path, 100 * MEGABYTE)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"too_large"' in told
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ann.http.post(path, content=unannounced(20 * MEGABYTE), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert product.answers()


# --- the calendar under a secret address ----------------------------------------------------------


async def address_of(person: Person) -> str:
    answer = await person.http.post("/api/feed")
    assert answer.status_code == 201
    url: str = answer.json()["url"]
    assert url.startswith(f"{person.product.url}/api/feed/")
    assert url.endswith(".ics")
    return url


async def test_a_calendar_program_reads_the_feed_without_signing_in(ann: Person) -> None:
    await fill(ann)
    url = await address_of(ann)
    async with anonymous(ann.product) as program:
        answer = await program.get(url)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        again = await program.get(url, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await program.head(url)).headers["etag"] == answer.headers["etag"]
        await ann.add("new", due_on="2026-12-31")
        changed = await program.get(url, headers={"If-None-Match": answer.headers["etag"]})
        assert changed.status_code == 200
    titles = {str(one["SUMMARY"]) for one in events(changed.content)}
    assert titles == {"לקנות חלב 🥛", "Twice a fortnight", "monthly", "new"}


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


async def test_an_address_stops_when_it_is_replaced_or_revoked(ann: Person) -> None:
    assert (await ann.http.get("/api/feed")).json() == {"is_on": False, "created_at": None}
    old = await address_of(ann)
    new = await address_of(ann)
    assert (await ann.http.get("/api/feed")).json()["is_on"] is True
    async with anonymous(ann.product) as program:
        assert (await program.get(new)).status_code == 200
        never = await program.get(f"{ann.product.url}/api/feed/{'x' * 43}.ics")
        stopped = await program.get(old)
        assert (await ann.http.delete("/api/feed")).status_code == 204
        revoked = await program.get(new)
        for answer in (stopped, revoked):
            assert answer.status_code == never.status_code == 404
            assert _without_id(answer) == _without_id(never)
        assert (await program.post("/api/feed")).status_code == 401
    assert (await ann.http.get("/api/feed")).json()["is_on"] is False


def _without_id(answer: httpx2.Response) -> dict[str, Any]:
    error: dict[str, Any] = answer.json()["error"]
    del error["request_id"]
    return error


async def test_a_feed_is_read_so_often_and_its_secret_is_in_no_log(ann: Person) -> None:
    url = await address_of(ann)
    async with anonymous(ann.product) as program:
        answers = [await program.get(url) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    assert int(answers[-1].headers["retry-after"]) <= 60
    secret = url.rpartition("/")[2].removesuffix(".ics")
    assert secret not in ann.product.logged
