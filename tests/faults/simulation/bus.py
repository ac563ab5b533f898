"""Pub/Sub as it really is: hints are lost, doubled, late, out of order, forged and mangled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Final

from tests.faults.simulation.clock import on_grid
from tests.faults.simulation.plan import Fault

Messages = Sequence[tuple[str, bytes]]

CONFIRM_WAIT_S: Final = 1.0
CARRY_S: Final = 0.004
LATE_S: Final = 1.5
TURNS_MAX: Final = 4
FAR: Final = 100_000
"""Forged frames are this far away: a forged *next* frame is a trusted publisher's own fault."""
GARBAGE: Final = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"seq":0}',
    b'{"seq":-3,"type":"x"}',
    b'{"seq":"7","type":"x"}',
    b'{"seq":1.5,"type":"x"}',
    b'{"seq":true,"type":"x"}',
    b'{"type":"job_update","data":{}}',
    b'{"type":"task_of_the_future","data":1,"canary":null}',
)


class Endpoint:
    """Implements `Bus`: the subscriber connection of one process."""

    def __init__(
        self, chance: Random, odds: Mapping[Fault, float], seen: Callable[[str], None]
    ) -> None:
        self.wanted: dict[str, asyncio.Future[None]] = {}
        self.down = 0
        """How many faults keep the connection away."""
        self.deaf = 0
        """How many faults keep it open and silent."""
        self._chance = chance
        self._odds = odds
        self._seen = seen
        self._inbox: list[tuple[str, bytes]] = []
        self._line = 0
        """Counts connections: what an older one carried never arrives."""
        self._on_messages: Callable[[Messages], None] = _ignore
        self._on_resumed: Callable[[], None] = _nothing

    # --- Bus --------------------------------------------------------------------------------------

    def listen(
        self, on_messages: Callable[[Messages], None], on_resumed: Callable[[], None]
    ) -> None:
        self._on_messages = on_messages
        self._on_resumed = on_resumed

    async def subscribe(self, channel: str) -> None:
        loop = asyncio.get_running_loop()
        confirmed = self.wanted.get(channel)
        if confirmed is None:
            confirmed = self.wanted[channel] = loop.create_future()
            loop.call_later(self._chance.random() * CARRY_S, self._confirm, confirmed)
        if not self.down:
            await asyncio.wait((confirmed,), timeout=CONFIRM_WAIT_S)

    def unsubscribe(self, channel: str) -> None:
        confirmed = self.wanted.pop(channel, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(None)  # whoever waits has nothing to wait for

    # --- what the simulation does to it -----------------------------------------------------------

    def carry(self, channel: str, message: bytes) -> None:
        """Bring a hint, or do not: the odds decide."""
        for carried, late_s in self._fates(message):
            at_s = asyncio.get_running_loop().time() + self._chance.random() * CARRY_S + late_s
            asyncio.get_running_loop().call_at(
                on_grid(at_s), self._arrive, self._line, channel, carried
            )

    def lose(self) -> None:
        """Drop the connection and what is on it."""
        self._line += 1

    def resume(self) -> None:
        """Be connected anew: all that is wanted is subscribed, then the engine is told."""
        self._line += 1
        for confirmed in list(self.wanted.values()):
            self._confirm(confirmed)
        self._on_resumed()

    def detach(self) -> None:
        """Be nobody's: the process is gone."""
        self._line += 1
        self._on_messages, self._on_resumed = _ignore, _nothing

    def _fates(self, message: bytes) -> Iterator[tuple[bytes, float]]:
        if self._happens(Fault.HINT_LOST):
            return
        if self._happens(Fault.NUMBER_ONLY):
            message = b'{"seq":%d}' % _number(message)
        yield message, LATE_S * self._chance.random() if self._happens(Fault.HINT_LATE) else 0.0
        if self._happens(Fault.HINT_DOUBLED):
            yield message, LATE_S * self._chance.random()
        if self._happens(Fault.FORGED):
            yield self._forge(_number(message)), 0.0
        if self._happens(Fault.GARBAGE):
            yield self._chance.choice(GARBAGE), 0.0

    def _forge(self, near: int) -> bytes:
        if self._chance.random() < 0.5:
            return b'{"seq":%d}' % (near + self._chance.randint(1, 4))
        return b'{"seq":%d,"type":"task_update","data":{"id":1,"title":"forged"}}' % (near + FAR)

    def _happens(self, fault: Fault) -> bool:
        odds = self._odds.get(fault)
        if odds is None or self._chance.random() >= odds:
            return False
        self._seen(fault)
        return True

    def _arrive(self, line: int, channel: str, message: bytes) -> None:
        if line != self._line or self.down or self.deaf:
            return
        if not self._inbox:
            turns = self._chance.randrange(TURNS_MAX)
            asyncio.get_running_loop().call_soon(self._flush_in, turns)
        self._inbox.append((channel, message))

    def _flush_in(self, turns: int) -> None:
        """Come between any two steps of whoever else has work in this instant."""
        if turns:
            asyncio.get_running_loop().call_soon(self._flush_in, turns - 1)
        else:
            self._flush()

    def _flush(self) -> None:
        heard = [(c, m) for c, m in self._inbox if c in self.wanted and self.wanted[c].done()]
        self._inbox.clear()
        if heard:
            self._on_messages(heard)

    def _confirm(self, confirmed: asyncio.Future[None]) -> None:
        if not (self.down or self.deaf or confirmed.done()):
            confirmed.set_result(None)


def _number(message: bytes) -> int:
    return int(message.partition(b'"seq":')[2].partition(b",")[0].rstrip(b"}"))


def _ignore(_messages: Messages) -> None: ...


def _nothing() -> None: ...
