from typing import cast

import pytest

from taskwire.application.notifications import Notifications
from taskwire.application.ports import (
    Answer,
    Change,
    KeyTaken,
    Missing,
    NotificationStore,
    StoreFull,
    TaskStore,
    VersionStale,
    WriteResult,
)
from taskwire.application.tasks import Tasks, VersionStaleError
from taskwire.domain.errors import (
    InvalidError,
    KeyReusedError,
    LimitReachedError,
    NotFoundError,
)
from tests.unit.application.test_imports import Heard
from tests.unit.application.test_representation import TASK

WRITTEN = Answer(200, b"{}", "e", 5, (Change("user:7:tasks", 5, b"frame"),))
REPEATED = Answer(200, b"{}", "e", 5)


class OneResult:
    """Every write has the same result."""

    def __init__(self, result: WriteResult) -> None:
        self.result = result
        self.calls = 0

    async def _write(self, *_: object) -> WriteResult:
        self.calls += 1
        return self.result

    create = change = delete = restore = mark_read = mark_some_read = _write

    async def find(self, person_id: int, task_id: int) -> None:
        return None


def tasks(result: WriteResult, heard: Heard | None = None) -> Tasks:
    return Tasks(cast("TaskStore", OneResult(result)), heard or Heard())


async def test_what_was_committed_is_announced() -> None:
    heard = Heard()
    assert await tasks(WRITTEN, heard).change(7, 1, {"title": "x"}, None, None) is WRITTEN
    assert heard.announced == [("user:7:tasks", 5, b"frame")]


async def test_an_answer_that_is_repeated_is_not_announced_again() -> None:
    heard = Heard()
    await tasks(REPEATED, heard).delete(7, 1, None, None)
    assert not heard.announced


@pytest.mark.parametrize(
    ("result", "trouble"),
    [
        (Missing(), NotFoundError),
        (VersionStale(TASK), VersionStaleError),
        (KeyTaken(), KeyReusedError),
        (StoreFull(), LimitReachedError),
    ],
)
async def test_each_refusal_is_an_error_of_its_own(
    result: WriteResult, trouble: type[Exception]
) -> None:
    with pytest.raises(trouble):
        await tasks(result).restore(7, 1, None)


async def test_a_broken_rule_reaches_no_store() -> None:
    store = OneResult(WRITTEN)
    with pytest.raises(InvalidError):
        await Tasks(cast("TaskStore", store), Heard()).create(7, {"title": " "}, None)
    assert store.calls == 0


async def test_a_task_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        await tasks(WRITTEN).read(7, 1)


async def test_reading_notifications_is_announced_and_refused_alike() -> None:
    heard = Heard()
    await Notifications(cast("NotificationStore", OneResult(WRITTEN)), heard).mark_read(7, 1, None)
    assert len(heard.announced) == 1
    for result, trouble in ((Missing(), NotFoundError), (KeyTaken(), KeyReusedError)):
        store = cast("NotificationStore", OneResult(result))
        with pytest.raises(trouble):
            await Notifications(store, heard).mark_all_read(7, None)
