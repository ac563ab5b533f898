"""A WebSocket client that costs next to nothing: thousands of them live in one process.

It speaks as much of RFC 6455 as a well-behaved server needs to hear, and hands on whole texts.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import struct
from collections.abc import Callable
from typing import Final, cast

from typing_extensions import override

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
SWITCHING: Final = 101
HEAD_END: Final = b"\r\n\r\n"
RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class WebsocketClient(asyncio.Protocol):
    """One connection. `on_text` hears texts; `ended` is done when the line is gone."""

    __slots__ = ("_buffer", "_transport", "close_code", "ended", "is_open", "on_text", "status")

    def __init__(self, request: bytes, on_text: Callable[[bytes], None]) -> None:
        self.on_text = on_text
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.status = 0
        """What the server answered to the upgrade; 0 while it has not."""
        self.close_code = 0
        self.is_open = False
        self._buffer = request
        self._transport: asyncio.Transport | None = None

    def reset(self) -> None:
        """Break the line as a phone does that lost its network: without a word."""
        # Not asked of `ended`: whoever is cancelled while waiting for it has cancelled it too, and
        # the lines of 2,000 clients that had left stayed open until nginx had no files any more.
        if self._transport is not None and not self._transport.is_closing():
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._transport.abort()

    # --- asyncio calls ----------------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._buffer)
        self._buffer = b""

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self.ended.done():
            self.ended.set_result(None)

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self.is_open or self._take_head():
            self._take_frames()

    def _take_head(self) -> bool:
        end = self._buffer.find(HEAD_END)
        if end < 0:
            return False
        self.status = int(self._buffer[9:12])
        self._buffer = self._buffer[end + len(HEAD_END) :]
        self.is_open = self.status == SWITCHING
        if not self.is_open:
            self._hang_up()
        return self.is_open

    def _take_frames(self) -> None:
        buffer, place = self._buffer, 0
        while (found := _frame_at(buffer, place)) is not None:
            opcode, begin, place = found
            self._take(opcode, buffer[begin:place])
        self._buffer = buffer[place:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.on_text(payload)
        elif opcode == PING and self._transport is not None:
            # A mask of zeros is a mask, and leaves the payload as it is.
            self._transport.write(bytes([0x80 | PONG, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big")
            self._hang_up()

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _frame_at(buffer: bytes, place: int) -> tuple[int, int, int] | None:
    """The opcode, begin and end of the payload at `place`; None while it is not all there."""
    if len(buffer) < place + 2:
        return None
    size, begin = buffer[place + 1] & 0x7F, place + 2
    if size > 125:
        begin += 2 if size == 126 else 8
        if len(buffer) < begin:
            return None
        size = int.from_bytes(buffer[place + 2 : begin], "big")
    end = begin + size
    return (buffer[place] & 0xF, begin, end) if len(buffer) >= end else None


def upgrade_request(target: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()
