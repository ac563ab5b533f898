"""A client whose network breaks sockets: long polls, the same frames, the same cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson
from typing_extensions import override

from taskwire.realtime.gateway import TooManyPollsError
from taskwire.realtime.joining import Changes
from taskwire.realtime.protocol import Cursor
from tests.faults.simulation.client import Device, UnreachableError

WAIT_S: Final = 3.0
ANSWER_S: Final = 0.05


class Poller(Device):
    """Asks again and again for what comes after its cursor."""

    @override
    async def listen(self) -> None:
        while await self._poll():
            pass

    async def _poll(self) -> bool:
        """Ask once. False: it is time for a snapshot."""
        changes = await self._ask()
        # The answer takes its own time, so that clients do not act in one instant.
        await asyncio.sleep(ANSWER_S * (0.1 + self.chance.random()))
        if changes.epoch == self.epoch:
            self.open_segment(self.seq)
        for item in changes.items:
            self._take(orjson.loads(item))
        if self.has_snapshot and (changes.epoch, changes.seq) != (self.epoch, self.seq):
            place = f"{changes.epoch}.{changes.seq}"
            self.world.blame("S3", f"{self.name} at {self.epoch}.{self.seq} got {place}")
        return self.has_snapshot

    async def _ask(self) -> Changes:
        process = self.world.pick_process(self.chance)
        if process is None:
            raise UnreachableError
        cursor = Cursor(self.epoch, self.seq)
        asking = asyncio.get_running_loop().create_task(
            process.gateway.changes(self.channel, cursor, WAIT_S)
        )
        process.polls[asking] = None
        try:
            await asyncio.wait((asking,))
        finally:
            asking.cancel()
            process.polls.pop(asking, None)
        if asking.cancelled():
            raise UnreachableError
        try:
            return asking.result()
        except TooManyPollsError as error:
            raise UnreachableError from error

    def _take(self, frame: Mapping[str, Any]) -> None:
        self.failures = 0
        if frame["type"] == "reset":
            self.note_reset(frame["data"], is_expected=False)
        elif "seq" in frame and self.has_snapshot:
            self.note_wire(frame, self.name)
            if not self.apply(frame):
                self.world.blame("S2", f"{self.name} at {self.seq} was sent {frame['seq']}")
