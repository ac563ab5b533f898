"""Signals as something to wait for: a bell that rings, and a list of who rang it.

Signal handlers only write a byte; all decisions are made by the one who waits.
"""

from __future__ import annotations

import selectors
import signal
import socket
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Bell:
    """Use it as a context, in the main thread; `wait` returns early when anything happens."""

    def __init__(self) -> None:
        self.stops_asked = 0
        self._selector = selectors.DefaultSelector()
        self._ear, self._mouth = socket.socketpair()
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for end in (self._ear, self._mouth):
            end.setblocking(False)  # noqa: FBT003 - the method is so
        self.watch(self._ear, self._listen)
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in (*STOP_SIGNALS, signal.SIGCHLD):
            self._take_over(number)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type] # it came from signal.signal
        self._selector.close()
        self._ear.close()
        self._mouth.close()

    def watch(self, line: socket.socket, on_readable: Callable[[], None]) -> None:
        self._selector.register(line, selectors.EVENT_READ, on_readable)

    def unwatch(self, line: socket.socket) -> None:
        self._selector.unregister(line)

    def wait(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(max(timeout_s, 0.0)):
            key.data()

    def _take_over(self, number: signal.Signals) -> None:
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            return  # started by nohup: the terminal may go, we stay
        self._before[number] = signal.signal(number, self._rang)

    def _rang(self, number: int, _frame: FrameType | None) -> None:
        if number in STOP_SIGNALS:
            self.stops_asked += 1

    def _listen(self) -> None:
        while True:
            try:
                if not self._ear.recv(4096):
                    return
            except BlockingIOError:
                return
