"""Clients on sockets: the page, which holds a cursor, and the listener, which only listens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson
from typing_extensions import override

from taskwire.realtime.close_codes import UNAUTHORIZED
from taskwire.realtime.ports import Grant, LogUnavailable
from tests.faults.simulation.client import Device, UnreachableError
from tests.faults.simulation.line import Line
from tests.faults.simulation.plan import Fault

if TYPE_CHECKING:
    from tests.faults.simulation.world import World

SILENT_BEATS_MAX: Final = 2
BEATS_AHEAD_MAX: Final = 2
CONNECT_S: Final = 0.05
HELLO_S: Final = 10.0
"""How long a page waits for the first word."""
FLOOD: Final = 25


@dataclass
class Visit:
    """One socket, from the client's side."""

    line: Line
    ended: asyncio.Future[int | None]
    heard_at_s: float
    session: str
    since: str = "proper"
    """How its cursor was chosen; of an odd one a reset may come."""
    epoch: str = ""
    silence_max_s: float = HELLO_S
    beats_ahead: int = 0
    waiting: list[Mapping[str, Any]] = field(default_factory=list)
    """Frames that came while a snapshot is on its way."""
    snapshot: asyncio.Task[None] | None = None
    is_watched: bool = False

    def end(self, code: int | None = None) -> None:
        if not self.ended.done():
            self.ended.set_result(code)


