"""Notices the moment the page answers, without asking twice.

`up` holds the listening socket, so a request sent before `serve` is there waits in the queue and
is answered by its first breath.
"""

from __future__ import annotations

import socket

from taskwire.adapters.processes.bell import Bell

_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class PageProbe:
    """Asks once, and again when `serve` died over the question. Close it when done."""

    def __init__(self, bell: Bell, address: tuple[str, int]) -> None:
        self._bell = bell
        self._address = address
        self._line: socket.socket | None = None
        self._has_answered = False

    def has_answered(self) -> bool:
        if self._line is None and not self._has_answered:
            self._ask()
        return self._has_answered

    def close(self) -> None:
        if self._line is not None:
            self._bell.unwatch(self._line)
            self._line.close()
            self._line = None

    def _ask(self) -> None:
        self._line = socket.create_connection(self._address, timeout=1.0)
        self._line.sendall(_REQUEST)
        self._line.setblocking(False)  # noqa: FBT003 - the method is so
        self._bell.watch(self._line, self._on_answer)

    def _on_answer(self) -> None:
        assert self._line is not None, "only an open line can be readable"
        try:
            answer = self._line.recv(4096)
        except OSError:
            answer = b""
        self.close()
        self._has_answered = b" 200 " in answer.partition(b"\r\n")[0]
