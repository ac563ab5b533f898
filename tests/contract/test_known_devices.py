import asyncio
from typing import Any

import orjson

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.domain.device import Device
from tests.contract.writing import ANN, BEN, LAPTOP, frames

PHONE = Device("Safari on iPhone", "198.51.100.7")
ANNS_NEWS = "user:1:notifications"


async def told(log: DatabaseChangeLog) -> list[dict[str, Any]]:
    return [orjson.loads(frame)["data"] for frame in await frames(log, ANNS_NEWS)]


async def test_the_first_sign_in_is_no_news_and_neither_is_the_same_device(
    sessions: DatabaseSessionStore, log: DatabaseChangeLog
) -> None:
    assert (await sessions.open(ANN, "t0", LAPTOP)).changes == ()
    assert (await sessions.open(ANN, "t1", LAPTOP)).changes == ()
    assert await told(log) == []


async def test_a_sign_in_from_elsewhere_is_told_once_with_its_session(
    sessions: DatabaseSessionStore, log: DatabaseChangeLog
) -> None:
    await sessions.open(ANN, "t0", LAPTOP)
    (change,) = (await sessions.open(ANN, "t1", PHONE)).changes
    assert (await sessions.open(ANN, "t2", PHONE)).changes == ()
    (news,) = await told(log)
    assert (news["kind"], news["title"]) == ("sign_in", "Safari on iPhone")
    assert "198.51.100.7" in news["body"]
    assert (change.channel, change.seq) == (ANNS_NEWS, 1)


async def test_the_same_device_is_new_to_another_person(
    sessions: DatabaseSessionStore,
) -> None:
    await sessions.open(BEN, "t0", LAPTOP)
    await sessions.open(ANN, "t1", PHONE)
    assert len((await sessions.open(BEN, "t2", PHONE)).changes) == 1


async def test_many_sign_ins_at_once_from_one_new_device_are_one_piece_of_news(
    sessions: DatabaseSessionStore, log: DatabaseChangeLog
) -> None:
    await sessions.open(ANN, "t", LAPTOP)
    await asyncio.gather(*(sessions.open(ANN, f"t{number}", PHONE) for number in range(10)))
    assert len(await told(log)) == 1
