"""The torture run: writers, readers and a nemesis over a real installation, and a judgement.

    python -m tests.faults.torture --database postgresql --minutes 10 --seed 7 --report report.json

The schedule of faults follows from the seed. Real processes are not deterministic, so a seed
gives the same run only roughly; the simulator is the deterministic twin.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.checker.judge import judge
from tests.faults.checker.model import Demands, Judgement, Verdict
from tests.faults.dump import dump_database
from tests.faults.history import Recorder, read_history
from tests.faults.installation import Installation, installation
from tests.faults.nemesis import Nemesis
from tests.faults.person import Person, save_people
from tests.faults.writer import Writer
from tests.services.postgresql import postgresql_server
from tooling.places import CACHE, venv_binary
from tooling.servers import redis as redis_source

COOKIE = "taskwire_refresh"
NODE_READER = CACHE / "node_reader" / "reader.mjs"  # npm run build:reader, in frontend/
SIGN_OUT_S = 60.0
LOOK_S = 0.5
KINDS = {"steady": 0.55, "churn": 0.3, "slow": 0.1, "sleepy": 0.05}
EXIT = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 2}


@dataclass(frozen=True)
class Size:
    """How much is at stake."""

    seconds: float
    people: int = 20
    readers: int = 100
    writer_pause_s: float = 0.4
    readers_per_process: int = 50
    quiesce_s: float = 15.0


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'taskwire.db'}"
        return
    with postgresql_server() as server:
        yield server.create("torture")


async def torture(
    kind: str, size: Size, seed: int, demands: Demands, source: Path | None = None
) -> Judgement:
    with tempfile.TemporaryDirectory(prefix="taskwire-torture-") as name:
        folder = Path(name)
        with database(kind, folder) as url:
            binary = redis_source.find_binary()
            assert binary is not None, "there is no Redis server; `make test` installs one"
            serves = 1 if kind == "sqlite" else 2
            async with installation(folder, url, binary, serves=serves, source=source) as made:
                history = await _run(made, size, seed)
            return judge(read_history(history), await dump_database(url), demands)


async def _run(made: Installation, size: Size, seed: int) -> Path:
    history = made.folder / "history"
    history.mkdir()
    people = await _register(made, size.people)
    guest = await _sign_in_again(made, people[0])
    save_people(people, made.folder / "people.json")
    save_people([guest], made.folder / "guests.json")
    async with _readers(made, size, seed, history):
        with Recorder(history / "driver.jsonl", "driver") as record:
            await _trouble(made, people, guest, record, size, seed)
            await asyncio.sleep(size.quiesce_s)
    return history


async def _trouble(
    made: Installation,
    people: list[Person],
    guest: Person,
    record: Recorder,
    size: Size,
    seed: int,
) -> None:
    """Write and hurt for the time given; then heal, and let every write become known."""
    stop, chance = asyncio.Event(), random.Random(seed)
    async with contextlib.AsyncExitStack() as clients, asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            url = made.urls[number % len(made.urls)]
            client = await clients.enter_async_context(httpx2.AsyncClient(base_url=url))
            writer = Writer(person, record, random.Random(chance.random()), size.writer_pause_s)
            group.create_task(writer.run(client, stop))
        group.create_task(Nemesis(made, record, seed).run(stop))
        await asyncio.sleep(size.seconds / 2)
        await _sign_out(made, guest, record)
        await asyncio.sleep(size.seconds / 2)
        stop.set()


async def _sign_out(made: Installation, person: Person, record: Recorder) -> None:
    """End the sign-in that a guest listens by; its person goes on writing by another."""
    cookies = {COOKIE: person.session}
    async with httpx2.AsyncClient(base_url=made.urls[0], cookies=cookies, timeout=5) as client:
        async with asyncio.timeout(SIGN_OUT_S):
            while True:
                with contextlib.suppress(httpx2.TransportError):
                    if (await client.post("/api/auth/logout")).is_success:
                        break
                await asyncio.sleep(LOOK_S)
    record("revoke", session=person.session)


async def _sign_in_again(made: Installation, person: Person) -> Person:
    """The same person by a sign-in of its own, known by its refresh token."""
    async with httpx2.AsyncClient(base_url=made.urls[0], timeout=30) as client:
        credentials = {"email": person.email, "password": person.password}
        answer = await client.post("/api/auth/login", json=credentials)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        return replace(person, token=token, session=answer.cookies[COOKIE])


async def _register(made: Installation, count: int) -> list[Person]:
    people = []
    async with httpx2.AsyncClient(base_url=made.urls[0], timeout=30) as client:
        for number in range(count):
            registration = {"email": f"{number}@torture.example", "name": str(number)}
            registration["password"] = secrets.token_hex(8)
            answer = await client.post("/api/auth/register", json=registration)
            answer.raise_for_status()
            body = answer.json()
            people.append(
                Person(
                    id=body["user"]["id"],
                    email=registration["email"],
                    password=registration["password"],
                    token=body["access_token"],
                    canary=secrets.token_hex(4),
                )
            )
    return people


def reader_commands() -> list[list[str]]:
    """The kinds of client, in turns: the Python twin, and the page's own code where it is built."""
    commands = [[sys.executable, "-m", "tests.faults.reader"]]
    node = venv_binary("node")
    if node.is_file() and NODE_READER.is_file():
        commands.append([str(node), str(NODE_READER)])
    return commands


