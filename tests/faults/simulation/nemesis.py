"""Whoever makes the faults that begin and end: the seed says which, when and for how long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tests.faults.simulation.plan import BY_ODDS, Fault
from tests.faults.simulation.process import Process

if TYPE_CHECKING:
    from tests.faults.simulation.world import World

TIMES_MAX: Final = 3
AWAY_S: Final = 2.5
RESTORE_S: Final = 2.7
"""Longer than a hint or an answer is under way, and than the sweep's interval: as real ones are."""
NOTICED_S: Final = 5.0
"""The probe finds a deaf subscription within this time."""
SLOW_S: Final = 0.8
FLAKY: Final = 0.2
NOTICED_AT_LAST_S: Final = 60.0
"""Far more than it takes; a page whose line went silent before its first word waits 10 s."""


class Nemesis:
    """All faults of one run, as tasks that end before the quiet begins."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance("nemesis")
        self._restoring = asyncio.Lock()

    async def run(self) -> None:
        """Make them all, and heal each."""
        async with asyncio.TaskGroup() as group:
            for fault in self._world.plan.faults:
                if fault not in BY_ODDS:
                    for _ in range(self._chance.randint(1, TIMES_MAX)):
                        group.create_task(self._make(fault))

    async def _make(self, fault: Fault) -> None:
        await asyncio.sleep(self._world.plan.trouble_s * self._chance.random())
        match fault:
            case Fault.BUS_DOWN | Fault.BUS_DEAF | Fault.BUS_RESUMED:
                await self._trouble_bus(fault)
            case Fault.LOG_AWAY | Fault.LOG_CUT_OFF | Fault.LOG_SLOW | Fault.LOG_FLAKY:
                await self._trouble_log(fault)
            case Fault.CRASH | Fault.DRAIN:
                await self._end_process(fault)
            case Fault.LINE_CUT | Fault.LINE_SILENT | Fault.LINE_SLOW:
                self._trouble_line(fault)
            case Fault.RESTORE | Fault.REWIND:
                async with self._restoring:
                    await self._restore(fault)
            case Fault.PRUNE:
                self._prune()
            case Fault.REVOKE:
                self._revoke()
            case _:
                raise AssertionError(f"{fault} happens by odds")

    async def _trouble_bus(self, fault: Fault) -> None:
        process = self._some_process()
        if process is None:
            return
        self._say(fault)
        bus = process.bus
        if fault is Fault.BUS_DOWN:
            bus.down += 1
            bus.lose()
            await asyncio.sleep(AWAY_S * self._chance.random())
            bus.down -= 1
        elif fault is Fault.BUS_DEAF:
            bus.deaf += 1
            await asyncio.sleep(NOTICED_S * self._chance.random())
            bus.deaf -= 1
        if not (bus.down or bus.deaf or process.is_gone):
            bus.resume()

    async def _trouble_log(self, fault: Fault) -> None:
        world, process = self._world, self._some_process()
        away_s = AWAY_S * self._chance.random()
        if fault is Fault.LOG_CUT_OFF:
            away_s *= 2  # longer than the sweep's overlap, too
        if fault is Fault.LOG_AWAY:
            self._say(fault)
            world.shut_log()
            await asyncio.sleep(away_s)
            world.open_log()
        elif process is not None:
            self._say(fault)
            await self._trouble_port(fault, process, away_s)

    async def _trouble_port(self, fault: Fault, process: Process, away_s: float) -> None:
        port = process.log
        port.shut += fault is Fault.LOG_CUT_OFF
        port.slow_s = SLOW_S if fault is Fault.LOG_SLOW else port.slow_s
        port.flaky = FLAKY if fault is Fault.LOG_FLAKY else port.flaky
        await asyncio.sleep(away_s)
        port.shut -= fault is Fault.LOG_CUT_OFF
        port.slow_s = 0.0 if fault is Fault.LOG_SLOW else port.slow_s
        port.flaky = 0.0 if fault is Fault.LOG_FLAKY else port.flaky
        # An answer that was under way may still come slowly.
        port.healthy_since_s = asyncio.get_running_loop().time() + SLOW_S

    async def _end_process(self, fault: Fault) -> None:
        process = self._some_process()
        if process is None:
            return
        self._say(fault)
        if fault is Fault.DRAIN:
            await process.drain(self._chance)
        else:
            process.crash()
        self._world.forget(process)
        await asyncio.sleep(2 * self._chance.random())
        self._world.start_process()

    def _trouble_line(self, fault: Fault) -> None:
        lines = [line for process in self._world.processes for line in process.lines]
        if not lines:
            return
        self._say(fault)
        line = self._chance.choice(lines)
        match fault:
            case Fault.LINE_CUT:
                line.cut()
            case Fault.LINE_SILENT:
                line.silence()
            case _:
                line.slow_down(asyncio.get_running_loop().time() + 4 * self._chance.random())

    async def _restore(self, fault: Fault) -> None:
        """Put a backup in the place of the log, and write nothing before everybody noticed."""
        world = self._world
        began_s = asyncio.get_running_loop().time()
        world.shut_log()
        await asyncio.sleep(RESTORE_S * (1 + self._chance.random()))
        # The checker knows one name for both; `target` says which resets it explains.
        world.say("nemesis", "fault", name="restore", target=fault)
        world.saw(fault)
        as_of_s = began_s - self._chance.random() * world.plan.trouble_s / 2
        world.log.restore(as_of_s, is_raw=fault is Fault.REWIND)
        world.may_write.clear()
        world.open_log()
        if not await world.until(lambda: not world.is_anybody_past(), NOTICED_AT_LAST_S):
            world.blame("S5", f"{fault} is not noticed by all")
        world.may_write.set()

    def _prune(self) -> None:
        name = self._chance.choice(self._world.plan.channels)
        head = self._world.log.channels[name].head
        if head:
            self._say(Fault.PRUNE)
            self._world.log.prune(name, self._chance.randint(max(1, head - 3), head))

    def _revoke(self) -> None:
        session = self._world.revoke_next()
        if session is not None:
            self._world.say("harness", "revoke", session=session)
            self._world.saw(Fault.REVOKE)

    def _some_process(self) -> Process | None:
        return self._world.pick_process(self._chance)

    def _say(self, fault: Fault) -> None:
        self._world.say("nemesis", "fault", name=str(fault), target="")
        self._world.saw(fault)
