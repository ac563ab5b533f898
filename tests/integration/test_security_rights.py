"""Every operation of the API against everybody who may not use it: generated from its own paper."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import httpx2
import pytest

from tests.integration.one_database import ON_POSTGRESQL
from tests.product.person import Person, anonymous, registered
from tests.product.serving import Serving

pytestmark = ON_POSTGRESQL

METHODS = ("get", "post", "put", "patch", "delete")

# Who has no account, or another proof than a token of ours, uses these.
OPEN = {
    "POST /api/auth/register",
    "POST /api/auth/login",
    "POST /api/auth/refresh",
    "POST /api/auth/logout",
    "GET /api/calendar/google/callback",
    "POST /api/calendar/google/changed",
    "GET /api/feed/{secret}.ics",
}
# So that there is a calendar to be kept out of.
SETTINGS = {"GOOGLE_CLIENT_ID": "nobody", "GOOGLE_CLIENT_SECRET": "knows"}

BODIES: dict[str, dict[str, Any]] = {
    "POST /api/tasks": {"json": {"title": "x"}},
    "PUT /api/tasks/{item}": {"json": {"title": "mine now"}},
    "PATCH /api/tasks/{item}": {"json": {"title": "mine now"}},
    "POST /api/imports": {"files": {"file": ("list", b"x")}, "data": {"format": "text"}},
    "PATCH /api/calendar/google": {"json": {"with_days": False}},
    "POST /api/calendar/google/notes/{item}": {"json": {"take_other": True}},
    "POST /api/imports/preview": {"files": {"file": ("list", b"x")}, "data": {"format": "text"}},
    "GET /api/export": {"params": {"format": "json"}},
    "POST /api/push/subscriptions": {
        "json": {"endpoint": "https://push.example/x", "keys": {"p256dh": "x", "auth": "x"}}
    },
    "PATCH /api/preferences": {"json": {"time_zone": "Asia/Jerusalem"}},
    "GET /api/changes": {"params": {"channel": "tasks"}},
}


class Operation(NamedTuple):
    method: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def has_id(self) -> bool:
        return "{" in self.path

    async def ask(
        self, http: httpx2.AsyncClient, item: object = 1, **more: object
    ) -> httpx2.Response:
        path = re.sub(r"\{\w+\}", str(item), self.path)
        request: dict[str, Any] = {**BODIES.get(self.name, {}), **more}
        return await http.request(self.method, path, **request)


class Things(NamedTuple):
    """What a person has, as they see it."""

    tasks: bytes
    notifications: bytes
    changes: bytes


@pytest.fixture
async def paper(product: Serving) -> dict[str, Any]:
    async with anonymous(product) as http:
        document: dict[str, Any] = (await http.get("/openapi.json")).json()
        return document


@pytest.fixture
async def revoked(product: Serving) -> AsyncIterator[Person]:
    """Signed out, and still holding a token that has not ended."""
    async with registered(product, "Gone") as person:
        assert (await person.http.post("/api/auth/logout")).status_code == 204
        yield person


def operations(paper: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in paper["paths"].items():
        for method in METHODS:
            if method in methods:
                yield Operation(method.upper(), path)


async def things_of(person: Person) -> Things:
    paths = ("/api/tasks", "/api/notifications", "/api/changes?channel=tasks")
    return Things(*[(await person.http.get(path)).content for path in paths])


async def test_the_matrix_is_whole(paper: dict[str, Any]) -> None:
    """An operation that is new stands in the matrix by itself; one that went leaves no exception."""
    names = {operation.name for operation in operations(paper)}
    assert len(names) > 20
    assert names >= OPEN | BODIES.keys()


async def test_nobody_gets_in_without_an_account(ann: Person, paper: dict[str, Any]) -> None:
    task = await ann.add()
    before = await things_of(ann)
    async with anonymous(ann.product) as nobody:
        for operation in operations(paper):
            if operation.name not in OPEN:
                answer = await operation.ask(nobody, task["id"])
                assert answer.status_code == 401, operation
                assert answer.json()["error"]["code"] == "unauthenticated"
    assert await things_of(ann) == before


async def test_who_signed_out_gets_in_nowhere(
    ann: Person, revoked: Person, paper: dict[str, Any]
) -> None:
    task = await ann.add()
    for operation in operations(paper):
        if operation.name not in OPEN:
            answer = await operation.ask(revoked.http, task["id"])
            assert answer.status_code == 401, operation


async def test_what_is_somebody_elses_is_missing_to_the_byte(
    ann: Person, ben: Person, paper: dict[str, Any]
) -> None:
    task = await ann.add()
    job = await ann.http.post("/api/imports", **BODIES["POST /api/imports"])
    assert job.status_code == 202
    before = await things_of(ann)
    headers = {"X-Request-Id": "the-same"}
    for operation in operations(paper):
        if operation.has_id:
            item = job.json()["id"] if "/jobs/" in operation.path else task["id"]
            foreign = await operation.ask(ben.http, item, headers=headers)
            missing = await operation.ask(ben.http, 2**62, headers=headers)
            assert foreign.status_code == missing.status_code == 404, operation
            assert foreign.content == missing.content, operation
    assert await things_of(ann) == before
    assert (await ann.http.get(f"/api/jobs/{job.json()['id']}")).json()["status"] == "queued"


async def test_whoever_has_no_id_to_give_sees_their_own_alone(
    ann: Person, ben: Person, paper: dict[str, Any]
) -> None:
    await ann.add("Ann's secret")
    before = await things_of(ann)
    for operation in operations(paper):
        if operation.method == "GET" and not operation.has_id:
            assert b"secret" not in (await operation.ask(ben.http)).content, operation
    for operation in operations(paper):
        if operation.method != "GET" and not operation.has_id and operation.name not in OPEN:
            await operation.ask(ben.http)
    assert await things_of(ann) == before


async def test_the_paper_says_who_needs_a_token(paper: dict[str, Any]) -> None:
    for operation in operations(paper):
        said = paper["paths"][operation.path][operation.method.lower()].get("security")
        is_open = operation.name in OPEN - {"POST /api/auth/refresh", "POST /api/auth/logout"}
        assert bool(said) != is_open, operation


OWNED = ("id", "owner_id", "person_id", "version", "created_at", "updated_at", "deleted_at", "seq")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_the_server_owns_is_nobodys_to_set(
    ann: Person, ben: Person, method: str
) -> None:
    task = await ann.add()
    for name in OWNED:
        body = {"title": "changed", name: ben.id}
        answer = await ann.http.request(method, f"/api/tasks/{task['id']}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid"), name
    assert (await ann.task(task["id"])).json() == task
    assert (await ben.http.get("/api/tasks")).json()["items"] == []
