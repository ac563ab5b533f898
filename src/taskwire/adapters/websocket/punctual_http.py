"""HTTP that waits for nobody without end: a head, a body and a reader each have their time.

uvicorn alone waits for ever for half a head, for the rest of a body, and for a client that does
not read its answer; each of them holds a connection, and some of them memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from taskwire.adapters.websocket.handshake import HEAD_TOO_LARGE
from taskwire.adapters.websocket.whole_answer import WholeAnswer

HEAD_BYTES_MAX: Final = 64 * 1024
"""A head without end would fill the memory within its time. nginx in front takes 32 KiB."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client may take, before its connection is cut off."""

    head_s: float = 10.0
    """From its first byte, or from being connected, to the end of a request's head."""

    body_s: float = 120.0
    """From there to the end of the body: the largest import over 1 Mbit/s."""

    stall_s: float = 60.0
    """Without taking a byte of an answer. A slow reader that goes on reading may take longer."""


class PunctualHttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with one deadline for what we wait to read, and one for what we write."""

    def __init__(self, patience: Patience, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's to choose
        super().__init__(*args, **kwargs)
        # Its access log writes the query, and a query may hold a token. `access_log=False` is not
        # enough: it only takes the logger's handlers away, and whoever sets up logs gives new ones.
        self.access_log = False
        self._patience = patience
        self._overdue: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._is_in_head = False
        self._head_bytes = 0

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:  # it goes on
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.transport.write(HEAD_TOO_LARGE.encode())
                self.transport.close()

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    @override
    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._head_bytes = 0
        self._expect(self._patience.body_s)
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self.cycle is not None:  # an upgrade makes none
            self.cycle.transport = WholeAnswer(self.transport)  # type: ignore[assignment]

    @override
    def on_message_complete(self) -> None:  # also of an upgrade, before picows takes over
        self._expect(None)
        super().on_message_complete()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._forget_reader()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._is_in_head = False
        self._expect(None)
        self._forget_reader()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if not self._is_in_head:
            self._is_in_head = True
            self._expect(self._patience.head_s)

    def _expect(self, within_s: float | None) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
        self._overdue = (
            None if within_s is None else self.loop.call_later(within_s, self.transport.abort)
        )

    def _watch_reader(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(self._patience.stall_s, self._look_again, unread)

    def _look_again(self, unread: int) -> None:
        if self.transport.get_write_buffer_size() < unread:
            self._watch_reader()
        else:
            self.transport.abort()

    def _forget_reader(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
