"""Ten thousand sockets lose their server at once, and come back to the next one.

Not shown: back-off. Real clients spread over seconds; here all come as fast as they are let in.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass

import asyncpg
import httpx2

from bench.load import sockets
from bench.peers import Place
from bench.peers.taskwire import register, serve

PEOPLE = 500
MISSED = 5
"""Changes that each person made while their sockets were away."""


@dataclass(frozen=True)
class Resumed:
    is_clean: bool
    sockets: int
    seconds: float
    queries_per_1000: float


def run(place: Place, database_url: str, count: int) -> Resumed:
    key = secrets.token_urlsafe(48)
    with serve(place, database_url, key) as (_, port):
        people = register(port, PEOPLE)
        tokens = [str(person["access_token"]) for person in people]
        since = [_write(port, token, MISSED) for token in tokens]
    with serve(place, database_url, key) as (_, port):
        pairs = zip(tokens, since, strict=True)
        paths = [f"/ws/tasks?token={token}&since={place_}" for token, place_ in pairs]
        before, began_s = _transactions(database_url), time.monotonic()
        with sockets(count, [port], paths) as load:
            seen = load.wait_for(count * MISSED)
            seconds = time.monotonic() - began_s
        queries = _transactions(database_url) - before
    is_clean = seen.received == count * MISSED and not seen.skipped
    return Resumed(is_clean, count, seconds, queries / count * 1000)


def _write(port: int, token: str, changes: int) -> str:
    """Make a task, then change it; the place before the changes."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        made = client.post("/api/tasks", json={"title": "Begin"})
        for number in range(1, changes + 1):
            title = f"bench_n {number} bench_t {time.monotonic_ns()}"
            client.put(f"/api/tasks/{made.json()['id']}", json={"title": title}).raise_for_status()
    return str(made.headers["taskwire-position"])


def _transactions(database_url: str) -> int:
    """Committed so far: every query of ours is one, for they run without BEGIN."""
    return asyncio.run(_ask_transactions(database_url))


async def _ask_transactions(database_url: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_stat_clear_snapshot()")
        found: int = await connection.fetchval(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        )
    finally:
        await connection.close()
    return found
