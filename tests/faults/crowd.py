"""People who sign in to an installation, and the processes of devices that read for them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.history import Recorder
from tests.faults.installation import Installation
from tests.faults.person import Person
from tooling.places import CACHE, venv_binary

COOKIE = "taskwire_refresh"
NODE_READER = CACHE / "node_reader" / "reader.mjs"  # npm run build:reader, in frontend/
KINDS = {"steady": 0.55, "churn": 0.3, "slow": 0.1, "sleepy": 0.05}
SIGN_OUT_S = 60.0
LOOK_S = 0.5
END_S = 120.0


async def register(url: str, count: int) -> list[Person]:
    people = []
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
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


async def sign_in_again(url: str, person: Person) -> Person:
    """The same person by a sign-in of its own, known by its refresh token."""
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
        credentials = {"email": person.email, "password": person.password}
        answer = await client.post("/api/auth/login", json=credentials)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        return replace(person, token=token, session=answer.cookies[COOKIE])


async def sign_out(url: str, person: Person, record: Recorder) -> None:
    """End the sign-in that a guest listens by; its person goes on writing by another."""
    cookies = {COOKIE: person.session}
    async with httpx2.AsyncClient(base_url=url, cookies=cookies, timeout=5) as client:
        async with asyncio.timeout(SIGN_OUT_S):
            while True:
                with contextlib.suppress(httpx2.TransportError):
                    if (await client.post("/api/auth/logout")).is_success:
                        break
                await asyncio.sleep(LOOK_S)
    record("revoke", session=person.session)


def reader_commands() -> list[list[str]]:
    """The kinds of client, in turns: the Python twin, and the page's own code where it is built."""
    commands = [[sys.executable, "-m", "tests.faults.reader"]]
    node = venv_binary("node")
    if node.is_file() and NODE_READER.is_file():
        commands.append([str(node), str(NODE_READER)])
    return commands


def plan(
    made: Installation,
    people: str,
    name: str,
    count: int,
    seed: int,
    nap_max_s: float,
    kinds: Mapping[str, float] = KINDS,
) -> dict[str, Any]:
    """What one process of readers is told."""
    return {
        "name": name,
        "folder": str(made.folder / "history"),
        "people": str(made.folder / people),
        "urls": made.urls,
        "readers": count,
        "kinds": dict(kinds),
        "nap_max_s": nap_max_s,
        "seed": seed,
    }


@asynccontextmanager
async def readers(made: Installation, plans: Sequence[Mapping[str, Any]]) -> AsyncIterator[None]:
    """One process for each plan, until the block ends; then each says what it holds.

    Guests are read for by the Python twin alone, and are not put to sleep: what a sleeper hears
    too late was not sent too late.
    """
    commands, processes = reader_commands(), []
    for number, told in enumerate(plans):
        is_guest = "guest" in told["kinds"]
        command = commands[0 if is_guest else number % len(commands)]
        process = await _start(command, told, made.folder / f"readers-of-{told['name']}.json")
        processes.append(process)
        if not is_guest:
            made.reader_ids.append(process.pid)
    try:
        yield
    finally:
        for process in processes:
            await _ask_to_end(process)
        for process in processes:
            status = await asyncio.wait_for(process.wait(), END_S)
            assert status == 0, "a process of readers failed"


async def _start(
    command: Sequence[str], told: Mapping[str, Any], path: Path
) -> asyncio.subprocess.Process:
    path.write_text(json.dumps(told), encoding="utf-8")  # noqa: ASYNC240 - a few bytes
    return await asyncio.create_subprocess_exec(*command, str(path), stdin=asyncio.subprocess.PIPE)


async def _ask_to_end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None, "it was asked for"
    with contextlib.suppress(ConnectionError):
        process.stdin.write(b"end\n")
        await process.stdin.drain()
