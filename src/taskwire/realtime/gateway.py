"""The engine's front door: sockets, long polls and the bus come in here and meet in the hub.

The hot path is `_on_messages` → `Stream.offer` → `Hub.broadcast`: no task, no log line and no
copy per delivery. All else that happens to a socket (joining, renewing, closing) may cost more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Final

from taskwire.realtime import close_codes
from taskwire.realtime.close_codes import CloseReason
from taskwire.realtime.connection import Connection, Poll
from taskwire.realtime.counters import Counters
from taskwire.realtime.heartbeats import Heartbeats
from taskwire.realtime.hub import Channel, Hub
from taskwire.realtime.joining import Changes, Joining
from taskwire.realtime.limits import Limits, Seats
from taskwire.realtime.pacing import Pacing
from taskwire.realtime.ports import (
    Authenticator,
    Bus,
    ChangeLog,
    Grant,
    LogUnavailable,
    Socket,
    WireFormat,
)
from taskwire.realtime.protocol import (
    Authenticate,
    Cursor,
    parse_client_message,
    parse_hint,
)
from taskwire.realtime.repair import Repairs

LOG = logging.getLogger(__name__)

REVOKED_KEPT_S: Final = 60.0
"""A handshake that was under way when its session ended comes after the sweep that said so."""


class TooManyPollsError(Exception):
    """`long_polls_max` long polls are waiting already."""


class Gateway:
    """All sockets and long polls of one process.

    `run()` must be a task of its own while the gateway is used. Everything else is called from
    the same event loop.
    """

    def __init__(
        self,
        *,
        log: ChangeLog,
        bus: Bus,
        authenticator: Authenticator,
        wire_format: WireFormat,
        limits: Limits,
        counters: Counters,
        clock: Callable[[], float] = time.monotonic,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.limits = limits
        self.counters = counters
        self.hub = Hub(wire_format.join)
        self.is_draining = False
        self._bus = bus
        self._authenticator = authenticator
        self._clock = clock
        self.repairs = Repairs(log, self.hub, self._deliver, counters)
        self.pacing = Pacing(self.hub, self._hear, counters, stopwatch)
        self._joining = Joining(
            log, bus, self.hub, self.repairs, self.pacing, self._deliver, limits, counters
        )
        self._seats = Seats(limits)
        self._heartbeats = Heartbeats(wire_format, limits, clock, self.close)
        self._connections: dict[Connection, None] = {}
        """Open sockets, in the order of their last proof: the first to expire comes first."""
        self._polls: set[Poll] = set()
        self._revoked: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        bus.listen(self._on_messages, self._on_resumed)

    # --- sockets -------------------------------------------------------------------------------

    async def authenticate(self, token: str) -> Grant | None:
        """Ask who stands behind a token; a ticket is spent by it. Raises LogUnavailable."""
        return await self._authenticator.authenticate(token)

    def open(
        self, name: str, grant: Grant, address: str, since: str | None, socket: Socket
    ) -> Connection | None:
        """Take a new socket that listens to channel `name`.

        Returns None when it was hung up at once: no seat, a malformed cursor, a session that
        ended during the handshake. Otherwise the caller reports `receive`, `pause`, `resume` and,
        exactly once, `lost`.
        """
        cursor = None if since is None else Cursor.parse(since)
        refusal = self._refusal(grant, is_malformed=since is not None and cursor is None)
        refusal = refusal or self._seats.take(grant.subject, address)
        if refusal is not None:
            self._hang_up(socket, refusal)
            return None
        channel, _ = self.hub.join(name)
        now_s = self._clock()
        connection = Connection(channel, grant, address, socket, self.limits, now_s)
        self._heartbeats.add(connection)
        self._connections[connection] = None
        self.counters.sockets += 1
        self.counters.sockets_opened += 1
        self._start(self._join(connection, cursor))
        return connection

    def receive(self, connection: Connection, text: str) -> None:
        """Hear a text message of a client."""
        now_s = self._clock()
        connection.heard_at_s = now_s
        if not connection.is_open:
            return
        message = parse_client_message(text)
        if not connection.may_speak(now_s):
            self.close(connection, close_codes.TOO_MANY)
        elif message is None:
            self.close(connection, close_codes.BAD_MESSAGE)
        elif isinstance(message, Authenticate):
            self._start(self._renew(connection, message.token))

    def heard(self, connection: Connection) -> None:
        """Hear any other sign of life."""
        connection.heard_at_s = self._clock()

    def pinged(self, connection: Connection) -> bool:
        """Hear a ping. True: answer it. A client that does not read gets no answers heaped up."""
        now_s = self._clock()
        connection.heard_at_s = now_s
        if not connection.may_speak(now_s):
            self.close(connection, close_codes.TOO_MANY)
        return connection.is_open and connection.is_writable

    def close(self, connection: Connection, reason: CloseReason) -> None:
        """Hang up on a socket, for a reason it is told."""
        if connection.is_open:
            self._hang_up(connection.socket, reason)
            self._remove(connection)

    def lost(self, connection: Connection, reason: CloseReason | None = None) -> None:
        """Hear that a socket is gone: by the other side, or for a `reason` below the engine."""
        if connection.is_open:
            self.counters.closes["CLIENT" if reason is None else reason.name] += 1
            self._remove(connection)

    @property
    def connections(self) -> Collection[Connection]:
        return self._connections.keys()

    # --- long polls ----------------------------------------------------------------------------

    async def changes(self, name: str, since: Cursor | None, wait_s: float) -> Changes:
        """Answer with what comes after `since`, waiting up to `wait_s` when there is nothing yet.

        Raises TooManyPollsError and LogUnavailable. While draining it answers at once.
        """
        if len(self._polls) >= self.limits.long_polls_max:
            raise TooManyPollsError
        channel, _ = self.hub.join(name)
        poll = Poll()
        self._polls.add(poll)
        self.counters.long_polls += 1
        try:
            wait_s = 0.0 if self.is_draining else wait_s
            return await self._joining.changes(poll, channel, since, wait_s)
        finally:
            self.counters.long_polls -= 1
            self._polls.discard(poll)
            if self.hub.leave(channel, poll):
                self._bus.unsubscribe(name)

    # --- what the sweep and the drain ask --------------------------------------------------------

    def revoke(self, sessions: Collection[str]) -> None:
        """End the sockets of sessions that ended. A scan: they are few, and an index is not free."""
        now_s = self._clock()
        self._revoked = {
            session: until_s for session, until_s in self._revoked.items() if until_s > now_s
        }
        if not sessions:
            return
        self._revoked.update(dict.fromkeys(sessions, now_s + REVOKED_KEPT_S))
        self.counters.sessions_revoked += len(sessions)
        for connection in [c for c in self._connections if c.session in sessions]:
            self.close(connection, close_codes.UNAUTHORIZED)

    def stop_taking(self) -> None:
        """Refuse new sockets from now on and end all long polls."""
        self.is_draining = True
        for poll in self._polls:
            poll.end()

    # --- the tasks of the process ----------------------------------------------------------------

    async def run(self) -> None:
        """Beat and repair until cancelled; then end the tasks of joining sockets as well."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.repairs.run())
                group.create_task(self._heartbeats.run(self._expire))
        finally:
            for task in list(self._tasks):
                task.cancel()

    def _expire(self) -> None:
        now_s = self._clock()
        expired = []
        for connection in self._connections:
            if connection.expires_at_s > now_s:
                break
            expired.append(connection)
        for connection in expired:
            self.close(connection, close_codes.UNAUTHORIZED)

    # --- the bus -----------------------------------------------------------------------------------

    def _on_messages(self, messages: Sequence[tuple[str, bytes]]) -> None:
        heard: dict[Channel, list[bytes]] = {}
        get = self.hub.get
        for name, message in messages:
            channel = get(name)
            if channel is None:
                continue
            if channel.put_off is not None:
                self.pacing.put_off(channel, message)
            elif channel in heard:
                heard[channel].append(message)
            else:
                heard[channel] = [message]
        for channel, waiting in heard.items():
            self._hear(channel, waiting)

    def _hear(self, channel: Channel, messages: Sequence[bytes]) -> None:
        payloads: list[bytes] = []
        for message in messages:
            payloads += self._accept(channel, message)
        if payloads:
            self._deliver(channel, payloads)

    def _accept(self, channel: Channel, message: bytes) -> Sequence[bytes]:
        hint = parse_hint(message)
        if hint is None:
            self.counters.messages_malformed += 1
            return ()
        if hint.seq is None:
            return (message,)
        stream = channel.stream
        payloads = stream.offer(hint.seq, hint.payload)
        if stream.is_behind:
            self.repairs.want(channel, "gap" if hint.payload is not None else "number_only")
        return payloads

    def _on_resumed(self) -> None:
        self.repairs.doubt(self.hub)

    def _deliver(self, channel: Channel, payloads: Sequence[bytes]) -> None:
        self.counters.deliveries += len(payloads) * len(channel.live)
        if LOG.isEnabledFor(logging.DEBUG):
            sent = (channel.name, channel.stream.last, len(channel.live))
            LOG.debug("delivered %s up to %d to %d listeners", *sent)
        for listener in self.pacing.broadcast(channel, payloads):
            assert isinstance(listener, Connection), "a long poll takes whatever comes"
            self.close(listener, close_codes.SLOW)

    # --- a socket's tasks --------------------------------------------------------------------------

    async def _join(self, connection: Connection, since: Cursor | None) -> None:
        if not connection.is_open:
            return  # lost before this task began: what it subscribes, nobody would unsubscribe
        try:
            await self._joining.welcome(connection, since)
        except LogUnavailable:
            self.close(connection, close_codes.LATER)
        except TimeoutError:
            self.close(connection, close_codes.SLOW)
        except Exception:
            LOG.exception("a socket could not join")
            self.counters.failures += 1
            self.close(connection, close_codes.INTERNAL)

    async def _renew(self, connection: Connection, token: str) -> None:
        try:
            grant = await self._authenticator.authenticate(token)
        except LogUnavailable:
            return  # nobody can say; the right it has goes on until it ends
        if not connection.is_open:
            return
        if grant is None or grant.subject != connection.subject or grant.session in self._revoked:
            self.close(connection, close_codes.UNAUTHORIZED)
            return
        connection.renew(grant, self._clock())
        del self._connections[connection]
        self._connections[connection] = None
        if connection.is_live:
            seq = connection.channel.stream.last
            if not connection.deliver(self._heartbeats.encode(seq)):
                self.close(connection, close_codes.SLOW)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _refusal(self, grant: Grant, *, is_malformed: bool) -> CloseReason | None:
        if self.is_draining:
            return close_codes.RESTART
        if grant.session in self._revoked:
            return close_codes.UNAUTHORIZED
        return close_codes.BAD_MESSAGE if is_malformed else None

    def _hang_up(self, socket: Socket, reason: CloseReason) -> None:
        self.counters.closes[reason.name] += 1
        socket.hang_up(reason.code, reason.text)

    def _remove(self, connection: Connection) -> None:
        connection.mark_closed()
        del self._connections[connection]
        self._heartbeats.remove(connection)
        self._seats.give_back(connection.subject, connection.address)
        self.counters.sockets -= 1
        if self.hub.leave(connection.channel, connection):
            self._bus.unsubscribe(connection.channel.name)
