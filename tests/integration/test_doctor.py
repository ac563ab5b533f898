"""`taskwire doctor` on a whole product and on broken ones: what is wrong, each in one line."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from taskwire.adapters.doctor.finding import Health
from taskwire.adapters.doctor.sockets import judge
from tests.product.commands import taskwire
from tests.product.people import database_of
from tests.product.person import PASSWORD, Person
from tests.product.serving import Deployment, Serving, serving
from tests.services.databases import SqliteDatabases
from tests.services.redis import redis_server


@pytest.fixture(scope="module")
def product(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """On one kind of database: the doctor asks the same of both."""
    folder = tmp_path_factory.mktemp("deployment")
    with redis_server() as redis:
        deployment = Deployment(folder, sqlite_databases.fresh(folder), redis, {})
        with serving(deployment) as running:
            yield running


async def _doctor(product: Serving, url: str, **settings: str) -> list[str]:
    done = await asyncio.to_thread(taskwire, product.deployment, "doctor", "--url", url, **settings)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.splitlines()


def _line(lines: list[str], subject: str) -> str:
    return next(line for line in lines if line[2:].startswith(f"{subject}:"))


async def test_it_sees_a_change_come_out_of_real_sockets_and_leaves_nothing_behind(
    product: Serving,
) -> None:
    lines = await _doctor(product, product.url)
    for subject in ("Redis", "schema", "address", "clock", "socket", "change"):
        assert _line(lines, subject)[0] in {Health.WELL, Health.WORTH_A_LOOK}, lines
    assert _line(lines, "worker").startswith("✗ worker: never seen")
    async with database_of(product) as database:
        emails = await database.look(
            lambda c: c.exec_driver_sql("SELECT email FROM people").scalars().all()
        )
    assert [email for email in emails if email.endswith("doctor.invalid")] == []


async def test_a_proxy_that_does_not_pass_the_upgrade_is_named(product: Serving) -> None:
    async with _forgetful_proxy(product) as url:
        lines = await _doctor(product, url)
    assert "does not pass `Upgrade`" in _line(lines, "socket"), lines
    assert _line(lines, "address")[0] == Health.WELL


async def test_another_secret_key_is_named(product: Serving) -> None:
    lines = await _doctor(product, product.url, SECRET_KEY="another key of more than 32 bytes ...")
    assert "another SECRET_KEY" in _line(lines, "socket"), lines


async def test_nobody_at_home_is_said_without_a_traceback(product: Serving) -> None:
    lines = await _doctor(product, "http://127.0.0.1:9")
    assert _line(lines, "address").startswith("✗ address: http://127.0.0.1:9 does not answer")


async def test_without_redis_it_says_so(product: Serving) -> None:
    lines = await _doctor(product, product.url, REDIS_URL="redis://127.0.0.1:9/0")
    assert _line(lines, "Redis").startswith("! Redis: unreachable"), lines


async def test_from_anywhere_with_an_account(ann: Person) -> None:
    words = ("doctor", "--url", ann.product.url, "--email", ann.email)
    done = await asyncio.to_thread(
        taskwire, ann.product.deployment, *words, TASKWIRE_PASSWORD=PASSWORD
    )
    lines = done.stdout.splitlines()
    assert _line(lines, "socket")[0] == Health.WELL, (lines, done.stderr)
    assert not any("worker:" in line for line in lines)
    assert (await ann.http.get("/api/tasks")).json()["items"] == []


@pytest.mark.parametrize(
    ("delays", "health"),
    [
        ([[0.01, 0.02], [0.01, 0.03]], Health.WELL),
        ([[0.01, 0.02], [0.4, 0.9]], Health.WORTH_A_LOOK),
        ([[0.01, 0.02], [0.01, None]], Health.ILL),
    ],
)
async def test_a_deaf_subscription_is_told_from_a_lost_change(
    delays: list[list[float | None]], health: Health
) -> None:
    assert judge(delays).health is health


@contextlib.asynccontextmanager
async def _forgetful_proxy(product: Serving) -> AsyncIterator[str]:
    """Passes everything but the headers Upgrade and Connection, as a plain `proxy_pass` does."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        kept = [
            line
            for line in head.split(b"\r\n")[:-2]
            if not line.lower().startswith((b"upgrade:", b"connection:"))
        ]
        upstream, sink = await asyncio.open_connection(product.host, product.port)
        sink.write(b"\r\n".join([*kept, b"Connection: close", b"", b""]))
        writer.write(await upstream.read())
        for each in (writer, sink):
            each.close()
            await each.wait_closed()

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
