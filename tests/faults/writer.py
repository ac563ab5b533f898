"""Writes over REST and says what it was told: acknowledged, refused, or nobody knows.

A write that nobody knows of is asked again under its key until it is known. Each title begins
with the person's canary, so that whoever sees another's task can be caught.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from dataclasses import dataclass, field

import httpx2

from tests.faults.history import Recorder
from tests.faults.person import Person

ASK_AGAIN_S = 0.25
TIMEOUT_S = 8.0
LIVING_MAX = 40
DOUBLED = 0.05
REFUSED = range(400, 500)


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

    async def run(self, client: httpx2.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._write(client, *self._choose())
            await asyncio.sleep(self.random.expovariate(1 / self.pause_s))

    def _choose(self) -> tuple[str, str, dict[str, object] | None]:
        self.number += 1
        title = f"{self.person.canary} {self.number} {secrets.token_hex(4)}"
        dice = self.random.random()
        if not self.living or (dice < 0.2 and len(self.living) < LIVING_MAX):
            return "POST", "/api/tasks", {"title": title}
        task = self.random.choice(self.living)
        if dice < 0.85:
            return "PATCH", f"/api/tasks/{task}", {"title": title, "priority": self.number % 4}
        if dice < 0.93 or not self.deleted:
            return "DELETE", f"/api/tasks/{task}", None
        return "POST", f"/api/tasks/{self.random.choice(self.deleted)}/restore", None

    async def _write(
        self, client: httpx2.AsyncClient, method: str, path: str, body: dict[str, object] | None
    ) -> None:
        op = secrets.token_hex(8)
        said = {"op": op, "channel": self.person.channel, "user": self.person.id}
        self.record("write", kind="invoke", method=method, path=path, **said)
        while True:
            answer = await self._ask(client, method, path, body, op)
            if answer is None or answer.status_code not in (*REFUSED, 200, 201, 204):
                status = None if answer is None else answer.status_code
                self.record("write", kind="info", status=status, **said)
                await asyncio.sleep(ASK_AGAIN_S)
                continue
            if answer.status_code in REFUSED:
                self.record("write", kind="fail", status=answer.status_code, **said)
                return
            epoch, _, seq = answer.headers["taskwire-position"].partition(".")
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
        headers = {"Authorization": f"Bearer {self.person.token}", "Idempotency-Key": op}
        try:
            return await client.request(method, path, json=body, headers=headers, timeout=TIMEOUT_S)
        except httpx2.TransportError:
            return None

    def _remember(self, method: str, path: str, answer: httpx2.Response) -> None:
        if method == "DELETE":
            task = int(path.rpartition("/")[2])
            self.living.remove(task)
            self.deleted.append(task)
        elif method == "POST":
            task = answer.json()["id"]
            self.living.append(task)
            if task in self.deleted:
                self.deleted.remove(task)
