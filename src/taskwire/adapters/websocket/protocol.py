"""The protocol class that uvicorn makes for an upgrade: the one place that touches picows' insides.

    waiting ──the door decides──► refused: an HTTP answer, closed
                           └────► admitted: picows is fed a head of our own, and takes over

picows' `WSProtocol` is positional and undocumented, so it is pinned, and test_protocol.py pins what
is relied on here. Its factory cannot wait, so the request's head is kept back, the reading paused,
and picows starts only once the token was proved.

picows never sees the client's head. The one it gets has no token that would stay in memory for the
socket's life, always fits its smallest read buffer (which never shrinks again), and says
`Connection: Upgrade`: Firefox says `keep-alive, Upgrade`, which picows refuses.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import uvicorn
from picows import (
    WSAutoPingStrategy,
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)
from picows.picows import WSProtocol  # type: ignore[attr-defined]
from uvicorn.server import ServerState

READ_BUFFER_BYTES: Final = 2048

_quiet = logging.getLogger("taskwire.picows")
_quiet.setLevel(logging.CRITICAL)
QUIET: Final = logging.LoggerAdapter(_quiet, {})
"""An adapter and not a logger: picows makes a logger of its own per connection from a logger.
Silent: what picows calls an error is a client's broken frame, and those are counted, not logged."""


class Decision(Protocol):
    """What the door says of one request."""

    @property
    def refusal(self) -> bytes | None: ...

    @property
    def key(self) -> str: ...

    @property
    def subprotocol(self) -> str | None: ...

    def listener(self) -> WSListener: ...


Door = Callable[[bytes, asyncio.Transport], Awaitable[Decision]]


class PicowsProtocol(WSProtocol):  # type: ignore[misc]
    """picows behind a door that may take its time."""

    __slots__ = ("_decision", "_door", "_server_state", "_task", "_transport")

    def __init__(
        self,
        door: Door,
        frame_bytes_max: int,
        *,
        config: uvicorn.Config,  # noqa: ARG002 - uvicorn passes it by this name
        server_state: ServerState,
        app_state: dict[str, Any],  # noqa: ARG002 - the same
    ) -> None:
        no_host_or_path = (None, None)  # only clients have them
        is_client = False
        disconnects_on_exceptions = True
        no_handshake_timer = None  # the door has its own
        no_pings = (False, 20.0, 20.0, WSAutoPingStrategy.PING_WHEN_IDLE)  # they cost a task each
        answers_pings = False  # it would heap answers up for a client that does not read
        no_headers = None
        super().__init__(
            *no_host_or_path,
            is_client,
            self._admit,
            QUIET,
            disconnects_on_exceptions,
            no_handshake_timer,
            *no_pings,
            answers_pings,
            frame_bytes_max,
            no_headers,
            READ_BUFFER_BYTES,
        )
        self._door: Door | None = door
        self._server_state = server_state
        self._decision: Decision | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        # uvicorn forgot the connection when it upgraded it, and would not wait for it to end.
        self._server_state.connections.add(self)
        self._transport = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server_state.connections.discard(self)
        if self._task is not None:
            self._task.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the head, which uvicorn hands over once. Later bytes go to picows' own buffer."""
        self._transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._decide(data))

    def shutdown(self) -> None:
        """Nothing: uvicorn calls it for all connections at once, and the drain spreads the ends."""

    async def _decide(self, head: bytes) -> None:
        assert self._door is not None, "a head comes once"
        door, self._door = self._door, None
        decision = await door(head, self._transport)
        self._task = None
        if self._transport.is_closing():
            return
        if decision.refusal is not None:
            self._transport.write(decision.refusal)
            self._transport.close()
            return
        self._decision = decision
        self._feed(
            b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n" % decision.key.encode()
        )
        self._transport.resume_reading()

    def _feed(self, head: bytes) -> None:
        buffer = self.get_buffer(len(head))
        assert len(buffer) > len(head), "picows' smallest buffer holds our head"
        buffer[: len(head)] = head
        del buffer  # the view dangles once picows moves its buffer
        self.buffer_updated(len(head))

    def _admit(self, _request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
        assert self._decision is not None, "picows is fed after the decision"
        decision, self._decision = self._decision, None
        chosen = decision.subprotocol
        headers = {} if chosen is None else {"Sec-WebSocket-Protocol": chosen}
        response = WSUpgradeResponse.create_101_response(headers)
        return WSUpgradeResponseWithListener(response, decision.listener())
