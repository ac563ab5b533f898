"""Messages on their way into a server, at their times whatever the server does (an open loop).

Each has its number for its lane and its time in the payload: `bench_n` and `bench_t`, which the
load client looks for. A lane is one channel, room or group.
"""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import IO, Protocol

from bench.load import Load

LINE_S = 0.001
"""What is due within the same millisecond leaves together."""
PADDING = "x" * 96


class Emitter(Protocol):
    """Says a message to a server, in the way that its framework is made for."""

    def emit(self, lane: int, message: str) -> None: ...

    def flush(self) -> None: ...

    def close(self) -> None: ...


class RedisEmitter:
    """PUBLISH on a plain connection. Replies are read and thrown away by a thread."""

    def __init__(self, port: int, password: str, channel: str) -> None:
        self._channel = channel
        self._line = socket.create_connection(("127.0.0.1", port))
        self._waiting: list[bytes] = [_command("AUTH", password)]
        self._reader = threading.Thread(target=_drain, args=(self._line,), daemon=True)
        self._reader.start()

    def emit(self, lane: int, message: str) -> None:
        self._waiting.append(_command("PUBLISH", self._channel.format(lane=lane), message))

    def flush(self) -> None:
        self._line.sendall(b"".join(self._waiting))
        self._waiting.clear()

    def close(self) -> None:
        self._line.close()


class LineEmitter:
    """One line `lane<TAB>message` on the stdin of a program, which does the rest."""

    def __init__(self, pipe: IO[bytes], *, with_lane: bool = True) -> None:
        self._pipe = pipe
        self._with_lane = with_lane

    def emit(self, lane: int, message: str) -> None:
        line = f"{lane}\t{message}\n" if self._with_lane else f"{message}\n"
        self._pipe.write(line.encode())

    def flush(self) -> None:
        self._pipe.flush()

    def close(self) -> None: ...


class HttpEmitter:
    """POST on one connection that is kept, without waiting for the answers."""

    def __init__(self, port: int, path: str) -> None:
        self._path = path
        self._line = socket.create_connection(("127.0.0.1", port))
        self._waiting: list[bytes] = []
        self._reader = threading.Thread(target=_drain, args=(self._line,), daemon=True)
        self._reader.start()

    def emit(self, lane: int, message: str) -> None:
        head = f"POST {self._path.format(lane=lane)} HTTP/1.1\r\nHost: bench\r\n"
        self._waiting.append(f"{head}Content-Length: {len(message)}\r\n\r\n{message}".encode())

    def flush(self) -> None:
        self._line.sendall(b"".join(self._waiting))
        self._waiting.clear()

    def close(self) -> None:
        self._line.close()


@dataclass(slots=True)
class Schedule:
    """So many messages a second, over the lanes in turn. Numbers go on from one run to the next."""

    lanes: int
    rate_per_s: float
    numbers: dict[int, int] = field(default_factory=dict)
    said: int = 0

    def run(self, emitter: Emitter, seconds: float) -> Sent:
        count, began_s, late_s = int(self.rate_per_s * seconds), time.monotonic(), 0.0
        done = 0
        while done < count:
            now_s = time.monotonic()
            due = min(count, int((now_s - began_s) * self.rate_per_s) + 1)
            if due > done:
                late_s = max(late_s, now_s - began_s - done / self.rate_per_s)
                for _ in range(due - done):
                    self._say(emitter)
                emitter.flush()
                done = due
            time.sleep(max(LINE_S, began_s + done / self.rate_per_s - time.monotonic()))
        return Sent(count, late_s)

    def _say(self, emitter: Emitter) -> None:
        lane = self.said % self.lanes
        self.said += 1
        number = self.numbers[lane] = self.numbers.get(lane, 0) + 1
        emitter.emit(lane, message(number, time.monotonic_ns()))


@dataclass(frozen=True)
class Sent:
    messages: int
    late_s: float
    """The most that one left after its time: beyond a few milliseconds the run is not open-loop."""


def message(number: int, now_ns: int) -> str:
    """About 200 bytes, as a task is."""
    data = f'{{"id":{number},"bench_n":{number},"bench_t":{now_ns},"description":"{PADDING}"}}'
    return f'{{"type":"task_update","data":{data}}}'


def _command(*words: str) -> bytes:
    encoded = [word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%b\r\n" % (len(w), w) for w in encoded)


def _drain(line: socket.socket) -> None:
    try:
        while line.recv(1 << 16):
            pass
    except OSError:
        return  # closed from our side


def warm_up(load: Load, schedule: Schedule, emitter: Emitter, seconds: float, each: int) -> None:
    """Let every path run once before anything counts. `each`: deliveries per message."""
    sent = schedule.run(emitter, seconds)
    load.wait_for(sent.messages * each)
    load.begin()