class Page(Device):
    """A tab: snapshot, socket, cursor."""

    def __init__(self, world: World, name: str, channel: str, session: str) -> None:
        super().__init__(world, name, channel)
        self.session = session
        self.is_restless = self.chance.random() < 0.2
        self.resets_in_place = self.chance.random() < 0.5
        self.visit: Visit | None = None

    @override
    async def listen(self) -> None:
        process = self.world.pick_process(self.chance)
        await asyncio.sleep(CONNECT_S * self.chance.random())
        if process is None or process.is_gone:
            raise UnreachableError
        loop = asyncio.get_running_loop()
        line = Line(process, self, self.chance, self.world.plan.line_bytes_max)
        self.visit = visit = Visit(line, loop.create_future(), loop.time(), self.session)
        try:
            self._open(visit)
            code = await self._until_end(visit)
        finally:
            self._close(visit)
        if code == UNAUTHORIZED.code and self.session in self.world.revoked:
            self.leave()

    def _open(self, visit: Visit) -> None:
        since = self._choose_cursor(visit)
        visit.line.open(self.channel, Grant(self.subject, self.session, 0.0), since)
        asyncio.get_running_loop().call_later(visit.silence_max_s, self._watch, visit)
        if self.world.happens(Fault.QUICK_LEAVE, self.chance):
            visit.line.lose()
            visit.end()

    async def _until_end(self, visit: Visit) -> int | None:
        if not self.is_restless or self.world.is_quiet:
            return await visit.ended
        await asyncio.wait((visit.ended,), timeout=2 * self.chance.random())
        return visit.ended.result() if visit.ended.done() else None

    def _close(self, visit: Visit) -> None:
        self.visit = None
        if visit.snapshot is not None:
            visit.snapshot.cancel()
        if not visit.line.is_over:
            visit.line.leave()

    def _choose_cursor(self, visit: Visit) -> str | None:
        if not self.world.happens(Fault.ODD_CURSOR, self.chance):
            self.open_segment(self.seq)
            return f"{self.epoch}.{self.seq}"
        visit.since = self.chance.choice(("old", "none", "ahead", "foreign", "malformed"))
        match visit.since:
            case "old":
                since = self.chance.randint(0, self.seq)
            case "ahead":
                since = self.seq + self.chance.randint(1, 5)
            case "foreign":
                return f"elsewhere.{self.seq}"
            case "malformed":
                return f"{self.epoch}.1.5"
            case _:
                return None
        self.open_segment(since)
        return f"{self.epoch}.{since}"

    # --- what comes ---------------------------------------------------------------------------------

    def on_end(self, line: Line, code: int | None) -> None:
        if self.visit is not None and self.visit.line is line:
            self.visit.end(code)

    def on_wire(self, line: Line, wire: bytes) -> None:
        visit = self.visit
        if visit is None or visit.line is not line:
            return
        visit.heard_at_s = asyncio.get_running_loop().time()
        for payload in wire.split(b"\n"):
            if visit.ended.done():
                return
            if payload == b"PING":
                line.answer_ping()
            elif payload:
                self._take(visit, orjson.loads(payload))

    def _take(self, visit: Visit, frame: Mapping[str, Any]) -> None:
        match frame["type"]:
            case "hello":
                self._greet(visit, frame["data"])
            case "heartbeat":
                self._compare(visit, frame["data"]["seq"])
            case "reset":
                self._start_again(visit, frame["data"])
            case _ if "seq" in frame:
                self.note_wire(frame, visit.session)
                self._apply_or_wait(visit, frame)
            case _:
                pass  # a free word, or one of a later protocol

    def _greet(self, visit: Visit, data: Mapping[str, Any]) -> None:
        self.failures = 0
        visit.epoch = data["epoch"]
        visit.silence_max_s = SILENT_BEATS_MAX * data["heartbeat_seconds"]
        self._watch_anew(visit)
        if visit.since == "none":
            self.open_segment(data["seq"])
        if visit.since in ("none", "old") and self._is_elsewhere(visit, data):
            visit.end()  # and come back with the cursor: the server judges it
        if self.world.happens(Fault.FLOOD, self.chance):
            for _ in range(FLOOD):
                visit.line.say('{"type":"hi"}')
        elif self.world.plan.limits.socket_lifetime_s < 60 and self.chance.random() < 0.5:
            lifetime_s = self.world.plan.limits.socket_lifetime_s
            asyncio.get_running_loop().call_later(lifetime_s / 2, self._renew, visit)

    def _is_elsewhere(self, visit: Visit, data: Mapping[str, Any]) -> bool:
        """True: who did not say where it is holds something else than the log."""
        is_behind = visit.since == "none" and data["seq"] > self.seq
        return data["epoch"] != self.epoch or data["seq"] < self.seq or is_behind

    def _renew(self, visit: Visit) -> None:
        if not visit.ended.done():
            token = self.session if self.chance.random() < 0.9 else "bad"
            visit.line.say(f'{{"type":"auth","data":{{"token":"{token}"}}}}')

    def _compare(self, visit: Visit, seq: int) -> None:
        """Hold the heartbeat's number against the cursor: a line brings frames before it."""
        if seq <= self.seq or not self.has_snapshot or visit.epoch != self.epoch:
            visit.beats_ahead = 0
            return
        if visit.since == "proper":
            self.world.blame("S1", f"{self.name} at {self.seq} was never sent {seq}")
        visit.beats_ahead += 1
        if visit.beats_ahead >= BEATS_AHEAD_MAX:
            visit.end()

    def _start_again(self, visit: Visit, data: Mapping[str, Any]) -> None:
        self.note_reset(data, is_expected=visit.since in ("ahead", "foreign"))
        visit.epoch, visit.since = data["epoch"], "proper"
        visit.waiting.clear()
        if not self.resets_in_place:
            visit.end()
            return
        self.open_segment(data["seq"])
        if visit.snapshot is not None:
            visit.snapshot.cancel()
        visit.snapshot = asyncio.get_running_loop().create_task(self._refill(visit))

    async def _refill(self, visit: Visit) -> None:
        with contextlib.suppress(LogUnavailable):
            await self.take_snapshot()
        if not self.has_snapshot or self.epoch != visit.epoch:
            visit.end()  # frames do not say their epoch: those of this socket may be of another
            return
        waiting, visit.waiting = visit.waiting, []
        for frame in waiting:
            self._apply_or_wait(visit, frame)

    def _apply_or_wait(self, visit: Visit, frame: Mapping[str, Any]) -> None:
        if not self.has_snapshot:
            visit.waiting.append(frame)
        elif visit.epoch == self.epoch and not self.apply(frame):
            if visit.since == "proper":
                self.world.blame("S2", f"{self.name} at {self.seq} was sent {frame['seq']}")
            visit.end()

    # --- silence ------------------------------------------------------------------------------------

    def _watch_anew(self, visit: Visit) -> None:
        """Now that the heartbeat's period is known."""
        if not visit.is_watched:
            visit.is_watched = True
            asyncio.get_running_loop().call_later(visit.silence_max_s, self._watch, visit)

    def _watch(self, visit: Visit) -> None:
        if visit.ended.done() or visit is not self.visit:
            return
        loop = asyncio.get_running_loop()
        due_s = visit.heard_at_s + visit.silence_max_s
        if loop.time() >= due_s:
            self.world.saw("dead line noticed")
            visit.end()
        else:
            loop.call_at(due_s, self._watch, visit)


class Listener(Page):
    """The simplest client: no snapshot, no cursor. It sees what comes from the head on."""

    def __init__(self, world: World, name: str, channel: str, session: str) -> None:
        super().__init__(world, name, channel, session)
        self.has_snapshot = True
        self.resets_in_place = True

    @override
    async def take_snapshot(self) -> None:
        self.has_snapshot = True

    @override
    def say_end(self) -> None:
        self.say("left")

    @property
    @override
    def is_converged(self) -> bool:
        return True

    @override
    def is_past(self, epoch: str, head: int) -> bool:
        return False

    @override
    def _choose_cursor(self, visit: Visit) -> str | None:
        visit.since = "none"
        return None

    @override
    def _apply_or_wait(self, visit: Visit, frame: Mapping[str, Any]) -> None: ...

    @override
    def _compare(self, visit: Visit, seq: int) -> None: ...

    @override
    def _is_elsewhere(self, visit: Visit, data: Mapping[str, Any]) -> bool:
        return False
