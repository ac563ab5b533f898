"""Two workers, fifty people, five thousand tasks; a worker is killed five times on the way.

`.venv/bin/python -m tests.calendar_world.crowd` runs it with real processes, a PostgreSQL and a
Redis of its own, and the fake on a port; it prints what it saw, and ends with 1 when a law was
broken. It takes about five minutes. What is asked of it is in docs/google-calendar.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2

from tests.calendar_world.crowd_person import CrowdPerson, Fake, wait_until_so
from tests.calendar_world.dump import dumped, shows
from tests.calendar_world.minutes import busiest_minute
from tests.faults.installation import environment_of, taskwire
from tests.faults.member import Member
from tests.services.databases import PostgresqlDatabases
from tests.services.postgresql import postgresql_server
from tests.services.processes import free_port
from tests.services.redis import redis_server

REQUESTS_PER_MINUTE_MAX = 600
"""What Google allows for one person of one project."""

AT_ONCE = 10
SETTINGS = {"CALENDAR_POLL_INTERVAL_S": "10", "LOG_LEVEL": "DEBUG"}


@dataclass
class Crowd:
    folder: Path
    database_url: str
    fake: Fake
    serve_url: str
    workers: Sequence[Member]
    people: list[CrowdPerson] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def hold(self, law: str, *, holds: bool) -> None:
        say(f"{'holds ' if holds else 'BROKEN'}  {law}")
        if not holds:
            self.broken.append(law)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def play(crowd: Crowd, tasks: int, kills: int) -> None:
    began_s = time.monotonic()
    await _in_turns([person.arrive() for person in crowd.people])
    say(f"{len(crowd.people)} people are connected after {time.monotonic() - began_s:.0f} s")
    each = tasks // len(crowd.people)
    killing = asyncio.create_task(_kill_workers(crowd, tasks, kills))
    await _in_turns([person.write(each) for person in crowd.people])
    say(f"{tasks} tasks are written after {time.monotonic() - began_s:.0f} s")
    await asyncio.gather(*(person.edit() for person in crowd.people))
    await killing
    await asyncio.gather(*(wait_until_so(person.is_alike) for person in crowd.people))
    say(f"all is alike after {time.monotonic() - began_s:.0f} s")
    await _judge(crowd, tasks)


async def _kill_workers(crowd: Crowd, tasks: int, kills: int) -> None:
    """In turns, at even distances of the way."""
    for number in range(kills):
        await wait_until_so(partial(_are_exported, crowd, tasks * (number + 1) // (kills + 1)))
        victim = crowd.workers[number % len(crowd.workers)]
        victim.kill()
        say(f"{victim.name} was killed at {(await crowd.fake.totals())['events']} events")
        await victim.start()


async def _are_exported(crowd: Crowd, count: int) -> bool:
    return bool((await crowd.fake.totals())["events"] >= count)


async def _look_twice(person: CrowdPerson) -> None:
    """Their calendar is asked for changes two times more."""
    seen = len(await person.looks())

    async def is_looked_at() -> bool:
        return len(await person.looks()) >= seen + 2

    await wait_until_so(is_looked_at)


async def _judge(crowd: Crowd, tasks: int) -> None:
    before = [len(await person.writes()) for person in crowd.people]
    await asyncio.gather(*(_look_twice(person) for person in crowd.people))
    after = [len(await person.writes()) for person in crowd.people]
    crowd.hold(f"{sum(after)} writes, none of them after all was alike", holds=before == after)
    different = [words for person in crowd.people for words in await person.differences()]
    crowd.hold(
        f"one event for each of {tasks} tasks, both alike: {different[:3]}", holds=not different
    )
    lost = [words for person in crowd.people for words in await person.lost_edits()]
    edits = sum(len(person.titles) + len(person.dragged) for person in crowd.people)
    crowd.hold(f"{edits} edits on both sides meanwhile, none lost: {lost[:3]}", holds=not lost)
    busiest = [busiest_minute(await person.moments_s()) for person in crowd.people]
    crowd.hold(
        f"{max(busiest)} requests in the busiest minute of any account, of {REQUESTS_PER_MINUTE_MAX}",
        holds=max(busiest) < REQUESTS_PER_MINUTE_MAX,
    )
    await _judge_secrets(crowd)


async def _judge_secrets(crowd: Crowd) -> None:
    secrets = [secret for person in crowd.people for secret in await person.issued()]
    dump = await asyncio.to_thread(dumped, crowd.database_url)
    logs = b"".join(path.read_bytes() for path in crowd.folder.glob("*.log"))
    found = [one[:8] for one in secrets if shows(dump, one) or shows(logs, one)]
    sizes = f"{len(dump) // 1024} KB of pg_dump and {len(logs) // 1024} KB of logs"
    crowd.hold(f"none of {len(secrets)} codes and tokens in {sizes}: {found[:3]}", holds=not found)


async def _in_turns(works: Sequence[object]) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(work: object) -> None:
        async with turns:
            await work  # type: ignore[misc]

    await asyncio.gather(*(one(work) for work in works))


@asynccontextmanager
async def installed(folder: Path, database_url: str, redis_url: str) -> AsyncIterator[Crowd]:
    """The fake, one `serve`, a beat and two workers; all are gone at the end."""
    fake_url, serve_port = f"http://localhost:{free_port()}", free_port()
    environment = {
        **environment_of(folder, DATABASE_URL=database_url, REDIS_URL=redis_url),
        **SETTINGS,
        **Fake.settings(fake_url),
        "PORT": str(serve_port),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }

    def member(name: str, command: Sequence[str], port: int = 0) -> Member:
        return Member(name, command, environment, folder / f"{name}.log", port)

    fake_port = int(fake_url.rpartition(":")[2])
    fake_command = [sys.executable, "-m", "tests.fake_google", "--port", str(fake_port)]
    workers = [member(f"worker-{number}", taskwire("worker")) for number in (1, 2)]
    members = [
        member("fake", fake_command, fake_port),
        member("serve", taskwire("serve"), serve_port),
        member("beat", taskwire("beat")),
        *workers,
    ]
    async with AsyncExitStack() as stack:
        for one in members:
            await one.start()
            stack.push_async_callback(one.stop)
        http = await stack.enter_async_context(httpx2.AsyncClient(timeout=60, trust_env=False))
        yield Crowd(
            folder, database_url, Fake(http, fake_url), f"http://localhost:{serve_port}", workers
        )


async def run(people: int, tasks: int, kills: int) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="taskwire-crowd-") as folder,
        postgresql_server() as server,
        redis_server() as redis,
    ):
        databases = PostgresqlDatabases(server)
        with databases.fresh() as url:
            async with installed(Path(folder), url, redis.url) as crowd:
                for number in range(people):
                    crowd.people.append(
                        CrowdPerson(f"person-{number}", crowd.serve_url, crowd.fake)
                    )
                await play(crowd, tasks, kills)
                await _in_turns([person.leave() for person in crowd.people])
        databases.close()
    return 1 if crowd.broken else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=5)
    given = parser.parse_args()
    return asyncio.run(run(given.people, given.tasks, given.kills))


if __name__ == "__main__":
    sys.exit(main())
