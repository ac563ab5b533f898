"""A TCP proxy that can be a bad network, as a process of its own.

    python -m tests.faults.line_proxy <control socket> <listen port>:<target port> …

It is told what to be by one JSON object a line on its control socket:

    {"mode": "pass"}                       as if it were not there
    {"mode": "delay", "delay_s": 0.3}      every piece arrives later
    {"mode": "throttle", "bytes_per_s": n} few bytes a second
    {"mode": "blackhole"}                  open, and nothing passes in either direction
    {"mode": "half"}                       the client hears nothing, but is heard
    {"mode": "cut", "share": 0.5}          this share of the open lines is reset, at once

The kernel here has no `tc netem`; a proxy also works where nobody is root.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIECE_BYTES = 16 * 1024
LOOK_S = 0.05


@dataclass(slots=True)
class Weather:
    """What all lines of this proxy suffer at the moment."""

    mode: str = "pass"
    delay_s: float = 0.0
    bytes_per_s: float = 0.0

    def stops(self, *, to_client: bool) -> bool:
        return self.mode == "blackhole" or (self.mode == "half" and to_client)


class LineProxy:
    """All lines through one process."""

    def __init__(self, seed: int) -> None:
        self._weather = Weather()
        self._random = random.Random(seed)
        self._lines: set[asyncio.StreamWriter] = set()

    async def serve(self, control: Path, routes: dict[int, int]) -> None:
        for port, target in routes.items():
            await asyncio.start_server(self._line(target), "127.0.0.1", port, backlog=4096)
        server = await asyncio.start_unix_server(self._obey, control)
        await server.serve_forever()

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self._become(json.loads(line))
            writer.write(b"done\n")
            await writer.drain()
        writer.close()

    def _become(self, order: dict[str, Any]) -> None:
        if order["mode"] == "cut":
            lines = sorted(self._lines, key=id)
            for writer in self._random.sample(lines, int(len(lines) * order.get("share", 1.0))):
                _reset(writer)
            return
        known = {name: order[name] for name in ("delay_s", "bytes_per_s") if name in order}
        self._weather = Weather(mode=order["mode"], **known)

    def _line(self, target: int) -> Any:  # noqa: ANN401 - asyncio's callback
        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
            except OSError:
                _reset(writer)
                return
            self._lines.add(writer)
            ways = (
                asyncio.create_task(self._carry(reader, far_writer, to_client=False)),
                asyncio.create_task(self._carry(far_reader, writer, to_client=True)),
            )
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            self._lines.discard(writer)
            writer.close()
            far_writer.close()

        return run

    async def _wait_until_passable(self, *, to_client: bool) -> None:
        while self._weather.stops(to_client=to_client):  # noqa: ASYNC110 - seldom, and for long
            await asyncio.sleep(LOOK_S)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_client: bool
    ) -> None:
        try:
            while piece := await reader.read(PIECE_BYTES):
                await self._wait_until_passable(to_client=to_client)
                if self._weather.mode == "delay":
                    await asyncio.sleep(self._weather.delay_s)
                elif self._weather.mode == "throttle":
                    await asyncio.sleep(len(piece) / self._weather.bytes_per_s)
                writer.write(piece)
                await writer.drain()
        except OSError:
            return


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: as a phone that lost its network."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


def main() -> None:
    control, *routes = sys.argv[1:]
    pairs = [route.split(":") for route in routes]
    ports = {int(port): int(target) for port, target in pairs}
    asyncio.run(LineProxy(seed=0).serve(Path(control), ports))


if __name__ == "__main__":
    main()
