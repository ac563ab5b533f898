"""Telling people what is due: reminders, and what became overdue. Done by a worker, once a second.

No timer is set for anything: whoever looks finds what is due in the database. So a worker that was
away, a flushed Redis and a clock that jumped delay a word and never lose or double it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from taskwire.application.ports import Hints, ReminderStore

BATCHES_A_LOOK_MAX = 1000
"""A look ends after so many; what is left is found by the next one, a second later."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """`pause_s` between two batches leaves SQLite's one writer to people."""

    store: ReminderStore
    hints: Hints
    batch_size: int
    pause_s: float

    async def tell_due(self) -> int:
        """Tell all that is due by now; how much it was. Safe to call twice, anywhere, at any time."""
        count = 0
        for _ in range(BATCHES_A_LOOK_MAX):
            told = await self.store.tell_due(self.batch_size)
            count += len(told.changes)
            for change in told.changes:
                self.hints.announce(change.channel, change.seq, change.frame)
            if not told.has_more:
                break
            await asyncio.sleep(self.pause_s)
        return count
