"""A client in Python, twin of the browser's: snapshot, socket, resume; each change once, in order.

    python -m tests.faults.reader <plan.json>

It knows the protocol from docs/protocol.md alone and records what came, what it applied and what
it holds in the end. `churn` readers leave and come back all the time, `slow` ones take their time
to read, `sleepy` ones do not read at all for a while, and `guest` ones are signed out on the way.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from tests.faults.history import Recorder, frame_digest, state_digest
from tests.faults.person import Person, load_people

SILENCE_MAX_S = 30.0
BACKOFF_BASE_S = 0.25
BACKOFF_CAP_S = 5.0
UNAUTHORIZED = 401
BROKEN = (OSError, TimeoutError, WebSocketException, InvalidHandshake, httpx2.TransportError)


class SnapshotNeededError(Exception):
    """A reset came: what is held is void."""


@dataclass
class Reader:
    """One device of a person."""

    name: str
    person: Person
    kind: str
    urls: list[str]
    record: Recorder
    random: random.Random
    nap_max_s: float
    state: dict[int, dict[str, Any]] = field(default_factory=dict)
    epoch: str = ""
    seq: int = 0
    has_snapshot: bool = False
    sockets: int = 0
    failures: int = 0
    is_asleep: bool = False

    async def run(self, client: httpx2.AsyncClient) -> None:
        while True:
            try:
                if not self.has_snapshot:
                    await self._take_snapshot(client)
                await self._listen()
            except SnapshotNeededError:
                self.has_snapshot = False
            except InvalidStatus as refusal:
                if self.kind == "guest" and refusal.response.status_code == UNAUTHORIZED:
                    return
                await self._back_off()
            except BROKEN:
                await self._back_off()

    async def _back_off(self) -> None:
        self.failures += 1
        bound = min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(self.failures, 8))
        await asyncio.sleep(self.random.uniform(0, bound))

    def say(self, f: str, **said: object) -> None:
        self.record(f, reader=self.name, channel=self.person.channel, **said)

    def end(self) -> None:
        if self.kind == "guest":
            self.say("left")  # it was signed out, and what it holds is of yesterday
            return
        digest = state_digest(self.state)
        self.say("end", epoch=self.epoch, seq=self.seq, digest=digest, is_asleep=self.is_asleep)

    async def _take_snapshot(self, client: httpx2.AsyncClient) -> None:
        headers = {"Authorization": f"Bearer {self.person.token}"}
        url = self.random.choice(self.urls)
        answer = await client.get(f"{url}/api/tasks", headers=headers, timeout=SILENCE_MAX_S)
        if answer.status_code != 200:
            raise OSError(answer.status_code)
        body = answer.json()
        self.state = {task["id"]: task for task in body["items"]}
        self.epoch, self.seq, self.has_snapshot = body["epoch"], body["seq"], True
        digest = state_digest(self.state)
        self.say("snapshot", epoch=self.epoch, seq=self.seq, digest=digest)

    async def _listen(self) -> None:
        address = self.random.choice(self.urls).replace("http", "ws", 1)
        since = f"{self.epoch}.{self.seq}"
        self.sockets += 1
        self.say("open", socket=self.sockets, seq=self.seq)
        async with connect(
            f"{address}/ws/tasks?token={self.person.token}&since={since}",
            compression=None,
            open_timeout=10,
            close_timeout=1,
            ping_interval=None,
            max_queue=4 if self.kind == "slow" else 64,
        ) as socket:
            stay_s = self.random.uniform(0, 3) if self.kind == "churn" else None
            try:
                async with asyncio.timeout(stay_s):
                    await self._read_all(socket)
            except TimeoutError:
                if stay_s is None:
                    raise

    async def _read_all(self, socket: ClientConnection) -> None:
        while True:
            async with asyncio.timeout(SILENCE_MAX_S):
                text = await socket.recv()
            self._take(json.loads(text))
            if self.kind == "slow":
                await asyncio.sleep(0.05)
            elif self.kind == "sleepy" and self.random.random() < 0.002:
                self.say("count", name="naps", value=1)
                self.is_asleep = True
                await asyncio.sleep(self.random.uniform(self.nap_max_s / 4, self.nap_max_s))
                self.is_asleep = False

    def _take(self, frame: dict[str, Any]) -> None:
        kind, seq = frame["type"], frame.get("seq")
        if kind == "hello":
            self.failures = 0
        elif kind == "reset":
            data = frame["data"]
            self.say("reset", reason=data["reason"], epoch=data["epoch"], seq=data["seq"])
            raise SnapshotNeededError
        elif kind == "heartbeat":
            if frame["data"]["seq"] > self.seq:
                self.say("count", name="heartbeats ahead", value=1)
                raise OSError("a change was missed")
        elif seq is not None:
            self._apply(kind, seq, frame["data"])

    def _apply(self, kind: str, seq: int, data: dict[str, Any]) -> None:
        self.say("wire", socket=self.sockets, seq=seq, session=self.person.session)
        if seq <= self.seq:
            return
        if seq != self.seq + 1:
            self.say("count", name="gaps seen", value=1)
            raise OSError("a gap")
        self.seq = seq
        if kind == "task_deleted":
            self.state.pop(data["task_id"], None)
        else:
            self.state[data["id"]] = data
        self.say(
            "apply",
            epoch=self.epoch,
            seq=seq,
            digest=frame_digest(kind, data),
            task=data.get("id"),
            version=data.get("version"),
            canary=data["title"].partition(" ")[0] if "title" in data else None,
            own_canary=self.person.canary,
        )


async def run(plan: dict[str, Any]) -> None:
    """Read until told on stdin to end; then say what everybody holds."""
    folder = Path(plan["folder"])
    chance = random.Random(plan["seed"])
    people = load_people(Path(plan["people"]))
    with Recorder(folder / f"{plan['name']}.jsonl", plan["name"]) as record:
        readers = [
            Reader(
                name=f"{plan['name']}-{number}",
                person=people[number % len(people)],
                kind=chance.choices(*zip(*plan["kinds"].items(), strict=True))[0],
                urls=plan["urls"],
                record=record,
                random=random.Random(chance.random()),
                nap_max_s=plan["nap_max_s"],
            )
            for number in range(plan["readers"])
        ]
        limits = httpx2.Limits(max_connections=50)
        async with httpx2.AsyncClient(limits=limits) as client:
            tasks = [asyncio.create_task(reader.run(client)) for reader in readers]
            await asyncio.to_thread(sys.stdin.readline)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for reader in readers:
            reader.end()
            reader.say("count", name="sockets opened", value=reader.sockets)


if __name__ == "__main__":
    asyncio.run(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
