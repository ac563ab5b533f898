"""What a person does with notifications."""

from __future__ import annotations

from dataclasses import dataclass

from taskwire.application.ports import (
    Answer,
    Hints,
    KeyTaken,
    Missing,
    NotificationSnapshot,
    NotificationStore,
    WriteKey,
)
from taskwire.application.tasks import announce
from taskwire.domain.errors import KeyReusedError, NotFoundError

READ_AT_ONCE_MAX = 500
"""Events in one transaction of "read all"."""

READ_TURNS_MAX = 100
"""Its transactions; whatever is left then, the answer counts as unread."""


@dataclass(frozen=True, slots=True)
class Notifications:
    store: NotificationStore
    hints: Hints

    async def snapshot(self, person_id: int) -> NotificationSnapshot:
        return await self.store.snapshot(person_id)

    async def mark_read(
        self, person_id: int, notification_id: int, write: WriteKey | None
    ) -> Answer:
        return self._announced(await self.store.mark_read(person_id, notification_id, write))

    async def mark_all_read(self, person_id: int, write: WriteKey | None) -> Answer:
        """In several transactions if need be: each holds the stream for a moment only."""
        read = 0
        for _ in range(READ_TURNS_MAX - 1):
            answer = await self._mark_some_read(person_id, read, write)
            if len(answer.changes) < READ_AT_ONCE_MAX:
                return answer
            read += len(answer.changes)
        return await self._mark_some_read(person_id, read, write)

    async def _mark_some_read(self, person_id: int, read: int, write: WriteKey | None) -> Answer:
        result = await self.store.mark_some_read(person_id, READ_AT_ONCE_MAX, read, write)
        return self._announced(result)

    def _announced(self, result: Answer | Missing | KeyTaken) -> Answer:
        match result:
            case Answer():
                announce(self.hints, result)
                return result
            case Missing():
                raise NotFoundError
            case KeyTaken():
                raise KeyReusedError
