"""One socket's bounded queue: frames that wait are joined into one write.

                      write buffer full                    buffer drained
    writable ───────────────────────► waiting ──put(): queued ──take()──► writable
                                         └─ put(): over a bound ──► SLOW (4408)

It exists only while a socket is behind, so that an idle socket does not pay for it. A client that
is closed for being slow loses nothing: it resumes from its number.
"""

from __future__ import annotations


class Outbound:
    """What a socket has not taken yet, in order."""

    __slots__ = ("_bytes", "_bytes_max", "_frames", "_frames_max", "_waiting")

    def __init__(self, bytes_max: int, frames_max: int) -> None:
        self._bytes_max = bytes_max
        self._frames_max = frames_max
        self._bytes = 0
        self._frames = 0
        self._waiting: list[bytes] = []

    def put(self, wire: bytes, frames: int) -> bool:
        """Queue `wire`, which holds `frames` frames. False: a bound is reached, hang up (SLOW)."""
        self._bytes += len(wire)
        self._frames += frames
        self._waiting.append(wire)
        return self._bytes <= self._bytes_max and self._frames <= self._frames_max

    def take(self) -> bytes:
        """Everything that waits, as one write."""
        joined = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = self._frames = 0
        return joined
