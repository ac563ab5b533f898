"""HTTP that waits for nobody without end: a head, a body and a reader each have their time.

uvicorn alone waits for ever for half a head, for the rest of a body, and for a client that does
not read its answer; each of them holds a connection, and some of them memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from taskwire.adapters.websocket.handshake import BAD_REQUEST, HEAD_TOO_LARGE
from taskwire.adapters.websocket.whole_answer import WholeAnswer

HEAD_BYTES_MAX: Final = 64 * 1024
"""A head without end would fill the memory within its time. nginx in front takes 32 KiB."""
HEARD_OUT_S: Final = 5.0
HEARD_OUT_BYTES_MAX: Final = 32 * 1024 * 1024
"""For so long, and so much, a refused client may go on sending. Nothing of it is kept."""


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
        self._is_too_large = False
        self._has_heard = False
        self._unheard_bytes = 0
        self._heard_out_bytes: int | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    @override
    def data_received(self, data: bytes) -> None:
        if self._heard_out_bytes is not None:
            self._hear_out(len(data))
            return
        self._has_heard = False
        super().data_received(data)
        # Bytes that came to nothing yet: of a head, or of what may follow a body in chunks.
        self._unheard_bytes = 0 if self._has_heard else self._unheard_bytes + len(data)
        if self._is_too_large or self._unheard_bytes > HEAD_BYTES_MAX:
            self._refuse(HEAD_TOO_LARGE.encode())

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    @override
    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._has_heard = True
        self._expect(self._patience.body_s)
        # However the network cut it: one that came whole is judged by the same bound.
        self._is_too_large = self._is_too_large or self._head_bytes() > HEAD_BYTES_MAX
        if not self._is_too_large:
            self._begin_request()

    @override
    def on_body(self, body: bytes) -> None:
        self._has_heard = True
        if not self._is_too_large:
            super().on_body(body)

    @override
    def on_message_complete(self) -> None:  # also of an upgrade, before picows takes over
        self._has_heard = True
        self._expect(None)
        if not self._is_too_large:
            super().on_message_complete()

    @override
    def handle_websocket_upgrade(self) -> None:
        if not self._is_too_large:
            super().handle_websocket_upgrade()

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(BAD_REQUEST.encode())

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

    def _begin_request(self) -> None:
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self.cycle is not None:  # an upgrade makes none
            self.cycle.transport = WholeAnswer(self.transport)  # type: ignore[assignment]

    def _head_bytes(self) -> int:
        line_ends = 4
        return len(self.url) + sum(
            len(name) + len(value) + line_ends for name, value in self.headers
        )

    def _refuse(self, answer: bytes) -> None:
        """Say it, and hear the client out before the connection is closed.

        Closed over bytes that nobody read, it would be reset, and a client that is still sending
        would never see the answer.
        """
        if self._heard_out_bytes is not None:
            return
        self._heard_out_bytes = 0
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.abort()  # in the middle of an answer there is no room for another
                return
        self.flow.resume_reading()
        self._expect(HEARD_OUT_S)
        self.loop.call_soon(self._say_last, answer)  # after what an answer before it still holds

    def _say_last(self, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(answer)
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _hear_out(self, size: int) -> None:
        assert self._heard_out_bytes is not None, "only who was refused is heard out"
        self._heard_out_bytes += size
        if self._heard_out_bytes > HEARD_OUT_BYTES_MAX:
            self.transport.abort()

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
