"""Threats 5, 6, 12 and 13 under load: what an attacker gets, and what everybody else feels of it.

A program; its figures are in docs/security.md. One `serve` with its own settings, real hashes, SQLite:

    .venv/bin/python -m tests.product.under_attack
"""

import asyncio
import base64
import contextlib
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from taskwire.adapters.database.migrate import migrate
from taskwire.adapters.websocket.server import raise_open_files_limit
from tests.product.metrics import metric
from tests.product.people import add_people
from tests.product.person import Person, anonymous, registered
from tests.product.serving import Deployment, Serving, serving
from tests.services.redis import redis_server

SETTINGS = {"ARGON2_MEMORY_KIB": "47104", "ARGON2_TIME_COST": "1"}
GUESSES, LOGINS_AT_ONCE, SOCKETS, HALF_HEADS, KNOWN = 1000, 200, 10_000, 2000, 40
AT_ONCE = 50
SAVES_ENOUGH, PAUSE_S = 200, 0.02


def tell(what: str, figure: str) -> None:
    print(f"| {what} | {figure} |", flush=True)  # noqa: T201 - a program


async def in_groups(count: int, one: Callable[[int], Awaitable[None]]) -> float:
    """So many, `AT_ONCE` at a time; how long all of it took."""
    began_s, seats = time.monotonic(), asyncio.Semaphore(AT_ONCE)

    async def seated(number: int) -> None:
        async with seats:
            await one(number)

    await asyncio.gather(*(seated(number) for number in range(count)))
    return time.monotonic() - began_s


def resident_mib(product: Serving) -> float:
    pages = int(Path(f"/proc/{product.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def watched(person: Person, what: str) -> AsyncIterator[asyncio.Event]:
    """An honest person saves all the while; told is how long that took them.

    The event comes when they have saved often enough to tell.
    """
    task, took_ms, is_over = await person.add("Mine"), list[float](), asyncio.Event()
    enough = asyncio.Event()

    async def save() -> None:
        while not is_over.is_set():
            began_s = time.monotonic()
            answer = await person.http.put(
                f"/api/tasks/{task['id']}", json={"title": secrets.token_hex(4)}
            )
            assert answer.status_code == 200, answer.text
            took_ms.append((time.monotonic() - began_s) * 1000)
            if len(took_ms) == SAVES_ENOUGH:
                enough.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), PAUSE_S)

    saving = asyncio.create_task(save())
    try:
        yield enough
    finally:
        is_over.set()
        await saving
    late = statistics.quantiles(took_ms, n=100)[98]
    tell(
        f"a PUT of somebody else, {what}",
        f"median {statistics.median(took_ms):.0f} ms, 99 % within {late:.0f} ms ({len(took_ms)} of them)",
    )


async def guess(product: Serving, ann: Person) -> None:
    statuses: Counter[int] = Counter()
    async with anonymous(product) as http:

        async def one(number: int) -> None:
            body = {"email": f"{number}@example.org", "password": "a guess"}
            statuses[(await http.post("/api/auth/login", json=body)).status_code] += 1

        async with watched(ann, "while passwords are guessed"):
            took_s = await in_groups(GUESSES, one)
    tell(
        f"{GUESSES} guesses from one address",
        f"{statuses[401]} looked at, {statuses[429]} told to wait, in {took_s:.1f} s",
    )


async def tell_apart(product: Serving) -> None:
    took_ms: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(KNOWN):
        async with registered(product) as person, anonymous(product) as http:
            http.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            for kind, email in (("known", person.email), ("unknown", f"x{person.email}")):
                began_s = time.monotonic()
                await http.post("/api/auth/login", json={"email": email, "password": "a guess"})
                took_ms[kind].append((time.monotonic() - began_s) * 1000)
    known, unknown = (statistics.median(took_ms[kind]) for kind in ("known", "unknown"))
    spread = statistics.stdev(took_ms["known"])
    tell(
        "refused with a known and with an unknown address",
        f"median {known:.1f} and {unknown:.1f} ms (spread {spread:.1f} ms, {KNOWN} each)",
    )


async def hash_much(product: Serving, ann: Person) -> None:
    statuses: Counter[int] = Counter()
    before, highest = resident_mib(product), 0.0

    async def one(number: int) -> None:
        nonlocal highest
        async with anonymous(product) as http:
            http.headers["X-Forwarded-For"] = f"198.51.100.{number % 250}"
            body = {"email": f"h{number}@example.org", "password": "a guess"}
            statuses[(await http.post("/api/auth/login", json=body)).status_code] += 1
            highest = max(highest, resident_mib(product))

    async with watched(ann, "while everybody signs in"):
        await asyncio.gather(*(one(number) for number in range(LOGINS_AT_ONCE)))
    tell(
        f"{LOGINS_AT_ONCE} sign-ins at once",
        f"{statuses[401]} looked at, {statuses[429]} told to wait; memory {before:.0f} → at most {highest:.0f} MiB",
    )


async def open_many(product: Serving, ann: Person) -> None:
    people = await add_people(product, SOCKETS // 50)
    held: list[asyncio.StreamWriter] = []

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", product.port)
        held.append(writer)
        writer.write(_upgrade(people[number % len(people)].token))
        await reader.readuntil(b"\r\n\r\n")

    before = resident_mib(product)
    async with watched(ann, "while sockets are opened"):
        took_s = await in_groups(SOCKETS, one)
    kept = await metric(product, "taskwire_realtime_sockets")
    tell(
        f"{SOCKETS:,} sockets from one address",
        f"{kept:.0f} kept, the others closed with 4429, in {took_s:.0f} s; memory {before:.0f} → {resident_mib(product):.0f} MiB",
    )
    elsewhere = await asyncio.open_connection(
        "127.0.0.1", product.port, local_addr=("127.0.0.9", 0)
    )
    elsewhere[1].write(_upgrade(ann.token))
    greeted = await asyncio.wait_for(elsewhere[0].readuntil(b'"type":"hello"'), 30)
    tell("somebody at another address meanwhile", "gets in" if b"101" in greeted else "is kept out")
    for writer in (*held, elsewhere[1]):
        writer.close()


def _upgrade(token: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /ws/tasks?token={token} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


async def go_slowly(product: Serving, ann: Person) -> None:
    held: list[asyncio.StreamWriter] = []

    async def one(_: int) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", product.port)
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        held.append(writer)

    before = resident_mib(product)
    async with watched(ann, f"beside {HALF_HEADS:,} half heads") as enough:
        await in_groups(HALF_HEADS, one)
        await enough.wait()
    tell(
        f"{HALF_HEADS:,} connections with half a head",
        f"memory {before:.0f} → {resident_mib(product):.0f} MiB; cut off after 10 s",
    )
    for writer in held:
        writer.close()


async def attack(product: Serving) -> None:
    async with registered(product) as ann:
        async with watched(ann, "undisturbed") as enough:
            await enough.wait()
        await tell_apart(product)
        await hash_much(product, ann)
        await open_many(product, ann)
        await go_slowly(product, ann)
        await guess(product, ann)  # last: it closes the door for its address


def main() -> int:
    raise_open_files_limit()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/taskwire.db"
        migrate(url)
        redis = stack.enter_context(redis_server())
        product = stack.enter_context(serving(Deployment(folder, url, redis, SETTINGS)))
        asyncio.run(attack(product))
    return 0


if __name__ == "__main__":
    sys.exit(main())
