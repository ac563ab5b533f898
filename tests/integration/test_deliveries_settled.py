"""What becomes of mails and pushes: once each, not at night, again within a bound, never to nobody.

Over the product's own REST, database, mail and push. The worker's jobs are called here, so that a
test can call them twice at once and let hours pass.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from taskwire.adapters.database.tables import deliveries
from taskwire.adapters.processes.completion import new_vapid_key
from taskwire.bootstrap.worker import Worker
from tests.contract.writing import make_older
from tests.fakes.browser_push import Browser
from tests.fakes.waiting import wait_until_answer
from tests.product.person import PASSWORD, Person, anonymous
from tests.product.serving import Deployment
from tests.product.work_here import worker_here
from tests.services.push_service import PushService, Reply, push_service
from tests.services.smtp_server import Mailbox, smtp_mailbox

ATTEMPTS_MAX = 3
WITHIN_S = 30.0
SETTINGS = {
    "VAPID_PRIVATE_KEY": new_vapid_key(),
    "MAIL_FROM": "Taskwire <taskwire@example.org>",
    "SMTP_URL": "smtp://127.0.0.1:1?starttls=0",
    "DELIVERY_ATTEMPTS_MAX": str(ATTEMPTS_MAX),
}
A_MINUTE = timedelta(minutes=1)

_browsers = itertools.count(100)


@dataclass(frozen=True)
class Post:
    """Two workers that send, and the mail server that they send to."""

    workers: tuple[Worker, Worker]
    mailbox: Mailbox

    async def deliver(self) -> None:
        """Both at once: as a doubled message makes them."""
        await asyncio.gather(*(worker.deliver() for worker in self.workers))

    async def remind(self) -> None:
        await asyncio.gather(*(worker.tell_due() for worker in self.workers))

    async def let_come(self, table: str, column: str) -> None:
        """The time that stands in this column has come, for everybody."""
        await make_older(self.workers[0].stores.database, table, column, A_MINUTE)

    async def due_at(self, person: Person) -> list[datetime | None]:
        """Of each delivery of theirs, in the order of their making; None: it is over."""
        theirs = select(deliveries.c.due_at).where(deliveries.c.person_id == person.id)
        database = self.workers[0].stores.database
        ordered = theirs.order_by(deliveries.c.id)
        return list(await database.look(lambda c: c.execute(ordered).scalars().all()))


@pytest.fixture
async def post(deployment: Deployment) -> AsyncIterator[Post]:
    async with smtp_mailbox() as mailbox:
        url = f"smtp://127.0.0.1:{mailbox.port}?starttls=0"
        async with (
            worker_here(deployment, smtp_url=url) as one,
            worker_here(deployment, smtp_url=url) as other,
        ):
            yield Post((one, other), mailbox)


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


def text_of(letter: EmailMessage) -> str:
    text, _ = (part.get_content() for part in letter.iter_parts())
    return str(text)


def around_now(**hours: float) -> dict[str, str]:
    """Quiet hours in UTC that hold now."""
    now = datetime.now(UTC)
    begin, end = now - timedelta(hours=1), now + timedelta(**hours)
    return {"from": f"{begin:%H:%M}", "to": f"{end:%H:%M}"}


async def choose(person: Person, **chosen: object) -> None:
    answer = await person.http.patch("/api/preferences", json=chosen)
    assert answer.status_code == 200, answer.text


async def sign_in_elsewhere(person: Person) -> None:
    """From a browser that was never seen before."""
    agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/{next(_browsers)}.0"
    async with anonymous(person.product) as http:
        body = {"email": person.email, "password": PASSWORD}
        headers = {"User-Agent": agent, "X-Forwarded-For": f"192.0.2.{next(_browsers)}"}
        answer = await http.post("/api/auth/login", json=body, headers=headers)
        assert answer.status_code == 200, answer.text


async def test_a_digest_of_the_day_comes_once_however_often_the_job_runs(
    ann: Person, post: Post
) -> None:
    today = datetime.now(UTC).date()
    await choose(ann, digest_at="08:00", language="he", time_zone="UTC")
    await ann.add("Pay the rent", due_on=(today - timedelta(days=3)).isoformat())
    await ann.add("Buy flowers", due_on=today.isoformat())
    await ann.add("Long ago done", due_on=today.isoformat(), is_completed=True)
    await post.deliver()
    assert post.mailbox.letters(ann.email) == [], "it is not eight yet"
    for _ in range(3):  # the second and third as if the clock had been put back
        await post.let_come("preferences", "digest_next_at")
        await post.deliver()
    (letter,) = post.mailbox.letters(ann.email)
    assert letter["Subject"] == f"היום שלך, {today}"
    assert "Pay the rent" in text_of(letter)
    assert "Buy flowers" in text_of(letter)
    assert "Long ago done" not in text_of(letter)


async def test_a_reminder_comes_by_mail_once_when_the_quiet_hours_are_over(
    ann: Person, post: Post
) -> None:
    await choose(ann, quiet_hours=around_now(hours=2), channels={"reminder_due": {"email": True}})
    at = datetime.now(UTC) + timedelta(seconds=0.2)
    await ann.add("Call mother", reminders=[{"at": at.isoformat()}])

    async def is_told_in_the_page() -> bool:
        await post.remind()
        return bool((await ann.http.get("/api/notifications")).json()["unread"] == 1)

    await wait_until_answer(is_told_in_the_page, WITHIN_S)
    await post.deliver()
    await post.let_come("deliveries", "due_at")  # and whoever tries all the same is held back
    await post.deliver()
    assert post.mailbox.letters(ann.email) == []
    await choose(ann, quiet_hours=None)
    await post.let_come("deliveries", "due_at")
    await post.deliver()
    await post.deliver()
    (letter,) = post.mailbox.letters(ann.email)
    assert "Call mother" in letter["Subject"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_asked_once_and_forgotten(
    ann: Person, post: Post, service: PushService, status: int
) -> None:
    subscription = Browser().subscription(service.endpoint("ann"))
    answer = await ann.http.post("/api/push/subscriptions", json=subscription)
    assert answer.status_code == 201
    service.replies.append(Reply(status))
    for _ in range(2):
        await sign_in_elsewhere(ann)
        await post.deliver()
    assert len(service.pushes("ann")) == 1
    again = await ann.http.post("/api/push/subscriptions", json=subscription)
    assert again.status_code == 201, "it is not known any more"


async def test_a_push_service_that_is_busy_is_asked_again_so_many_times(
    ann: Person, post: Post, service: PushService
) -> None:
    subscription = Browser().subscription(service.endpoint("ann"))
    await ann.http.post("/api/push/subscriptions", json=subscription)
    service.replies += [Reply(429, {"Retry-After": "900"}), Reply(503), Reply(500)]
    await sign_in_elsewhere(ann)
    await post.deliver()
    (asked_for,) = await post.due_at(ann)
    assert asked_for is not None
    assert asked_for > datetime.now(UTC) + timedelta(minutes=10), "as late as the service asked"
    for _ in range(ATTEMPTS_MAX):
        await post.let_come("deliveries", "due_at")
        await post.deliver()
    assert len(service.pushes("ann")) == ATTEMPTS_MAX
    assert await post.due_at(ann) == [None], "it was given up"
