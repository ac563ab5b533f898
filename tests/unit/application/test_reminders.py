from collections.abc import Sequence

from taskwire.application.ports import Change, Told
from taskwire.application.reminders import BATCHES_A_LOOK_MAX, Reminders


class Store:
    """So many are due; a batch takes its limit of them."""

    def __init__(self, due: int) -> None:
        self.due = due
        self.looks = 0

    async def tell_due(self, limit: int) -> Told:
        self.looks += 1
        taken = min(limit, self.due)
        self.due -= taken
        changes = tuple(Change("user:1:notifications", seq, b"{}") for seq in range(taken))
        return Told(changes, has_more=taken == limit)


class Hints:
    def __init__(self) -> None:
        self.announced: list[tuple[str, int | None, bytes]] = []

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.announced.append((channel, seq, payload))


async def look(due: int) -> tuple[Store, Sequence[object]]:
    store, hints = Store(due), Hints()
    count = await Reminders(store, hints, batch_size=10, pause_s=0).tell_due()
    assert count == len(hints.announced)
    return store, hints.announced


async def test_all_that_is_due_is_told_batch_by_batch_and_announced() -> None:
    store, announced = await look(25)
    assert (store.due, store.looks, len(announced)) == (0, 3, 25)


async def test_where_nothing_is_due_one_look_is_all() -> None:
    store, announced = await look(0)
    assert (store.looks, announced) == (1, [])


async def test_a_look_ends_however_much_is_due() -> None:
    store, _ = await look(10**9)
    assert store.looks == BATCHES_A_LOOK_MAX
