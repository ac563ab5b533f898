"""From a sign-in to a browser and a mailbox: serve, worker, push service and SMTP server, all real."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from taskwire.adapters.processes.completion import new_vapid_key
from tests.fakes.browser_push import Browser
from tests.fakes.waiting import wait_until, wait_until_answer
from tests.integration.one_database import ON_POSTGRESQL
from tests.product.metrics import metric
from tests.product.person import PASSWORD, Person, anonymous, registered
from tests.product.serving import Deployment, Serving, working
from tests.services.push_service import PushService, Reply, push_service
from tests.services.smtp_server import Mailbox, smtp_mailbox

WITHIN_S = 60.0
SETTINGS = {
    "VAPID_PRIVATE_KEY": new_vapid_key(),
    "MAIL_FROM": "Taskwire <taskwire@example.org>",
    "SMTP_URL": "smtp://127.0.0.1:1?starttls=0",
    "DELIVERY_INTERVAL_S": "0.5",
    "DELIVERY_LEASE_S": "3",
}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with smtp_mailbox() as running:
        yield running


@pytest.fixture
async def ann(product: Serving) -> AsyncIterator[Person]:
    async with registered(product, "Ann") as person:
        yield person


def with_mail_and_nudges_alone(deployment: Deployment, mailbox: Mailbox) -> Deployment:
    """Beat would send in an hour: what comes before was nudged."""
    url = f"smtp://127.0.0.1:{mailbox.port}?starttls=0"
    changed = {"SMTP_URL": url, "DELIVERY_INTERVAL_S": "3600"}
    return replace(deployment, settings={**deployment.settings, **changed})


async def subscribe(person: Person, browser: Browser, endpoint: str) -> httpx2.Response:
    return await person.http.post("/api/push/subscriptions", json=browser.subscription(endpoint))


async def sign_in_elsewhere(person: Person) -> None:
    async with anonymous(person.product) as http:
        body = {"email": person.email, "password": PASSWORD}
        answer = await http.post("/api/auth/login", json=body, headers={"User-Agent": FIREFOX})
        assert answer.status_code == 200, answer.text


async def test_a_sign_in_from_elsewhere_reaches_the_page_the_browser_and_the_mailbox(
    deployment: Deployment, ann: Person, service: PushService, mailbox: Mailbox
) -> None:
    browser = Browser()
    assert (await subscribe(ann, browser, service.endpoint("ann"))).status_code == 201
    chosen = {"language": "he", "channels": {"sign_in": {"email": True}}}
    assert (await ann.http.patch("/api/preferences", json=chosen)).status_code == 200
    async with ann.line("/ws/notifications") as line:
        await sign_in_elsewhere(ann)
        while "seq" not in (frame := await line.frame()):
            pass  # word of the preferences above, which may come late
    told = frame["data"]
    with working(with_mail_and_nudges_alone(deployment, mailbox)):
        await wait_until(lambda: service.pushes("ann") and mailbox.letters(ann.email), WITHIN_S)
        at = datetime.now(UTC) + timedelta(seconds=0.1)
        await ann.add("Call mother", reminders=[{"at": at.isoformat()}])
        await wait_until(lambda: len(service.pushes("ann")) == 2, WITHIN_S)
    push, reminder = service.pushes("ann")
    assert browser.read(reminder.body)["title"] == "Call mother"
    assert browser.read(push.body) == {
        "id": told["id"],
        "kind": "sign_in",
        "title": "Firefox on Linux",
        "body": told["body"],
        "task_id": None,
        "language": "he",
    }
    key = (await ann.http.get("/api/push/key")).json()["public_key"]
    assert push.vapid_claims(audience=service.url)["key"] == key
    (letter,) = mailbox.letters(ann.email)
    assert letter["Subject"] == "כניסה חדשה לחשבון שלך: Firefox on Linux"
    logged = (deployment.folder / "worker.log").read_text()
    assert "/push/ann" not in logged
    assert ann.email not in logged


@ON_POSTGRESQL
async def test_a_worker_killed_while_it_sends_leaves_it_to_the_next(
    deployment: Deployment, ann: Person, service: PushService
) -> None:
    browser = Browser()
    await subscribe(ann, browser, service.endpoint("ann"))
    service.replies.append(Reply(is_held=True))
    await sign_in_elsewhere(ann)
    with working(deployment, "killed") as worker:
        await wait_until(lambda: service.pushes("ann"), WITHIN_S)
        os.killpg(worker.pid, signal.SIGKILL)
    with working(deployment, "heir"):
        await wait_until(lambda: len(service.pushes("ann")) == 2, WITHIN_S)

        async def is_over() -> bool:
            return await metric(ann.product, "taskwire_deliveries_due") == 0

        await wait_until_answer(is_over, WITHIN_S)
    first, second = service.pushes("ann")
    assert browser.read(first.body) == browser.read(second.body), "it has the same id both times"
    assert first.headers["topic"] == second.headers["topic"]


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "+02:00"},
        {"time_zone": ""},
        {"time_zone": 7},
        {"language": "tlh"},
        {"quiet_hours": {"from": "22:00"}},
        {"quiet_hours": {"from": "22:00", "to": "22:00"}},
        {"quiet_hours": {"from": "25:00", "to": "07:00"}},
        {"quiet_hours": {"from": "22:00", "to": "07:00", "on": True}},
        {"quiet_hours": {"begin": "22:00", "end": "07:00"}},
        {"quiet_hours": "22:00-07:00"},
        {"digest_at": "8:00"},
        {"digest_at": 800},
        {"channels": {"party": {"push": True}}},
        {"channels": {"sign_in": {"pigeon": True}}},
        {"channels": {"sign_in": {"push": "yes"}}},
        {"channels": {"sign_in": True}},
        {"channels": []},
        {"email_available": True},
        {"language": "he", "digest_at": "24:00"},
        [],
    ],
)
async def test_a_wish_that_is_not_understood_is_refused_whole(ann: Person, body: object) -> None:
    before = (await ann.http.get("/api/preferences")).json()
    answer = await ann.http.patch("/api/preferences", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert (await ann.http.get("/api/preferences")).json() == before


async def test_wishes_are_kept_and_shown_whole(ann: Person) -> None:
    first = (await ann.http.get("/api/preferences")).json()
    assert (first["time_zone"], first["language"], first["digest_at"]) == (None, "en", None)
    assert first["email_available"] is True
    body = {
        "time_zone": "Asia/Jerusalem",
        "quiet_hours": {"from": "22:00", "to": "07:00"},
        "digest_at": "08:00",
    }
    answer = await ann.http.patch("/api/preferences", json=body)
    assert answer.json() == {**first, **body}
    assert (await ann.http.get("/api/preferences")).json() == answer.json()
    cleared = await ann.http.patch("/api/preferences", json=dict.fromkeys(body))
    assert cleared.json() == first


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://redis:6379/x",
        "file:///etc/passwd",
        "https://push.example.org/" + "x" * 3000,
        "",
    ],
)
async def test_a_browser_cannot_point_us_at_our_own_network(ann: Person, endpoint: str) -> None:
    answer = await subscribe(ann, Browser(), endpoint)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


async def test_a_subscription_is_its_persons_alone(
    ann: Person, ben: Person, service: PushService
) -> None:
    browser = Browser()
    first = await subscribe(ann, browser, service.endpoint("a"))
    again = await subscribe(ann, browser, service.endpoint("a"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    path = f"/api/push/subscriptions/{first.json()['id']}"
    assert (await ben.http.delete(path)).status_code == 404
    assert (await ann.http.delete(path)).status_code == 204
    assert (await ann.http.delete(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/preferences"),
        ("PATCH", "/api/preferences"),
        ("GET", "/api/push/key"),
        ("POST", "/api/push/subscriptions"),
        ("DELETE", "/api/push/subscriptions/1"),
    ],
)
async def test_nobody_asks_without_an_account(product: Serving, method: str, path: str) -> None:
    async with anonymous(product) as http:
        assert (await http.request(method, path, json={})).status_code == 401
