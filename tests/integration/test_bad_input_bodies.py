"""Bad bodies, fields, ids and headers: each gets its answer, and the next good request works."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from tests.product.person import PASSWORD, Person

BODY_BYTES_MAX = 256 * 1024
DEEP = b"[" * 10_000 + b"]" * 10_000
MANY = b",".join(b'"key%d":1' % number for number in range(10_000))
LONE = b'{"title":"\\ud800"}'


@pytest.fixture(autouse=True)
async def next_good_request_works(ann: Person) -> AsyncIterator[None]:
    """Whatever came, nothing was written and the process serves on."""
    yield
    assert ann.product.process.poll() is None
    assert (await ann.http.get("/api/tasks")).json()["items"] == []
    assert (await ann.http.post("/api/tasks", json={"title": "good"})).status_code == 201


def refused(answer: httpx2.Response, status: int | Sequence[int], code: str | None = None) -> None:
    """The right status, and an error in the form of all our errors."""
    statuses = [status] if isinstance(status, int) else status
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "request_id"}
    assert error["request_id"] == answer.headers["X-Request-Id"]
    assert code is None or error["code"] == code
    assert "Traceback" not in answer.text


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "half": b"{",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"7",
    "not JSON": b"title=x",
    "single quotes": b"{'title':'x'}",
    "a comma too many": b'{"title":"x",}',
    "two values": b'{"title":"x"}{"title":"y"}',
    "not UTF-8": b'{"title":"\xff"}',
    "UTF-16": '{"title":"x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"title":"x"}',
    "deep": DEEP,
    "a deep title": b'{"title":' + DEEP + b"}",
    "many keys": b'{"title":"x",' + MANY + b"}",
    "not a number": b'{"title":"x","priority":NaN}',
    "infinity": b'{"title":"x","priority":Infinity}',
    "too large a float": b'{"title":"x","priority":1e400}',
    "2^63": b'{"title":"x","priority":9223372036854775808}',
    "a thousand digits": b'{"title":"x","priority":' + b"9" * 5000 + b"}",
    "a lone surrogate": LONE,
    "a low surrogate": b'{"title":"x\\udfff"}',
    "surrogates in the wrong order": b'{"title":"\\udc00\\ud800"}',
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_no_task_is_refused(ann: Person, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    refused(await ann.http.post("/api/tasks", content=BODIES[name], headers=headers), 422)


FIELDS: dict[str, dict[str, Any]] = {
    "no title": {"description": "x"},
    "a title that is null": {"title": None},
    "an empty title": {"title": ""},
    "a blank title": {"title": " \t\n\u3000"},
    "a title of 501 characters": {"title": "x" * 501},
    "a title of 10,001 characters": {"title": "x" * 10_001},
    "a title with NUL": {"title": "a\x00b"},
    "a title that is a number": {"title": 7},
    "a title that is a list": {"title": ["x"]},
    "a title that is an object": {"title": {"x": 1}},
    "a title that is a truth": {"title": True},
    "a description that is a number": {"title": "x", "description": 7},
    "a description of 20,001 characters": {"title": "x", "description": "x" * 20_001},
    "a description with NUL": {"title": "x", "description": "\x00"},
    "a truth as text": {"title": "x", "is_completed": "true"},
    "a truth as number": {"title": "x", "is_completed": 1},
    "a priority below": {"title": "x", "priority": -1},
    "a priority above": {"title": "x", "priority": 4},
    "a priority as text": {"title": "x", "priority": "1"},
    "a priority as float": {"title": "x", "priority": 1.5},
    "a priority as truth": {"title": "x", "priority": True},
    "an unknown field": {"title": "x", "colour": "red"},
    "an id": {"title": "x", "id": 7},
    "an owner": {"title": "x", "owner_id": 2},
    "a version": {"title": "x", "version": 99},
    "a creation": {"title": "x", "created_at": "2026-11-24T09:00:00Z"},
    "an update": {"title": "x", "updated_at": "2026-11-24T09:00:00Z"},
    "a deletion": {"title": "x", "deleted_at": "2026-11-24T09:00:00Z"},
    "a prototype": {"title": "x", "__proto__": {"x": 1}},
    "a reminder that is a text": {"title": "x", "reminders": ["2026-11-24T09:00:00Z"]},
    "a reminder of nothing": {"title": "x", "reminders": [{}]},
    "a reminder of both kinds": {
        "title": "x",
        "reminders": [{"at": "2026-11-24T09:00:00Z", "minutes_before": 5}],
    },
    "a reminder without a zone": {"title": "x", "reminders": [{"at": "2026-11-24T09:00:00"}]},
    "a reminder with more": {"title": "x", "reminders": [{"minutes_before": 5, "by": "post"}]},
    "a reminder afterwards": {"title": "x", "reminders": [{"minutes_before": -1}]},
    "a reminder too early": {"title": "x", "reminders": [{"minutes_before": 40_321}]},
    "a reminder as text": {"title": "x", "reminders": [{"minutes_before": "5"}]},
    "eleven reminders": {"title": "x", "reminders": [{"minutes_before": 5}] * 11},
    "reminders as an object": {"title": "x", "reminders": {"minutes_before": 5}},
    "a rule as a list": {"title": "x", "recurrence": ["FREQ=DAILY"]},
    "an empty rule": {"title": "x", "recurrence": ""},
    "a rule for every second": {"title": "x", "recurrence": "FREQ=SECONDLY"},
    "a rule for every second of a day": {
        "title": "x",
        "recurrence": "FREQ=DAILY;BYHOUR=0,1;BYMINUTE=0,1;BYSECOND=0,1",
    },
    "a rule that never falls": {"title": "x", "recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
    "a rule with a start": {"title": "x", "recurrence": "DTSTART:20261124\nRRULE:FREQ=DAILY"},
    "a rule of 10,000 characters": {"title": "x", "recurrence": "FREQ=DAILY;" + "X" * 10_000},
    "nonsense for a rule": {"title": "x", "recurrence": "every now and then"},
    "another origin": {"title": "x", "recurrence_from": "birth"},
    "both dues": {"title": "x", "due_at": "2026-11-24T09:00:00Z", "due_on": "2026-11-24"},
}


@pytest.mark.parametrize("name", FIELDS)
async def test_a_task_that_breaks_a_rule_is_refused(ann: Person, name: str) -> None:
    refused(await ann.http.post("/api/tasks", json=FIELDS[name]), 422, "invalid")


INSTANTS: list[object] = [
    "2024-02-30T10:00:00Z",
    "2023-02-29T10:00:00Z",
    "2026-13-01T10:00:00Z",
    "2026-11-24T25:00:00Z",
    "2026-11-24T09:60:00Z",
    "2026-11-24T09:00:00",
    "2026-11-24 09:00",
    "2026-11-24",
    "99999-01-01T00:00:00Z",
    "+012026-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-11-24T09:00:00+25:00",
    "2026-11-24T09:00:00[Asia/Jerusalem]",
    "tomorrow",
    "",
    "\u0662\u0660\u0662\u0666-11-24T09:00:00Z",
    "2026-W48-2",
    1_795_500_000,
    1_795_500_000.5,
    10**18,
    -1,
    True,
    [],
    {},
]


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_an_instant_that_is_none_is_refused(ann: Person, instant: object) -> None:
    body = {"title": "x", "due_at": instant}
    refused(await ann.http.post("/api/tasks", json=body), 422, "invalid")


DAYS: list[object] = [
    "2024-02-30",
    "2023-02-29",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "99999-01-01",
    "-0001-01-01",
    "2026-11-24T09:00:00Z",
    "24.11.2026",
    "tomorrow",
    "",
    20_261_124,
    1_795_500_000,
    True,
    [],
]


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_a_day_that_is_none_is_refused(ann: Person, day: object) -> None:
    refused(await ann.http.post("/api/tasks", json={"title": "x", "due_on": day}), 422, "invalid")


IDS = ["-1", "0", "abc", "1.5", "1e3", "0x1", "+1", "1_000", "9223372036854775807"]
IDS += ["9223372036854775808", "9" * 500, "1%00", "%31%00", "1%20", "%2e%2e", "1;2"]
IDS += ["\u0661", "%D9%A1", "%EF%BC%91", "%FF", "'; DROP TABLE tasks;--", "null", "NaN", "true"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("item", IDS)
async def test_an_id_that_cannot_be_is_simply_not_there(
    ann: Person, method: str, item: str
) -> None:
    body = {"title": "x"} if method == "PUT" else None
    refused(await ann.http.request(method, f"/api/tasks/{item}", json=body), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/jobs/", "/api/notifications/"])
@pytest.mark.parametrize("item", ["-1", "abc", "9" * 500, "%FF"])
async def test_the_same_holds_for_jobs_and_notifications(ann: Person, path: str, item: str) -> None:
    is_job = path == "/api/jobs/"
    method, suffix = ("GET", "") if is_job else ("POST", "/read")
    refused(await ann.http.request(method, f"{path}{item}{suffix}"), 404, "not_found")


KEYS = ["", "a b", "x" * 256, "a\tb", "schl\u00fcssel", "a\u2028"]


@pytest.mark.parametrize("key", KEYS, ids=repr)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_key_that_is_none_is_refused(ann: Person, method: str, key: str) -> None:
    path = "/api/tasks" if method == "POST" else "/api/tasks/1"
    headers = {b"Idempotency-Key": key.encode()}
    body = None if method == "DELETE" else {"title": "x"}
    answer = await ann.http.request(method, path, json=body, headers=headers)
    refused(answer, 422 if method == "POST" else (404, 422))


TAGS = ["x", '"x"', "1", '"', '""', '"-1"', '"1', '1"', '"1", "2"', 'W/"x"', '"9' + "9" * 40 + '"']


@pytest.mark.parametrize("tag", TAGS)
async def test_a_tag_that_no_version_ever_had_does_not_match(ben: Person, tag: str) -> None:
    task = await ben.add()
    answer = await ben.put(task["id"], title="never", headers={"If-Match": tag})
    assert answer.status_code == 412
    assert answer.json()["current"] == task
    assert (await ben.task(task["id"])).json() == task


TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/html"]
TYPES += ["application/json; charset=utf-16", "application/jsonp", "application/xml", "x", ";"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("media_type", TYPES)
async def test_a_body_of_another_type_is_refused(ann: Person, method: str, media_type: str) -> None:
    path = "/api/tasks" if method == "POST" else "/api/tasks/1"
    headers = {"Content-Type": media_type}
    answer = await ann.http.request(method, path, content=b'{"title":"x"}', headers=headers)
    refused(answer, 415, "unsupported_media_type")


async def pieces(size: int) -> AsyncIterator[bytes]:
    yield b'{"title":"'
    for _ in range(size // 4096):
        yield b"x" * 4096
    yield b'"}'


@pytest.mark.parametrize("path", ["/api/tasks", "/api/auth/login", "/api/auth/register"])
async def test_a_body_beyond_its_bound_is_refused(ann: Person, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    announced = b'{"title":"' + b"x" * BODY_BYTES_MAX + b'"}'
    refused(await ann.http.post(path, content=announced, headers=headers), 413, "too_large")
    unannounced = pieces(BODY_BYTES_MAX * 2)
    refused(await ann.http.post(path, content=unannounced, headers=headers), 413, "too_large")


async def test_a_body_just_within_its_bound_is_read(ben: Person) -> None:
    """It is refused for what it says, not for its size."""
    frame = b'{"title":"x","description":""}'
    body = frame[:-2] + b"y" * (BODY_BYTES_MAX - len(frame)) + b'"}'
    headers = {"Content-Type": "application/json"}
    refused(await ben.http.post("/api/tasks", content=body, headers=headers), 422, "invalid")


async def test_a_packed_body_is_not_unpacked(ann: Person) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = b"\x1f\x8b\x08" + b"\x00" * 100
    refused(await ann.http.post("/api/tasks", content=bomb, headers=headers), (415, 422))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/api/tasks", 405),
        ("PUT", "/api/tasks/..%2f1", 405),
        ("DELETE", "/api/tasks", 405),
        ("POST", "/api/tasks/1", 405),
        ("GET", "/api/auth/login", 405),
        ("TRACE", "/api/tasks", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/tasks/1/2/3", 404),
        ("GET", "/ws/tasks", 426),
        ("GET", "/ws/nothing", 426),
    ],
)
async def test_an_address_that_is_none_and_a_method_that_is_none(
    ann: Person, method: str, path: str, status: int
) -> None:
    answer = await ann.http.request(method, path)
    refused(answer, status)
    assert ("Allow" in answer.headers) == (status == 405)


@dataclass(frozen=True)
class Account:
    """What somebody may send instead of an account."""

    email: object = "new@example.org"
    name: object = "New"
    password: object = PASSWORD
    more: dict[str, object] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, object]:
        return {"email": self.email, "name": self.name, "password": self.password, **self.more}


ACCOUNTS: dict[str, Account] = {
    "no address": Account(email="new"),
    "two addresses": Account(email="a@b@c"),
    "an empty address": Account(email=""),
    "an endless address": Account(email="x" * 300 + "@example.org"),
    "NUL in the address": Account(email="a\x00@example.org"),
    "a line in the address": Account(email="a\r\nBcc: x@example.org"),
    "an address that is none": Account(email=7),
    "an empty name": Account(name=" "),
    "an endless name": Account(name="x" * 101),
    "NUL in the name": Account(name="\x00"),
    "a short password": Account(password="short"),
    "an endless password": Account(password="x" * 129),
    "NUL in the password": Account(password="correct\x00horse"),
    "a password that is none": Account(password=None),
    "a field too many": Account(more={"is_admin": True}),
}


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_an_account_that_breaks_a_rule_is_refused(ann: Person, name: str) -> None:
    refused(await ann.http.post("/api/auth/register", json=ACCOUNTS[name].body), 422, "invalid")


HALF_CHARACTERS = [
    b'{"email":"\\ud800@x.y","password":"password"}',
    b'{"email":"a@b.c","password":"\\ud800"}',
    b'{"email":"a\\u0000@b.c","password":"password"}',
    b'{"email":"a@b.c","password":"\\u0000"}',
]


@pytest.mark.parametrize("body", HALF_CHARACTERS)
async def test_signing_in_with_half_characters_is_no_mistake_of_ours(
    ann: Person, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await ann.http.post("/api/auth/login", content=body, headers=headers)
    refused(answer, (401, 422))


KEPT = [
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE tasks;--",
    "\u202eRTL\u202c",
    "Z\u0334\u0321",
]
KEPT += ["👩\u200d👩\u200d👧", "a\u2028b", "%s %(x)s {}", "\\u0000", "e\u0301", "\U0010ffff", " x "]


@pytest.mark.parametrize("title", KEPT)
async def test_what_is_only_unusual_is_kept_as_it_was_typed(ben: Person, title: str) -> None:
    task = await ben.add(title)
    assert (await ben.task(task["id"])).json()["title"] == title
