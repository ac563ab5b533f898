"""Writes over REST and says what it was told: acknowledged, refused, or nobody knows.

A write that nobody knows of is asked again under its key until it is known. Each title begins
with the person's canary, so that whoever sees another's task can be caught. Now and then a person
writes many things at once, or gives a list to a worker.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from tests.faults.history import Recorder
from tests.faults.person import Person

ASK_AGAIN_S = 0.25
TIMEOUT_S = 8.0
LIVING_MAX = 40
DOUBLED = 0.05
REMINDED = 0.5
REMINDED_WITHIN_S = 5.0
BURST_BEGINS = 0.005
BURST_WRITES = 25
IMPORT_AFTER = 5
IMPORT_EVERY = 150
IMPORTED_TASKS = 20
IMPORTS_END_S = 120.0
REFUSED = range(400, 500)
ENDED = ("done", "failed", "cancelled")


@dataclass
class Writer:
    """One person's writer. It changes one thing after the other, in their name."""

    person: Person
    record: Recorder
    random: random.Random
    pause_s: float
    living: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    number: int = 0
    burst: int = 0
    acknowledged: int = 0
    reminded: set[int] = field(default_factory=set)
    """Tasks whose reminder was ahead when they were made, and that were never deleted."""

    jobs: dict[str, int] = field(default_factory=dict)
    """The job of each import, by its key."""

    async def run(self, client: httpx2.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self.number % IMPORT_EVERY == IMPORT_AFTER:
                await self._import(client)
            await self._write(client, *self._choose())
            await self._pause()

    async def see_imports_end(self, client: httpx2.AsyncClient) -> None:
        """Once all is healed: write down how the job of each list ended, or that it did not."""
        for op, job in self.jobs.items():
            status = await self._last_status(client, job)
            self.record("job", op=op, channel=self.person.channel, status=status)

    async def see_reminders_come(self, client: httpx2.AsyncClient) -> None:
        """Once all is healed: wait for what is due. What never comes, the checker finds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(IMPORTS_END_S):
                while True:
                    if self.reminded <= await self._told(client):
                        return
                    await asyncio.sleep(ASK_AGAIN_S)

    async def _told(self, client: httpx2.AsyncClient) -> set[int]:
        answer = await self._ask(client, "GET", "/api/notifications", None, "")
        if answer is None or not answer.is_success:
            return set()
        return {item["task_id"] for item in answer.json()["items"]}

    async def _last_status(self, client: httpx2.AsyncClient, job: int) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(IMPORTS_END_S):
                while True:
                    status = await self._status_of(client, job)
                    if status in ENDED:
                        return status
                    await asyncio.sleep(ASK_AGAIN_S)
        return "unended"

    async def _status_of(self, client: httpx2.AsyncClient, job: int) -> str:
        answer = await self._ask(client, "GET", f"/api/jobs/{job}", None, "")
        return "" if answer is None or not answer.is_success else str(answer.json()["status"])

    async def _pause(self) -> None:
        if self.burst:
            self.burst -= 1
            return
        if self.random.random() < BURST_BEGINS:
            self.burst = BURST_WRITES
        await asyncio.sleep(self.random.expovariate(1 / self.pause_s))

    async def _import(self, client: httpx2.AsyncClient) -> None:
        """A list whose lines carry its key: that is how the checker knows them in the log."""
        op = secrets.token_hex(8)
        lines = [f"- {self.person.canary} {op} {line}" for line in range(IMPORTED_TASKS)]
        said = {"op": op, "channel": self.person.channel, "tasks": IMPORTED_TASKS}
        self.record("import", kind="invoke", **said)
        while True:
            headers = {"Authorization": f"Bearer {self.person.token}", "Idempotency-Key": op}
            answer = await self._send(
                client,
                "POST",
                "/api/imports",
                headers=headers,
                data={"format": "text"},
                files={"file": ("list", "\n".join(lines).encode())},
            )
            if answer is not None and answer.status_code in (*REFUSED, 202):
                break
            self.record("import", kind="info", status=_status(answer), **said)
            await asyncio.sleep(ASK_AGAIN_S)
        is_taken = answer.status_code == 202
        self.record("import", kind="ok" if is_taken else "fail", **said)
        if is_taken:
            self.jobs[op] = answer.json()["id"]

    def _choose(self) -> tuple[str, str, dict[str, object] | None]:
        self.number += 1
        title = f"{self.person.canary} {self.number} {secrets.token_hex(4)}"
        dice = self.random.random()
        if not self.living or (dice < 0.2 and len(self.living) < LIVING_MAX):
            return "POST", "/api/tasks", {"title": title, "reminders": self._reminders()}
        task = self.random.choice(self.living)
        if dice < 0.85:
            return "PATCH", f"/api/tasks/{task}", {"title": title, "priority": self.number % 4}
        if dice < 0.93 or not self.deleted:
            return "DELETE", f"/api/tasks/{task}", None
        return "POST", f"/api/tasks/{self.random.choice(self.deleted)}/restore", None

    def _reminders(self) -> list[dict[str, str]]:
        """Now and then one, soon: whether and when it came, the checker asks the database."""
        if self.random.random() > REMINDED:
            return []
        ahead = timedelta(seconds=self.random.uniform(1, REMINDED_WITHIN_S))
        return [{"at": (datetime.now(UTC) + ahead).isoformat()}]

    async def _write(
        self, client: httpx2.AsyncClient, method: str, path: str, body: dict[str, object] | None
    ) -> None:
        op = secrets.token_hex(8)
        said = {"op": op, "channel": self.person.channel, "user": self.person.id}
        self.record("write", kind="invoke", method=method, path=path, **said)
        while True:
            answer = await self._ask(client, method, path, body, op)
            if answer is None or answer.status_code not in (*REFUSED, 200, 201, 204):
                self.record("write", kind="info", status=_status(answer), **said)
                await asyncio.sleep(ASK_AGAIN_S)
                continue
            if answer.status_code in REFUSED:
                self.record("write", kind="fail", status=answer.status_code, **said)
                return
            epoch, _, seq = answer.headers["taskwire-position"].partition(".")
            self.acknowledged += 1
            self.record("write", kind="ok", epoch=epoch, seq=int(seq), **said)
            if self.random.random() < DOUBLED:
                await self._ask(client, method, path, body, op)  # as a client that lost the answer
            self._remember(method, path, answer)
            return

    async def _ask(
        self,
        client: httpx2.AsyncClient,
        method: str,
        path: str,
        body: dict[str, object] | None,
        op: str,
    ) -> httpx2.Response | None:
        headers = {"Authorization": f"Bearer {self.person.token}"}
        headers |= {"Idempotency-Key": op} if op else {}
        return await self._send(client, method, path, headers=headers, json=body)

    async def _send(
        self,
        client: httpx2.AsyncClient,
        method: str,
        path: str,
        **parts: Any,  # noqa: ANN401 - whatever the client takes
    ) -> httpx2.Response | None:
        try:
            return await client.request(method, path, timeout=TIMEOUT_S, **parts)
        except httpx2.TransportError:
            return None

    def _remember(self, method: str, path: str, answer: httpx2.Response) -> None:
        if method == "DELETE":
            task = int(path.rpartition("/")[2])
            self.living.remove(task)
            self.deleted.append(task)
            self.reminded.discard(task)
        elif method == "POST":
            made = answer.json()
            task = made["id"]
            if made["reminders"] and task not in self.deleted and _is_ahead(made):
                self.reminded.add(task)
            self.living.append(task)
            if task in self.deleted:
                self.deleted.remove(task)


def _is_ahead(task: dict[str, Any]) -> bool:
    at = datetime.fromisoformat(task["reminders"][0]["at"])
    return at > datetime.fromisoformat(task["created_at"])


def _status(answer: httpx2.Response | None) -> int | None:
    return None if answer is None else answer.status_code
