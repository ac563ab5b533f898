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
        return self._announced(await self.store.mark_all_read(person_id, write))

    def _announced(self, result: Answer | Missing | KeyTaken) -> Answer:
        match result:
            case Answer():
                announce(self.hints, result)
                return result
            case Missing():
                raise NotFoundError
            case KeyTaken():
                raise KeyReusedError