@asynccontextmanager
async def _readers(made: Installation, size: Size, seed: int, history: Path) -> AsyncIterator[None]:
    """Processes of readers, until the block ends; then each says what it holds."""
    processes, commands = [], reader_commands()
    for number, first in enumerate(range(0, size.readers, size.readers_per_process)):
        count = min(size.readers_per_process, size.readers - first)
        plan = _plan(made, history, f"readers-{number}", count, seed + number)
        command = commands[number % len(commands)]
        path = made.folder / f"readers-{number}.json"
        processes.append(await _start_readers(command, plan, path))
    guests = _plan(made, history, "guests", 2, seed) | {"kinds": {"guest": 1}}
    guests |= {"people": str(made.folder / "guests.json")}
    path = made.folder / "readers-of-guests.json"
    processes.append(await _start_readers(commands[0], guests, path))
    try:
        yield
    finally:
        for process in processes:
            assert process.stdin is not None, "it was asked for"
            process.stdin.write(b"end\n")
            await process.stdin.drain()
        for process in processes:
            assert await asyncio.wait_for(process.wait(), 60) == 0, "a reader process failed"


def _plan(made: Installation, history: Path, name: str, readers: int, seed: int) -> dict[str, Any]:
    return {
        "name": name,
        "folder": str(history),
        "people": str(made.folder / "people.json"),
        "urls": made.urls,
        "readers": readers,
        "kinds": KINDS,
        "seed": seed,
    }


async def _start_readers(
    command: list[str], plan: dict[str, Any], path: Path
) -> asyncio.subprocess.Process:
    path.write_text(json.dumps(plan), encoding="utf-8")  # noqa: ASYNC240 - a few bytes
    return await asyncio.create_subprocess_exec(*command, str(path), stdin=asyncio.subprocess.PIPE)


def describe(judgement: Judgement, kind: str, size: Size, seed: int) -> dict[str, Any]:
    return {
        "verdict": judgement.verdict.value,
        "database": kind,
        "seed": seed,
        "seconds": size.seconds,
        "violations": [asdict(violation) for violation in judgement.violations],
        "missing": list(judgement.missing),
        **judgement.figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Torture a real installation, and judge it.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    sys.stdout.flush()
    size = Size(seconds=asked.minutes * 60)
    judgement = asyncio.run(torture(asked.database, size, asked.seed, Demands()))
    report = json.dumps(describe(judgement, asked.database, size, asked.seed), indent=2)
    sys.stdout.write(report + "\n")
    if asked.report:
        asked.report.write_text(report + "\n", encoding="utf-8")
    sys.exit(EXIT[judgement.verdict])


if __name__ == "__main__":
    os.umask(0o022)
    main()
