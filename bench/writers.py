"""PUTs: as many as a server takes (wrk), or so many a second whatever it does (an open loop).

The open loop says in each title when the PUT was due, so a server that falls behind is charged for
the wait as well.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 32
DEBIAN_PACKAGES = ("wrk",)

# Each connection's thread has its share of the tasks, and no title comes twice.
SCRIPT = """
local tasks = {{ {tasks} }}
local number, thread = 0, 0
local threads = 0
function setup(one) threads = threads + 1; one:set("thread", threads) end
function request()
  number = number + 1
  local task = tasks[(number * 7 + thread) % #tasks + 1]
  local headers = {{ ["Authorization"] = task[2], ["Content-Type"] = "application/json" }}
  local body = string.format('{{"title":"%d of %d"}}', number, thread)
  return wrk.format("PUT", "/api/tasks/" .. task[1], headers, body)
end
"""


@dataclass(frozen=True)
class Target:
    """A task and who may change it."""

    task_id: int
    token: str


def saturate(port: int, targets: Sequence[Target], seconds: float, folder: Path) -> float:
    """PUTs answered per second by 16 clients that never rest; raises when any was refused."""
    script = folder / "put.lua"
    tasks = ", ".join(f'{{ {one.task_id}, "Bearer {one.token}" }}' for one in targets)
    script.write_text(SCRIPT.format(tasks=tasks), encoding="utf-8")
    words: list[str | Path] = [
        "wrk",
        "-t1",
        "-c16",
        f"-d{seconds:.0f}s",
        "-s",
        script,
        f"http://127.0.0.1:{port}",
    ]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    assert found is not None, told
    return float(found[1])


@dataclass
class OpenLoop:
    """So many PUTs a second over the targets in turn, on connections that are kept."""

    port: int
    targets: Sequence[Target]
    rate_per_s: float
    numbers: dict[int, int] = field(default_factory=dict)
    refused: int = 0

    async def run(self, seconds: float) -> int:
        """Return how many were sent; all were answered."""
        due: asyncio.Queue[tuple[Target, int] | None] = asyncio.Queue()
        count = int(self.rate_per_s * seconds)
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._work(due))
            began_ns = time.monotonic_ns()
            for index in range(count):
                at_ns = began_ns + int(index / self.rate_per_s * 1e9)
                await asyncio.sleep(max(0.0, (at_ns - time.monotonic_ns()) / 1e9))
                due.put_nowait((self.targets[index % len(self.targets)], at_ns))
            for _ in range(CONNECTIONS):
                due.put_nowait(None)
        return count

    async def _work(self, due: asyncio.Queue[tuple[Target, int] | None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while (asked := await due.get()) is not None:
            target, at_ns = asked
            writer.write(self._request(target, at_ns))
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            assert length is not None, head
            await reader.readexactly(int(length[1]))
            self.refused += not head.startswith(b"HTTP/1.1 200")
        writer.close()

    def _request(self, target: Target, at_ns: int) -> bytes:
        number = self.numbers[target.task_id] = self.numbers.get(target.task_id, 0) + 1
        body = json.dumps({"title": f"bench_n {number} bench_t {at_ns}"})
        return (
            f"PUT /api/tasks/{target.task_id} HTTP/1.1\r\nHost: bench\r\n"
            f"Authorization: Bearer {target.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
