import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import cast

import pytest

from taskwire.application.exports import (
    FILES_OPEN_MAX,
    Document,
    Exports,
    ExportStore,
    JsonDocument,
    WrittenFile,
)
from taskwire.application.feeds import FeedOwner, Feeds, RequestRate, feed_tag
from taskwire.domain.errors import (
    NotFoundError,
    ThrottledError,
    UnauthenticatedError,
    UnavailableError,
)


class OneFeed:
    """Addresses in memory, as hashes."""

    def __init__(self) -> None:
        self.digests: dict[int, str] = {}

    async def created_at(self, person_id: int) -> datetime | None:
        return datetime(2026, 11, 26, tzinfo=UTC) if person_id in self.digests else None

    async def put(self, person_id: int, digest: str) -> None:
        self.digests[person_id] = digest

    async def drop(self, person_id: int) -> None:
        self.digests.pop(person_id, None)

    async def owner(self, digest: str) -> FeedOwner | None:
        found = [person_id for person_id, known in self.digests.items() if known == digest]
        return FeedOwner(found[0], "e", 3) if found else None


class Files:
    """Writes the same short file for everybody but person 9, who is not there."""

    async def write(self, person_id: int, now: datetime, document: object) -> WrittenFile | None:
        return None if person_id == 9 else WrittenFile(BytesIO(b"file"), 4, "e", 3)


def feeds(store: OneFeed, per_minute_max: int = 60) -> tuple[Feeds, list[float]]:
    now_s = [0.0]
    rate = RequestRate(per_minute_max, clock=lambda: now_s[0])
    return Feeds(store, exports(), rate), now_s


def exports() -> Exports:
    return Exports(cast("ExportStore", Files()))


async def test_a_secret_has_256_bits_and_only_its_hash_is_kept() -> None:
    store = OneFeed()
    desk, _ = feeds(store)
    secrets = {await desk.create(7) for _ in range(20)}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {43}
    (digest,) = store.digests.values()
    assert digest in {hashlib.sha256(secret.encode()).hexdigest() for secret in secrets}


async def test_only_the_newest_secret_opens_the_feed_until_it_is_revoked() -> None:
    desk, _ = feeds(OneFeed())
    old, new = await desk.create(7), await desk.create(7)
    with pytest.raises(NotFoundError):
        await desk.find(old)
    assert (await desk.find(new)).person_id == 7
    await desk.revoke(7)
    with pytest.raises(NotFoundError):
        await desk.find(new)


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "x" * 10_000, "é" * 43, "../../../etc"])
async def test_a_wrong_secret_is_simply_not_there(secret: str) -> None:
    desk, _ = feeds(OneFeed())
    with pytest.raises(NotFoundError):
        await desk.find(secret)


async def test_a_feed_is_read_so_often_a_minute_and_no_more() -> None:
    desk, now_s = feeds(OneFeed(), per_minute_max=2)
    mine, other = await desk.create(7), await desk.create(8)
    await desk.find(mine)
    await desk.find(mine)
    now_s[0] = 20
    with pytest.raises(ThrottledError, match="read too often") as caught:
        await desk.find(mine)
    assert caught.value.retry_after_s == 41
    await desk.find(other)
    now_s[0] = 60
    await desk.find(mine)


async def test_a_tag_changes_with_every_change_of_a_task() -> None:
    desk, _ = feeds(OneFeed())
    owner = FeedOwner(7, "e", 3)
    written = await desk.write(owner)
    assert feed_tag(owner) == feed_tag(written)
    assert feed_tag(owner) != feed_tag(FeedOwner(7, "e", 4))


async def test_so_many_files_are_open_and_no_more() -> None:
    desk = exports()
    files = [await desk.write(7, _json) for _ in range(FILES_OPEN_MAX)]
    with pytest.raises(UnavailableError):
        await desk.write(7, _json)
    desk.close(files[0])
    assert files[0].content.closed
    await desk.write(7, _json)


async def test_nobody_has_no_file_and_holds_no_place() -> None:
    desk = exports()
    for _ in range(FILES_OPEN_MAX + 1):
        with pytest.raises(UnauthenticatedError):
            await desk.write(9, _json)


def _json() -> Document:
    return JsonDocument()
