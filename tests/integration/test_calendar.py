"""Google Calendar through everything: `taskwire up`, its worker, sockets, and the fake on a port.

Taskwire has an https name here, so Google knocks, and nothing comes in by a poll: that would be
minutes later. Where it cannot be reached is tests/browser/test_calendar.py.
"""

import re
import secrets
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from tests.fake_google.events import StoredEvent
from tests.fake_google.google import APP_CREATED, Google
from tests.fake_google.running import running_fake
from tests.fake_google.server import FakeServer
from tests.fakes.waiting import wait_until, wait_until_answer
from tests.product.https_name import PUBLIC_URL, OverItsName
from tests.product.running import Product, running_product
from tests.services.processes import free_port

WITHIN_S = 60.0
_TLS = ssl.create_default_context()
DUE = "2026-12-01T09:00:00Z"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeServer]:
    with running_fake() as server:
        yield server


@pytest.fixture(scope="module")
def product(fake: FakeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    port = str(free_port())
    fake.ways[PUBLIC_URL] = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("calendar")
    settings = fake.settings() | {"PORT": port, "LOG_LEVEL": "DEBUG", "PUBLIC_URL": PUBLIC_URL}
    quick = {"CALENDAR_RESCAN_INTERVAL_S": "0.5", "GOOGLE_WRITES_PER_S": "1000"}
    rare = {"CALENDAR_POLL_INTERVAL_S": "3600", "CALENDAR_WATCHED_POLL_INTERVAL_S": "3600"}
    with running_product(folder, **settings, **quick, **rare) as running:
        yield running


@dataclass
class Person:
    http: httpx2.AsyncClient
    fake: FakeServer
    email: str

    @property
    def google(self) -> Google:
        """Their own account there."""
        return self.fake.people.named(self.email)

    async def json(self, method: str, path: str, **body: object) -> dict[str, Any]:
        answer = await self.http.request(method, path, json=body or None)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        parsed: dict[str, Any] = answer.json() if answer.content else {}
        return parsed

    async def state(self) -> dict[str, Any]:
        return await self.json("GET", "/api/calendar/google")

    async def begin(self) -> str:
        url: str = (await self.json("POST", "/api/calendar/google/connect"))["url"]
        return url

    async def consent(
        self, url: str, scopes: str = APP_CREATED, answer: str = "allow"
    ) -> httpx2.Response:
        """As a browser does it: the question, the form, and the way back."""
        page = await self.http.get(url)
        assert "wants access" in page.text
        form = {"answer": answer, "account": self.email} | ({"scope": scopes} if scopes else {})
        sent = await self.http.post(url, data=form)
        assert sent.status_code == 303
        return await self.http.get(sent.headers["location"])

    async def connect(self) -> None:
        back = await self.consent(await self.begin())
        assert back.headers["location"] == "/?calendar=connected"

    def event(self, title: str) -> tuple[str, StoredEvent] | None:
        with self.fake.lock:
            for calendar in self.google.calendars.values():
                for event in self.google.living(calendar.id):
                    if event.fields.get("summary") == title:
                        return calendar.id, event
        return None

    async def is_refused(self, knock: dict[str, str]) -> bool:
        answer = await self.http.post("/api/calendar/google/changed", headers=knock)
        assert answer.status_code in (204, 404)
        return answer.status_code == 404

    async def wait_for_event(self, title: str) -> tuple[str, StoredEvent]:
        async def is_there() -> bool:
            return self.event(title) is not None

        await wait_until_answer(is_there, WITHIN_S)
        found = self.event(title)
        assert found is not None
        return found

    async def wait_for_task(self, task_id: int, holds: Callable[[dict[str, Any]], bool]) -> None:
        async def is_so() -> bool:
            return holds(await self.json("GET", f"/api/tasks/{task_id}"))

        await wait_until_answer(is_so, WITHIN_S)

    async def wait_for_state(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        async def is_so() -> bool:
            return holds(await self.state())

        await wait_until_answer(is_so, WITHIN_S)


@asynccontextmanager
async def signed_in(product: Product, fake: FakeServer) -> AsyncIterator[Person]:
    async with httpx2.AsyncClient(
        base_url=PUBLIC_URL, timeout=30, transport=OverItsName(product.url)
    ) as http:
        email = f"{secrets.token_hex(6)}@example.org"
        body = {"email": email, "name": "Ann", "password": "correct horse battery"}
        answer = await http.post("/api/auth/register", json=body)
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Person(http, fake, email)


@pytest.fixture
async def ann(product: Product, fake: FakeServer) -> AsyncIterator[Person]:
    async with signed_in(product, fake) as person:
        yield person


async def test_a_task_with_a_time_stands_in_google_and_moves_there_and_back(
    ann: Person, fake: FakeServer
) -> None:
    await ann.connect()
    task = await ann.json("POST", "/api/tasks", title="Dentist", due_at=DUE)
    calendar_id, event = await ann.wait_for_event("Dentist")

    with fake.lock:
        ann.google.drag(calendar_id, event.id, timedelta(days=1, hours=2))
    await ann.wait_for_task(task["id"], lambda now: now["due_at"] == "2026-12-02T11:00:00Z")

    await ann.json("PATCH", f"/api/tasks/{task['id']}", title="Dentist, again")
    await ann.wait_for_event("Dentist, again")

    with fake.lock:
        ann.google.events(calendar_id).delete(event.id, None)
    await ann.wait_for_state(
        lambda state: any(note["kind"] == "removed_there" for note in state["notes"])
    )
    kept = await ann.json("GET", f"/api/tasks/{task['id']}")
    assert kept["due_at"] == "2026-12-02T11:00:00Z", "the task stays as it was"


async def test_google_knocks_and_whoever_is_not_google_is_sent_away(
    ann: Person, fake: FakeServer
) -> None:
    await ann.connect()
    task = await ann.json("POST", "/api/tasks", title="Knock", due_at=DUE)
    calendar_id, event = await ann.wait_for_event("Knock")
    await wait_until(lambda: ann.google.channels.channels, WITHIN_S)
    (channel,) = ann.google.channels.channels.values()
    assert channel.address == f"{PUBLIC_URL}/api/calendar/google/changed"

    right = {"X-Goog-Channel-ID": channel.id, "X-Goog-Channel-Token": channel.token}
    right |= {"X-Goog-Resource-ID": channel.resource_id, "X-Goog-Resource-State": "exists"}
    other = right | {"X-Goog-Resource-ID": "another's"}
    await wait_until_answer(lambda: ann.is_refused(other), WITHIN_S)  # once the answer has come
    for name in ("X-Goog-Channel-ID", "X-Goog-Channel-Token", "X-Goog-Resource-ID"):
        assert await ann.is_refused(right | {name: "guessed"}), name
        assert await ann.is_refused(right | {name: ""}), name
    assert not await ann.is_refused(right)

    with fake.lock:
        ann.google.drag(calendar_id, event.id, timedelta(days=2))
    await ann.wait_for_task(task["id"], lambda now: now["due_at"] == "2026-12-03T09:00:00Z")


async def test_without_the_right_cookie_nothing_is_stored(ann: Person) -> None:
    url = await ann.begin()
    ann.http.cookies.delete("taskwire_google")
    back = await ann.consent(url)
    assert back.status_code == 400
    assert back.json()["error"]["code"] == "foreign_consent"
    assert not (await ann.state())["is_connected"]


async def test_an_answer_is_good_once(ann: Person) -> None:
    url = await ann.begin()
    cookie = ann.http.cookies.get("taskwire_google")
    await ann.consent(url)
    assert cookie is not None
    state = dict(parse_qsl(urlsplit(url).query))["state"]
    headers = {"Cookie": f"taskwire_google={cookie}"}
    again = await ann.http.get(
        f"/api/calendar/google/callback?state={state}&code=4/0x", headers=headers
    )
    assert again.status_code == 400


async def test_who_says_no_or_ticks_nothing_is_told_so(ann: Person) -> None:
    denied = await ann.consent(await ann.begin(), answer="deny")
    assert denied.headers["location"] == "/?calendar=denied"
    unticked = await ann.consent(await ann.begin(), scopes="openid")
    assert unticked.headers["location"] == "/?calendar=box_not_ticked"
    assert not (await ann.state())["is_connected"]


async def test_tokens_are_in_no_log_and_in_no_file_in_clear(
    ann: Person, fake: FakeServer, product: Product
) -> None:
    await ann.connect()
    await ann.json("POST", "/api/tasks", title="Canary", due_at=DUE)
    await ann.wait_for_event("Canary")
    canaries = [*ann.google.accounts.issued, fake.google.client_secret]
    assert len(canaries) > 3, "a code, a refresh token, access tokens, and the secret"
    for path in _files(product.folder.parent):
        content = b""
        with suppress(OSError):
            content = path.read_bytes()
        found = [canary[:8] for canary in canaries if canary.encode() in content]
        assert found == [], f"a token in clear in {path.name}"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_dead_grant_is_said_and_a_new_consent_goes_on_without_a_second_event(
    ann: Person, fake: FakeServer
) -> None:
    await ann.connect()
    task = await ann.json("POST", "/api/tasks", title="Once", due_at=DUE)
    await ann.wait_for_event("Once")
    with fake.lock:
        ann.google.accounts.end_grant()
    await ann.json("PATCH", f"/api/tasks/{task['id']}", title="Once, still")
    await ann.wait_for_state(lambda state: state["state"] == "needs_consent")

    await ann.connect()
    await ann.wait_for_event("Once, still")
    assert ann.event("Once") is None


async def test_leaving_gives_the_consent_back(ann: Person) -> None:
    await ann.connect()
    await ann.json("POST", "/api/tasks", title="Goodbye", due_at=DUE)
    await ann.wait_for_event("Goodbye")
    left = await ann.http.delete("/api/calendar/google?events=true")
    assert left.status_code == 204
    assert ann.event("Goodbye") is None
    grant = ann.google.accounts.grant
    assert grant is not None
    assert not grant.is_alive
    assert not (await ann.state())["is_connected"]


def test_the_fakes_page_shows_a_calendar(fake: FakeServer) -> None:
    page = httpx2.get(fake.url, trust_env=False, verify=_TLS).text
    assert re.search(r"<title>Fake Google Calendar</title>", page)
