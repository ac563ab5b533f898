"""A change log in memory. It can be pruned, rewound, restored and cut off, as a database can."""

from collections.abc import Callable, Sequence

import orjson

from taskwire.realtime.ports import Extent, Frame, LogUnavailable, Moved, Positions, Range


class MemoryLog:
    """Implements `ChangeLog`. A mark is the count of commits, which only this log compares."""

    def __init__(self, epoch: str = "e1") -> None:
        self.epoch = epoch
        self.is_available = True
        self.questions = 0
        """How many queries a database would have seen."""
        self.on_question: Callable[[int], None] = lambda _number: None
        """Called before a question is answered: what happens meanwhile."""
        self._frames: dict[str, list[Frame]] = {}
        self._floors: dict[str, int] = {}
        self._moved_at: dict[str, int] = {}
        self._commits = 0

    # --- what a test does to it -------------------------------------------------------------------

    def commit(self, channel: str, **data: object) -> Frame:
        """Append a frame under the next number."""
        seq = self.head(channel) + 1
        payload = orjson.dumps({"type": "task_update", "seq": seq, "data": data})
        frame = Frame(seq, payload)
        self._frames.setdefault(channel, []).append(frame)
        self._commits += 1
        self._moved_at[channel] = self._commits
        return frame

    def prune(self, channel: str, floor: int) -> None:
        """Forget the frames up to `floor`."""
        frames = self._frames.get(channel, [])
        self._frames[channel] = [frame for frame in frames if (frame.seq or 0) > floor]
        self._floors[channel] = max(floor, self._floors.get(channel, 0))

    def rewind(self, channel: str, head: int, *, is_told: bool = True) -> None:
        """Come back from an old backup without saying so: same epoch, lower head.

        `is_told`: the next sweep hears of it. Of a stream that rests since before the backup, it
        does not.
        """
        self._frames[channel] = [f for f in self._frames[channel] if (f.seq or 0) <= head]
        self._commits += 1
        self._moved_at[channel] = self._commits if is_told else 0

    def restore(self, epoch: str) -> None:
        """Come back from a backup as `taskwire restore` does: another epoch."""
        self.epoch = epoch

    def head(self, channel: str) -> int:
        frames = self._frames.get(channel)
        return frames[-1].seq or 0 if frames else self._floors.get(channel, 0)

    def payloads(self, channel: str, after: int = 0) -> list[bytes]:
        return [f.payload for f in self._frames.get(channel, []) if (f.seq or 0) > after]

    # --- ChangeLog ----------------------------------------------------------------------------------

    async def positions(self, channels: Sequence[str]) -> Positions:
        self._answer()
        extents = {name: Extent(self._floors.get(name, 0), self.head(name)) for name in channels}
        return Positions(self.epoch, extents)

    async def read(self, ranges: Sequence[Range]) -> Sequence[Sequence[Frame]]:
        self._answer()
        return [self._read(wanted) for wanted in ranges]

    async def moved(self, since: str | None) -> Moved:
        self._answer()
        mark = str(self._commits)
        if since is None:
            return Moved(self.epoch, mark, {})
        overlap = int(since) - 1
        heads = {name: self.head(name) for name, at in self._moved_at.items() if at > overlap}
        return Moved(self.epoch, mark, heads)

    def _read(self, wanted: Range) -> list[Frame]:
        frames = [f for f in self._frames.get(wanted.channel, []) if (f.seq or 0) > wanted.after]
        return frames[: wanted.limit]

    def _answer(self) -> None:
        self.questions += 1
        self.on_question(self.questions)
        if not self.is_available:
            raise LogUnavailable
