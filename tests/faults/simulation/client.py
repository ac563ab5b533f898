"""A client's side of docs/protocol.md in memory: what it holds, and what it says of that.

    snapshot ─► cursor ─► frames: next → apply · old → ignore · gap → resume · reset → snapshot

`Device` is the part without a way to the server; sockets.py and polls.py bring frames.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any, Final

from taskwire.realtime.ports import LogUnavailable
from tests.faults.history import frame_digest, state_digest
from tests.faults.simulation.log import Snapshot

if TYPE_CHECKING:
    from tests.faults.simulation.world import World

BACKOFF_BASE_S: Final = 0.2
BACKOFF_CAP_S: Final = 2.0
REST_S: Final = 0.05


class UnreachableError(Exception):
    """Nobody answers; come again."""


class Device:
    """One screen of a person."""

    def __init__(self, world: World, name: str, channel: str) -> None:
        self.world = world
        self.name = name
        self.channel = channel
        self.chance: Random = world.chance(name)
        self.subject = channel.split(":")[1]
        self.epoch = ""
        self.life = 0
        self.seq = 0
        self.has_snapshot = False
        self.failures = 0
        self.is_leaving = False
        self.sockets = 0
        self._state: dict[int, Mapping[str, Any]] = {}

    async def run(self) -> None:
        """Listen until cancelled."""
        while not self.is_leaving:
            try:
                if not self.has_snapshot:
                    await self.take_snapshot()
                await self.listen()
            except (UnreachableError, LogUnavailable):
                pass
            await self._back_off()

    async def listen(self) -> None:
        """Bring frames until there is a reason to begin again."""
        raise NotImplementedError

    def leave(self) -> None:
        """Go for good."""
        self.is_leaving = True

    def say(self, f: str, **said: object) -> None:
        self.world.say(self.name, f, reader=self.name, channel=self.channel, **said)

    def open_segment(self, seq: int) -> None:
        """Say that from here on the wire brings what follows `seq`."""
        self.sockets += 1
        self.say("open", socket=self.sockets, seq=seq)

    def say_end(self) -> None:
        if self.is_leaving:
            self.say("left")
            return
        digest = state_digest(self._state)
        self.say("end", epoch=self.epoch, seq=self.seq, digest=digest)

    @property
    def is_converged(self) -> bool:
        log = self.world.log
        place = (log.epoch, log.channels[self.channel].head)
        return self.has_snapshot and (self.epoch, self.seq) == place

    def is_past(self, epoch: str, head: int) -> bool:
        """True: it holds numbers that the log has taken back."""
        return self.has_snapshot and (self.epoch != epoch or self.seq > head)

    async def take_snapshot(self) -> None:
        """Ask over REST for everything. Raises LogUnavailable."""
        port = self.world.rest
        snapshot = await port.ask(lambda: self.world.log.snapshot(self.channel))
        await asyncio.sleep(REST_S * self.chance.random())
        if self.world.log.shut or self.world.log.life != snapshot.life:
            raise LogUnavailable  # a restore takes longer than an answer is under way
        self._hold(snapshot)

    def note_reset(self, data: Mapping[str, Any], *, is_expected: bool) -> None:
        """Drop what is held."""
        self.world.saw(f"reset {data['reason']}")
        self.say("reset", expected=is_expected, **data)
        self.has_snapshot = False

    def note_wire(self, frame: Mapping[str, Any], session: str) -> None:
        self.say("wire", socket=self.sockets, seq=frame["seq"], session=session)

    def apply(self, frame: Mapping[str, Any]) -> bool:
        """Take a numbered frame. False: there is a gap before it."""
        seq: int = frame["seq"]
        if seq <= self.seq:
            return True
        if seq != self.seq + 1:
            return False
        kind, data = frame["type"], frame["data"]
        self.seq = seq
        if kind == "task_deleted":
            self._state.pop(data["task_id"], None)
        else:
            self._state[data["id"]] = data
        self._say_apply(frame, kind, data)
        return True

    def _say_apply(self, frame: Mapping[str, Any], kind: str, data: Mapping[str, Any]) -> None:
        self.say(
            "apply",
            epoch=self.epoch,
            life=frame["life"],
            seq=self.seq,
            digest=frame_digest(kind, data),
            task=data.get("id"),
            version=data.get("version"),
            canary=data["title"].partition(" ")[0] if "title" in data else None,
            own_canary=f"canary{self.subject}",
        )

    def _hold(self, snapshot: Snapshot) -> None:
        self._state = snapshot.tasks
        self.epoch, self.life, self.seq = snapshot.epoch, snapshot.life, snapshot.seq
        self.has_snapshot = True
        digest = state_digest(self._state)
        self.say("snapshot", epoch=self.epoch, life=self.life, seq=self.seq, digest=digest)

    async def _back_off(self) -> None:
        self.failures += 1
        bound_s = min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(self.failures, 8))
        await asyncio.sleep(bound_s * self.chance.random())
