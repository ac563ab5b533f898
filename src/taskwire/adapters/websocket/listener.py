"""One open socket between picows and the engine: the rules of RFC 6455 that picows leaves to us.

picows checks masks, opcodes, the size of a frame and that control frames are whole and short. It
does not look at reserved bits, UTF-8, the order of fragments, the size of a message put together
or most close codes, and it does not answer a close. This file does.

    open ──hang_up──► closing ──peer's CLOSE, or CLOSE_WAIT_S──► gone
      └──peer's CLOSE: answered──────────────────────────────────►┘
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import Final

from picows import WSFrame, WSListener, WSMsgType, WSTransport
from typing_extensions import override

from taskwire.adapters.websocket.frames import is_code_allowed
from taskwire.realtime import close_codes
from taskwire.realtime.close_codes import CloseReason
from taskwire.realtime.connection import Connection
from taskwire.realtime.gateway import Gateway

LOG = logging.getLogger(__name__)

CLOSE_WAIT_S: Final = 1.0
"""How long a client may take to answer our close. After that the connection is cut."""

CODE_WITHOUT_REASON: Final = 1000
"""What a close frame without a code is answered with."""

WRITE_BUFFER_BYTES: Final = 64 * 1024
"""Beyond this the socket counts as not writable and frames wait in the engine's own queue."""

SEND_BUFFER_BYTES: Final = 64 * 1024
"""The kernel's share, doubled by Linux. Left alone it takes 2.8 MB from a server whose client does
not read: no bound of ours would see those, and a client would be served news minutes old."""


class Listener(WSListener):
    """Frames in, and the engine's `Socket` out. No task and no timer while it is open."""

    __slots__ = (
        "_connection",
        "_fragments",
        "_fragments_size",
        "_gateway",
        "_is_ending",
        "_message_bytes_max",
        "_open",
        "_transport",
        "send",
        "write",
    )

    send: Callable[[bytes], None]
    """picows writes past the event loop when nothing waits there; in order with `write`."""
    write: Callable[[bytes], None]

    def __init__(
        self,
        gateway: Gateway,
        open_connection: Callable[[Listener], Connection | None],
        message_bytes_max: int,
    ) -> None:
        self._gateway = gateway
        self._open: Callable[[Listener], Connection | None] | None = open_connection
        self._message_bytes_max = message_bytes_max
        self._connection: Connection | None = None
        self._transport: WSTransport | None = None
        self._fragments: bytearray | None = None
        self._fragments_size = 0
        self._is_ending = False

    # --- picows calls ----------------------------------------------------------------------------

    @override
    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        underlying = transport.underlying_transport
        underlying.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        underlying.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES
        )
        transport.request.headers = transport.response.headers = None  # type: ignore[assignment]
        self.send = partial(transport.send, WSMsgType.TEXT)
        self.write = underlying.write
        open_connection, self._open = self._open, None
        if open_connection is not None:
            self._connection = open_connection(self)

    @override
    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if self._is_ending and frame.msg_type != WSMsgType.CLOSE:
            return
        try:
            self._take(frame)
        except Exception:
            LOG.exception("a frame could not be handled")
            self._gateway.counters.failures += 1
            self._break(close_codes.INTERNAL)

    @override
    def on_ws_disconnected(self, transport: WSTransport) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._gateway.lost(connection, _said_by_picows(transport))

    @override
    def pause_writing(self) -> None:
        if self._connection is not None:
            self._connection.pause()

    @override
    def resume_writing(self) -> None:
        if self._connection is not None:
            self._connection.resume()

    # --- the engine calls (`send` and `write` are the transport's own) ---------------------------

    def hang_up(self, code: int, text: str) -> None:
        """Say why, and cut the line if the client does not answer in time."""
        transport = self._transport
        if transport is None or self._is_ending:
            return
        self._is_ending = True
        self._fragments = None
        transport.send_close(code, text.encode())  # type: ignore[arg-type]
        self._cut_off_later()

    # --- RFC 6455 --------------------------------------------------------------------------------

    def _take(self, frame: WSFrame) -> None:
        kind = frame.msg_type
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._break(close_codes.PROTOCOL_ERROR)  # no extension was negotiated
        elif kind == WSMsgType.CLOSE:
            self._answer_close(frame.get_payload_as_bytes())
        elif kind == WSMsgType.PING:
            self._answer_ping(frame.get_payload_as_bytes())
        elif kind == WSMsgType.PONG:
            self._heard()
        elif kind == WSMsgType.BINARY:
            self._break(close_codes.NOT_TEXT)
        elif (kind == WSMsgType.TEXT) == (self._fragments is not None):
            self._break(close_codes.PROTOCOL_ERROR)  # a fragment out of order
        elif kind == WSMsgType.TEXT and frame.fin:
            self._take_text(frame.get_payload_as_bytes())
        else:
            self._take_fragment(frame.get_payload_as_bytes(), is_last=bool(frame.fin))

    def _take_fragment(self, payload: bytes, *, is_last: bool) -> None:
        if self._fragments is None:
            self._fragments, self._fragments_size = bytearray(), 0
        self._fragments += payload
        self._fragments_size += max(1, len(payload))  # empty fragments must not be endless
        if self._fragments_size > self._message_bytes_max:
            self._break(close_codes.TOO_LARGE)
        elif is_last:
            message, self._fragments = bytes(self._fragments), None
            self._take_text(message)
        else:
            self._heard()

    def _take_text(self, payload: bytes) -> None:
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            self._break(close_codes.NOT_UTF8)
            return
        if self._connection is not None:
            self._gateway.receive(self._connection, text)

    def _answer_ping(self, payload: bytes) -> None:
        assert self._transport is not None, "frames come after the connection was made"
        if self._connection is not None and self._gateway.pinged(self._connection):
            self._transport.send_pong(payload)

    def _heard(self) -> None:
        if self._connection is not None:
            self._gateway.heard(self._connection)

    def _answer_close(self, payload: bytes) -> None:
        """Finish the closing handshake: answer with the peer's own code, then end the line."""
        assert self._transport is not None, "frames come after the connection was made"
        code = int.from_bytes(payload[:2], "big") if payload else CODE_WITHOUT_REASON
        if self._is_ending:
            self._transport.disconnect()
        elif not is_code_allowed(code):
            self._break(close_codes.PROTOCOL_ERROR)
        else:
            self._is_ending = True
            self._transport.send_close(code)  # type: ignore[arg-type]
            self._transport.disconnect()
            self._cut_off_later()

    def _cut_off_later(self) -> None:
        """Abort after a while: a graceful end waits for ever for a reader that reads no more."""
        assert self._transport is not None, "there is a line to be cut"
        abort = partial(self._transport.disconnect, graceful=False)
        asyncio.get_running_loop().call_later(CLOSE_WAIT_S, abort)

    def _break(self, reason: CloseReason) -> None:
        if self._connection is not None:
            self._gateway.close(self._connection, reason)
        else:
            self.hang_up(reason.code, reason.text)


def _said_by_picows(transport: WSTransport) -> CloseReason | None:
    """The close that picows sent by itself, for what it checks by itself; None when it sent none."""
    sent = getattr(transport.close_handshake, "sent", None)  # None until a close, typed otherwise
    return None if sent is None else close_codes.BY_CODE.get(sent.code)
