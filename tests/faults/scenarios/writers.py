"""Those who save: an even stream of PUTs over REST, each with its key, each answer timed.

A request without an answer is sent again under the same key, as the page does it: what was
acknowledged is what counts, and how long the first try took is what is measured.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

from tests.product.people import Known

ANSWER_MAX_S: Final = 10.0
RETRY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Saved:
    """An acknowledged write: when it was asked for and answered, and the number it got."""

    person_id: int
    method: str
    seq: int
    asked_at_s: float
    acked_at_s: float
    tries: int

    @property
    def took_s(self) -> float:
        return self.acked_at_s - self.asked_at_s


class RestAnswer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class RestLine:
    """One keep-alive connection to the API."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, token: str, body: object = None, key: str = ""
    ) -> RestAnswer:
        """Raises OSError when the line broke, TimeoutError without an answer."""
        try:
            async with asyncio.timeout(ANSWER_MAX_S):
                return await self._ask(method, path, token, body, key)
        except BaseException:
            self.close()
            raise

    async def _ask(self, method: str, path: str, token: str, body: object, key: str) -> RestAnswer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        content = b"" if body is None else orjson.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        head += f"Idempotency-Key: {key}\r\n\r\n" if key else "\r\n"
        writer.write(head.encode() + content)
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> RestAnswer:
        try:
            status_line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError("the line ended before an answer") from error
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return RestAnswer(int(status_line.split()[1]), headers, body)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Writers:
    """`at_once` lines that together send `per_s` writes, person by person."""

    people: Sequence[Known]
    port: int
    per_s: float
    at_once: int = 16
    saved: list[Saved] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _tasks: dict[int, int] = field(default_factory=dict)
    _running: list[asyncio.Task[None]] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def add_once_each(self) -> None:
        """Let everybody add one task, evenly; it is all that ever happens to them."""
        line = RestLine(self.port)
        for person in self.people:
            await self._add(line, person)
            await asyncio.sleep(1 / self.per_s)
        line.close()

    async def begin(self) -> None:
        """Give everybody a task, then write until `end`."""
        lines = [RestLine(self.port) for _ in range(self.at_once)]
        shares = [self.people[number :: self.at_once] for number in range(self.at_once)]
        pairs = [pair for pair in zip(lines, shares, strict=True) if pair[1]]
        await asyncio.gather(*(self._add_all(line, share) for line, share in pairs))
        pause_s = len(pairs) / self.per_s
        self._running = [
            asyncio.create_task(self._write_all(line, share, pause_s)) for line, share in pairs
        ]

    async def end(self) -> None:
        """Let what is under way become known."""
        self._stop.set()
        await asyncio.gather(*self._running)

    async def _add_all(self, line: RestLine, people: Sequence[Known]) -> None:
        for person in people:
            await self._add(line, person)

    async def _add(self, line: RestLine, person: Known) -> None:
        task = await self._save(line, person, "POST", "/api/tasks")
        self._tasks[person.id] = task["id"]

    async def _write_all(self, line: RestLine, people: Sequence[Known], pause_s: float) -> None:
        due_s = time.monotonic() + random.random() * pause_s
        turn = 0
        while not self._stop.is_set():
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            due_s = max(due_s + pause_s, time.monotonic() - pause_s)
            await self._change(line, people[turn % len(people)])
            turn += 1
        line.close()

    async def _change(self, line: RestLine, person: Known) -> None:
        await self._save(line, person, "PUT", f"/api/tasks/{self._tasks[person.id]}")

    async def _save(self, line: RestLine, person: Known, method: str, path: str) -> dict[str, Any]:
        """Save until it is acknowledged. Returns the task."""
        key, asked_at_s, tries = str(uuid.uuid4()), time.monotonic(), 1
        while (answer := await self._try(line, person, method, path, key)) is None:
            tries += 1
            await asyncio.sleep(RETRY_S)
        seq = int(answer.headers["taskwire-position"].rpartition(".")[2])
        acked_at_s = time.monotonic()
        self.saved.append(Saved(person.id, method, seq, asked_at_s, acked_at_s, tries))
        task: dict[str, Any] = orjson.loads(answer.body)
        return task

    async def _try(
        self, line: RestLine, person: Known, method: str, path: str, key: str
    ) -> RestAnswer | None:
        """One request; None when it was not acknowledged."""
        try:
            answer = await line.ask(method, path, person.token, {"title": key}, key)
        except (OSError, TimeoutError) as error:
            self.counts[type(error).__name__] += 1
            return None
        if answer.status in {200, 201}:
            return answer
        self.counts[f"answered {answer.status}"] += 1
        return None
