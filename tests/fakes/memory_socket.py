"""A socket that remembers what it was told, and a wire format that people can read."""

from collections.abc import Sequence
from typing import Any

import orjson


class LineFormat:
    """Implements `WireFormat`: one payload a line."""

    ping = b"PING\n"

    def join(self, payloads: Sequence[bytes]) -> bytes:
        return b"".join(payload + b"\n" for payload in payloads)


class MemorySocket:
    """Implements `Socket`."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed_with: int | None = None

    def send(self, payload: bytes) -> None:
        self.write(LineFormat().join((payload,)))

    def write(self, wire: bytes) -> None:
        self.writes.append(wire)

    def hang_up(self, code: int, text: str) -> None:
        assert text, "a close frame says why"
        self.closed_with = code

    @property
    def lines(self) -> list[bytes]:
        """Every payload, pings left out."""
        lines = b"".join(self.writes).split(b"\n")
        return [line for line in lines if line and line != b"PING"]

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Every payload, parsed."""
        return [orjson.loads(line) for line in self.lines]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    def seqs(self) -> list[int]:
        """The numbers of the numbered frames, in order of arrival."""
        return [frame["seq"] for frame in self.frames if "seq" in frame]
