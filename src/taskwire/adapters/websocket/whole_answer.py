"""An answer of HTTP in one system call.

uvicorn writes the head of an answer and then its body: two packets, and the client is woken twice.
Of a small PUT the second write was the dearest single step on this side of the database.
"""

from __future__ import annotations

import asyncio


class WholeAnswer:
    """The transport of one answer: the head waits for the body, until the loop's turn ends.

    A stream that sends its head long before its body loses nothing by it.
    """

    __slots__ = ("_has_begun", "_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head: bytes | None = None
        self._has_begun = False

    def write(self, data: bytes) -> None:
        if self._has_begun:
            self._transport.write(data if self._head is None else self._head + data)
            self._head = None
        else:
            self._has_begun = True
            self._head = data
            asyncio.get_running_loop().call_soon(self._flush)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        # The client may have gone in the same turn, and a closed transport raises.
        if self._head is not None and not self._transport.is_closing():
            self._transport.write(self._head)
        self._head = None
