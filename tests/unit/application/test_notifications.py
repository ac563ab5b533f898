from taskwire.application.notifications import READ_AT_ONCE_MAX, READ_TURNS_MAX, Notifications
from taskwire.application.ports import Answer, Change, Missing, NotificationSnapshot, WriteKey


class Store:
    """So many are unread; each call reads its limit of them."""

    def __init__(self, unread: int) -> None:
        self.unread = unread
        self.limits: list[int] = []

    async def mark_some_read(
        self, person_id: int, limit: int, read_before: int, write: WriteKey | None
    ) -> Answer:
        self.limits.append(limit)
        count = min(limit, self.unread)
        self.unread -= count
        changes = tuple(Change("user:1:notifications", seq, b"{}") for seq in range(count))
        return Answer(200, b"%d" % (read_before + count), "e", count, changes)

    async def snapshot(self, person_id: int) -> NotificationSnapshot:
        raise AssertionError("nobody asked for the list")

    async def mark_read(
        self, person_id: int, notification_id: int, write: WriteKey | None
    ) -> Missing:
        raise AssertionError("nobody reads a single one")


class Heard:
    def __init__(self) -> None:
        self.count = 0

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.count += 1


async def test_all_are_read_at_most_five_hundred_events_a_transaction() -> None:
    store, heard = Store(1200), Heard()
    answer = await Notifications(store, heard).mark_all_read(1, None)
    assert (answer.body, store.limits, heard.count) == (b"1200", [500] * 3, 1200)


async def test_reading_all_ends_however_many_there_are() -> None:
    store = Store(10**9)
    await Notifications(store, Heard()).mark_all_read(1, None)
    assert store.limits == [READ_AT_ONCE_MAX] * READ_TURNS_MAX
