"""Decides who may open a socket: the handshake's rules, then the token, then a listener is made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from taskwire.adapters.websocket import handshake
from taskwire.adapters.websocket.handshake import Refusal, Rules, Visitor
from taskwire.adapters.websocket.listener import Listener
from taskwire.realtime.connection import Connection
from taskwire.realtime.gateway import Gateway
from taskwire.realtime.ports import Grant, LogUnavailable

LOG = logging.getLogger(__name__)

PROOF_WAIT_S: Final = 5.0
"""How long a token may take to be proved. A handshake is not kept open for ever."""
WAITING_MAX: Final = 5000
"""Handshakes whose token is being proved; more are refused (503)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer in HTTP instead of a socket."""

    refusal: bytes | None
    key: str = ""
    subprotocol: str | None = None

    def listener(self) -> Listener:
        raise AssertionError("a refused visitor gets no listener")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A visitor whose token was good. The socket is counted only once it is open."""

    key: str
    subprotocol: str | None
    listener: Callable[[], Listener]
    refusal: bytes | None = None


class Doorkeeper:
    """One for the process; called with each upgrade request's head."""

    def __init__(self, gateway: Gateway, rules: Rules, *, message_bytes_max: int) -> None:
        self._gateway = gateway
        self._rules = rules
        self.message_bytes_max = message_bytes_max
        self._waiting = 0

    async def __call__(self, head: bytes, transport: asyncio.Transport) -> Refused | Admitted:
        """Decide. It never raises: what is not expected is a 500 that tells nothing."""
        try:
            decided = await self._decide(head, transport)
        except (LogUnavailable, TimeoutError):
            decided = handshake.UNAVAILABLE
        except Exception:
            LOG.exception("a handshake failed")
            self._gateway.counters.failures += 1
            decided = handshake.FAILED
        return Refused(decided.encode()) if isinstance(decided, Refusal) else decided

    async def _decide(self, head: bytes, transport: asyncio.Transport) -> Refusal | Admitted:
        if self._gateway.is_draining or self._waiting >= WAITING_MAX:
            return handshake.UNAVAILABLE
        if len(head) > handshake.HEAD_BYTES_MAX:
            return handshake.HEAD_TOO_LARGE
        request = handshake.parse_request(head)
        if request is None:
            return handshake.BAD_HANDSHAKE
        peer = (transport.get_extra_info("peername") or ("",))[0]
        is_tls = transport.get_extra_info("sslcontext") is not None
        visitor = handshake.examine(request, self._rules, peer=peer, is_tls=is_tls)
        return visitor if isinstance(visitor, Refusal) else await self._prove(visitor)

    async def _prove(self, visitor: Visitor) -> Refusal | Admitted:
        self._waiting += 1
        try:
            async with asyncio.timeout(PROOF_WAIT_S):
                grant = await self._gateway.authenticate(visitor.token)
        finally:
            self._waiting -= 1
        if grant is None:
            return handshake.UNAUTHORIZED
        channel = self._rules.channel_by_path[visitor.path](grant.subject)
        enter = partial(_enter, self._gateway, channel, grant, visitor.address, visitor.since)
        make = partial(Listener, self._gateway, enter, self.message_bytes_max)
        return Admitted(visitor.key, visitor.subprotocol, make)


def _enter(
    gateway: Gateway, channel: str, grant: Grant, address: str, since: str | None, socket: Listener
) -> Connection | None:
    return gateway.open(channel, grant, address, since, socket)
