"""What a person does with tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taskwire.application.ports import (
    Answer,
    Hints,
    KeyTaken,
    Missing,
    StoreFull,
    TaskSnapshot,
    TaskStore,
    VersionStale,
    WriteKey,
    WriteResult,
)
from taskwire.domain.errors import KeyReusedError, LimitReachedError, NotFoundError, RefusedError
from taskwire.domain.task import FieldValue, Task, check_changes


class VersionStaleError(RefusedError):
    """`If-Match` did not hold; `current` goes out beside the error, so that a page can merge."""

    code = "version_stale"

    def __init__(self, current: Task) -> None:
        super().__init__("This task was changed meanwhile.")
        self.current = current


@dataclass(frozen=True, slots=True)
class Tasks:
    """The use cases of tasks over a store and a way to say what happened."""

    store: TaskStore
    hints: Hints

    async def snapshot(self, person_id: int) -> TaskSnapshot:
        return await self.store.snapshot(person_id)

    async def read(self, person_id: int, task_id: int) -> Task:
        task = await self.store.find(person_id, task_id)
        if task is None:
            raise NotFoundError
        return task

    async def create(
        self, person_id: int, given: Mapping[str, FieldValue], write: WriteKey | None
    ) -> Answer:
        fields = check_changes(given).as_new_task()
        return self._announced(await self.store.create(person_id, fields, write))

    async def change(
        self,
        person_id: int,
        task_id: int,
        given: Mapping[str, FieldValue],
        if_version: int | None,
        write: WriteKey | None,
    ) -> Answer:
        changes = check_changes(given)
        result = await self.store.change(person_id, task_id, changes, if_version, write)
        return self._announced(result)

    async def delete(
        self, person_id: int, task_id: int, if_version: int | None, write: WriteKey | None
    ) -> Answer:
        return self._announced(await self.store.delete(person_id, task_id, if_version, write))

    async def restore(self, person_id: int, task_id: int, write: WriteKey | None) -> Answer:
        return self._announced(await self.store.restore(person_id, task_id, write))

    def _announced(self, result: WriteResult) -> Answer:
        match result:
            case Answer():
                announce(self.hints, result)
                return result
            case Missing():
                raise NotFoundError
            case VersionStale(current):
                raise VersionStaleError(current)
            case KeyTaken():
                raise KeyReusedError
            case StoreFull():
                message = "You hold as many tasks as this server allows. Delete some first."
                raise LimitReachedError(message)


def announce(hints: Hints, answer: Answer) -> None:
    """After the commit, and never awaited: the log delivers what a hint does not."""
    for change in answer.changes:
        hints.announce(change.channel, change.seq, change.frame)
