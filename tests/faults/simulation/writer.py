"""People who write: one transaction at a time per stream, some rolled back, late or unannounced."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tests.faults.simulation.log import Entry
from tests.faults.simulation.plan import Fault

if TYPE_CHECKING:
    from tests.faults.simulation.world import World

TASKS: Final = 6
COMMIT_S: Final = 0.01
LATE_S: Final = 2.5
BURST_ODDS: Final = 0.06
BURST: Final = 12


class Writer:
    """A person's edits, from whichever device."""

    def __init__(self, world: World, channel: str) -> None:
        self._world = world
        self._channel = channel
        self._chance = world.chance(f"writer of {channel}")
        self._canary = f"canary{channel.split(':')[1]}"
        self._ops = 0

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await asyncio.sleep(self._world.plan.pause_s * self._chance.random())
            burst = self._chance.randint(2, BURST) if self._chance.random() < BURST_ODDS else 1
            for _ in range(burst):
                await self._world.may_write.wait()
                await self.write()

    async def write_last(self) -> None:
        """Commit late, and let no hint go out: nothing that comes after it will show the gap."""
        await self.write(is_last=True)

    async def write(self, *, is_last: bool = False) -> None:
        """Run one transaction. What becomes of it is in the history."""
        world, chance = self._world, self._chance
        loop = asyncio.get_running_loop()
        self._ops += 1
        op = f"{self._canary}-{self._ops}"
        began_at_s, life = loop.time(), world.log.life
        self._say(op, "invoke")
        is_late = is_last or world.happens(Fault.COMMIT_LATE, chance)
        await asyncio.sleep(LATE_S * chance.random() if is_late else COMMIT_S * chance.random())
        is_gone = world.log.shut or world.log.life != life
        if is_gone or world.happens(Fault.ROLLED_BACK, chance):
            self._say(op, "fail")
            return
        entry = world.log.append(self._channel, *self._change(op), at_s=began_at_s)
        world.watch(self._channel, entry)
        if is_last or world.happens(Fault.NEVER_ANNOUNCED, chance):
            self._say(op, "info")  # the process died between its commit and its answer
            return
        self._say(op, "ok", epoch=world.log.epoch, seq=entry.event.seq)
        self._announce(entry)

    def _announce(self, entry: Entry) -> None:
        for process in self._world.processes:
            process.bus.carry(self._channel, entry.payload)

    def _change(self, op: str) -> tuple[str, str, Mapping[str, Any]]:
        log = self._world.log
        task_id = self._chance.randint(1, TASKS)
        version = log.version(self._channel, task_id) + 1
        is_there = task_id in log.channels[self._channel].tasks
        if is_there and self._chance.random() < 0.2:
            return "task_deleted", op, {"task_id": task_id}
        kind = "task_update" if is_there else "task_created"
        data = {"id": task_id, "title": f"{self._canary} {op}", "version": version}
        return kind, op, data

    def _say(self, op: str, kind: str, **said: object) -> None:
        self._world.say("writer", "write", kind=kind, op=op, channel=self._channel, **said)
