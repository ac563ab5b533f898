"""One connection to Redis: commands out, replies and pushed messages in. It never reconnects.

redis-py is not used here: its subscriber reconnects in silence and loses what came meanwhile, its
health check does not notice a frozen server, and reading through it costs twice the time. RESP3,
because under RESP2 a subscribed connection cannot be asked anything else.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, Final, cast

import hiredis
from typing_extensions import override

from taskwire.adapters.redis.url import Place, RedisUrl, Tls

Command = tuple[str | bytes | int, ...]

_NOTHING: Final = object()
"""hiredis says "not enough data" by a value, and its default, False, is also an answer."""

KEEPALIVE: Final = (
    (socket.TCP_KEEPIDLE, 5),
    (socket.TCP_KEEPINTVL, 2),
    (socket.TCP_KEEPCNT, 3),
    (socket.TCP_USER_TIMEOUT, 8000),
)
"""A half-open line is noticed in 8 s. Unanswered data suspends keepalive: hence the last one."""


class RedisUnavailable(Exception):  # noqa: N818 - it names a state of the world
    """Redis could not be reached, refused us, or did not answer in time."""


class RedisConnection(asyncio.Protocol):
    """Replies come in the order of the commands; pushes come when they like."""

    def __init__(self) -> None:
        self.on_pushes: Callable[[Sequence[list[Any]]], None] = _ignore
        self.on_lost: Callable[[], None] = _nothing
        self._lost = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._reader = hiredis.Reader(notEnoughData=_NOTHING)
        self._waiting: deque[Callable[[object], None]] = deque()

    @property
    def is_lost(self) -> bool:
        return self._lost.is_set()

    @property
    def waiting(self) -> int:
        """Commands without a reply yet."""
        return len(self._waiting)

    def send(self, commands: Sequence[Command], on_reply: Callable[[object], None]) -> None:
        """Send in one write; `on_reply` gets each reply, perhaps a `hiredis.ReplyError`, or none."""
        assert self._transport is not None, "send() comes after connect()"
        self._waiting.extend(repeat(on_reply, len(commands)))
        packed = [hiredis.pack_command(command) for command in commands]  # type: ignore[arg-type]
        self._transport.write(b"".join(packed))

    def send_unanswered(self, command: Command) -> None:
        """Send a command that RESP3 answers by pushes alone: (UN)SUBSCRIBE."""
        assert self._transport is not None, "send() comes after connect()"
        self._transport.write(hiredis.pack_command(command))  # type: ignore[arg-type]

    async def ask(self, command: Command, within_s: float) -> object:
        """Send and wait. Raises RedisUnavailable for an error reply and for none."""
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()

        def resolve(reply: object) -> None:
            if not future.done():
                future.set_result(reply)

        self.send((command,), resolve)
        try:
            async with asyncio.timeout(within_s):
                reply = await future
        except TimeoutError:
            raise RedisUnavailable("no answer in time") from None
        if isinstance(reply, Exception):
            raise RedisUnavailable(_named(reply))
        return reply

    def abort(self) -> None:
        """End at once, without waiting for anything."""
        if self._transport is not None:
            self._transport.abort()

    async def end(self) -> None:
        """End at once, and return when it is gone."""
        self.abort()
        await self._lost.wait()

    # --- asyncio calls ----------------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio.Transport, so this cannot be asserted.
        self._transport = cast("asyncio.Transport", transport)
        sock = transport.get_extra_info("socket")
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEPALIVE:
                sock.setsockopt(socket.IPPROTO_TCP, option, value)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lost.set()
        waiting, self._waiting = self._waiting, deque()
        for on_reply in waiting:
            on_reply(RedisUnavailable("the connection was lost"))
        self.on_lost()

    @override
    def data_received(self, data: bytes) -> None:
        reader = self._reader
        pushes: list[list[Any]] = []
        try:
            reader.feed(data)
            while (reply := reader.gets()) is not _NOTHING:
                if isinstance(reply, hiredis.PushNotification):
                    pushes.append(reply)
                elif self._waiting:
                    self._waiting.popleft()(reply)
        except hiredis.ProtocolError:
            self.abort()  # this is no Redis, or no longer one
        if pushes:
            self.on_pushes(pushes)


async def connect(url: RedisUrl, within_s: float, *, name: str) -> RedisConnection:
    """Connect, sign in, and be named in CLIENT LIST. Raises RedisUnavailable."""
    if url.service:
        place = await _master(url, within_s)
    else:
        place = url.places[0]
    return await _connect(url, place, within_s, name)


async def _connect(url: RedisUrl, place: Place, within_s: float, name: str) -> RedisConnection:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within_s):
            if place.path:
                _, connection = await loop.create_unix_connection(RedisConnection, place.path)
            else:
                _, connection = await loop.create_connection(
                    RedisConnection, place.host, place.port, ssl=_tls_context(url.tls)
                )
    except (OSError, TimeoutError) as exception:
        raise RedisUnavailable(type(exception).__name__) from None
    try:
        await connection.ask(_hello(url, name), within_s)
    except BaseException:
        await connection.end()
        raise
    return connection


async def _master(url: RedisUrl, within_s: float) -> Place:
    """Ask the sentinels in turn where the master is; the first that knows is believed."""
    for place in url.places:
        with contextlib.suppress(RedisUnavailable):
            sentinel = await _connect(url, place, within_s, "taskwire-sentinel")
            try:
                command = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", url.service)
                answer = await sentinel.ask(command, within_s)
            finally:
                await sentinel.end()
            if isinstance(answer, list):
                host, port = answer
                return Place(host=host.decode(), port=int(port))
    raise RedisUnavailable("no sentinel knows the master")


def _hello(url: RedisUrl, name: str) -> Command:
    command: Command = ("HELLO", 3)
    if url.password:
        command += ("AUTH", url.username or "default", url.password)
    return (*command, "SETNAME", name)


def _tls_context(tls: Tls | None) -> ssl.SSLContext | None:
    if tls is None:
        return None
    context = ssl.create_default_context(cafile=tls.authority or None)
    context.check_hostname = tls.checks_host and tls.checks_certificate
    if not tls.checks_certificate:
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key or None)
    return context


def _named(error: Exception) -> str:
    """The error's own code (NOAUTH, WRONGPASS, LOADING …) and not its text: it may quote us."""
    return str(error).partition(" ")[0] or type(error).__name__


def _ignore(_pushes: Sequence[list[Any]]) -> None: ...


def _nothing() -> None: ...
