"""Who comes back gets exactly what was missed, then lives on; or is told to begin again."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx2
import pytest
from sqlalchemy import Connection, text

from tests.product.line import Frame, line, unheard_line
from tests.product.people import add_history, database_of
from tests.product.person import Person
from tests.product.serving import Deployment, serving

BAD_MESSAGE = 4400


async def place(person: Person) -> tuple[str, int]:
    snapshot = (await person.http.get("/api/tasks")).json()
    return snapshot["epoch"], snapshot["seq"]


async def cursor(person: Person, seq: int) -> str:
    return f"{(await place(person))[0]}.{seq}"


async def test_a_socket_that_comes_back_gets_what_it_missed_then_lives_on(ann: Person) -> None:
    for number in range(1, 8):
        await ann.add(f"task {number}")
    async with ann.line(since=await cursor(ann, 3)) as line:
        await ann.add("task 8")
        frames = await line.frames(5)
    assert line.hello["data"]["seq"] >= 7
    assert [(f["seq"], f["data"]["title"]) for f in frames] == [
        (number, f"task {number}") for number in range(4, 9)
    ]


async def test_what_is_replayed_is_what_was_heard_live_to_the_byte(ann: Person) -> None:
    async with ann.line() as line:
        task = await ann.add('quotes " and שלום 👩\u200d👧 \u2028')
        await ann.put(task["id"], priority=1, headers={"Idempotency-Key": "op-1"})
        await ann.http.delete(f"/api/tasks/{task['id']}")
        live = [await line.text() for _ in range(3)]
    async with ann.line(since=line.cursor) as line:
        assert [await line.text() for _ in range(3)] == live


async def test_a_socket_that_missed_nothing_is_told_nothing(ann: Person) -> None:
    await ann.add("old")
    async with ann.line(since=await cursor(ann, 1)) as line:
        await ann.add("new")
        assert (await line.frame())["data"]["title"] == "new"


async def test_a_long_absence_is_made_up_for_in_order(ann: Person) -> None:
    """More than two pages of the log, with writes going on meanwhile."""
    task = await ann.add()
    await add_history(ann.product, ann.id, 1100)
    async with ann.line(since=await cursor(ann, 0)) as line:
        writing = asyncio.gather(*(ann.put(task["id"], title=f"late {n}") for n in range(20)))
        frames = await line.frames(1121)
        await writing
    assert [frame["seq"] for frame in frames] == list(range(1, 1122))


async def test_coming_and_going_while_everything_changes_loses_nothing(ann: Person) -> None:
    task = await ann.add()
    total = 90

    async def write() -> None:
        for number in range(total):
            await ann.put(task["id"], title=f"title {number}")

    heard: list[int] = [1]
    epoch, _ = await place(ann)
    writing = asyncio.create_task(write())
    while heard[-1] <= total:
        async with ann.line(since=f"{epoch}.{heard[-1]}") as line:
            heard += [frame["seq"] for frame in await line.frames(min(7, total + 1 - heard[-1]))]
    await writing
    assert heard == list(range(1, total + 2))


async def test_sockets_of_a_killed_process_resume_on_another_one_and_miss_nothing(
    deployment: Deployment, ann: Person
) -> None:
    """`kill -9`; `ann` is at a process that has been up all the time."""
    task = await ann.add()
    async with AsyncExitStack() as stack:
        with serving(deployment, "killed") as killed:
            opening = [stack.enter_async_context(line(killed, ann.token)) for _ in range(20)]
            lost = await asyncio.gather(*opening)
            killed.process.kill()
            await asyncio.gather(*(each.socket.wait_closed() for each in lost))
        for number in range(5):
            await ann.put(task["id"], title=f"meanwhile {number}")
        resuming = [stack.enter_async_context(ann.line(since=each.cursor)) for each in lost]
        resumed = await asyncio.gather(*resuming)
        await ann.put(task["id"], title="afterwards")
        heard = await asyncio.gather(*(each.frames(6) for each in resumed))
    assert [[frame["seq"] for frame in frames] for frames in heard] == [list(range(2, 8))] * 20


Refused = Callable[[str, int], str]


@pytest.mark.parametrize(
    ("reason", "since"),
    [
        ("epoch", lambda epoch, _: f"{epoch[::-1]}x.1"),
        ("rewind", lambda epoch, head: f"{epoch}.{head + 1}"),
        ("rewind", lambda epoch, _: f"{epoch}.99999999999999999"),
    ],
)
async def test_a_cursor_of_another_life_is_reset_and_the_socket_goes_on(
    ann: Person, reason: str, since: Refused
) -> None:
    await ann.add()
    epoch, head = await place(ann)
    async with ann.line(since=since(epoch, head)) as line:
        reset = await line.frame()
        await ann.add("next")
        following = await line.frame()
    assert reset == {"type": "reset", "data": {"reason": reason, "epoch": epoch, "seq": head}}
    assert following["seq"] == head + 1


async def raise_floor(person: Person, floor: int) -> None:
    """As pruning does it after thirty days."""
    channel = f"user:{person.id}:tasks"
    given: dict[str, object] = {"channel": channel, "floor": floor}
    async with database_of(person.product) as database:
        await database.write(lambda connection: _forget(connection, given))


def _forget(connection: Connection, given: dict[str, object]) -> None:
    for statement in (
        "UPDATE streams SET floor = :floor WHERE channel = :channel",
        "DELETE FROM events WHERE channel = :channel AND seq <= :floor",
    ):
        connection.execute(text(statement), given)


async def test_a_cursor_below_what_is_kept_is_reset_and_the_oldest_kept_is_served(
    ann: Person,
) -> None:
    for number in range(5):
        await ann.add(f"task {number}")
    await raise_floor(ann, 3)
    epoch, _ = await place(ann)
    async with ann.line(since=f"{epoch}.2") as line:
        assert (await line.frame())["data"] == {"reason": "retention", "epoch": epoch, "seq": 5}
    async with ann.line(since=f"{epoch}.3") as line:
        assert [frame["seq"] for frame in await line.frames(2)] == [4, 5]


MALFORMED = ["", "x", "epoch", "epoch.", ".1", "epoch.-1", "epoch.1.5", "epoch.1e3", "epoch.+1"]
MALFORMED += ["epoch.01", "epoch.9" + "9" * 30, "epoch. 1", "a" * 65 + ".1", "שלום.1", "e\x00.1"]


@pytest.mark.parametrize("since", MALFORMED)
async def test_a_cursor_that_is_none_is_refused_after_the_upgrade(ann: Person, since: str) -> None:
    async with unheard_line(ann.product, ann.token, since=since) as line:
        assert await line.close_code() == BAD_MESSAGE


async def test_another_persons_cursor_shows_nothing_of_theirs(ann: Person, ben: Person) -> None:
    await ben.add("a secret")
    await ann.add("mine")
    async with ann.line(since=f"{(await place(ben))[0]}.0") as line:
        assert (await line.frame())["data"]["title"] == "mine"
        await ann.add("mine again")
        assert (await line.frame())["data"]["title"] == "mine again"


# --- the same by long poll ------------------------------------------------------------------------


async def poll(person: Person, since: str | None = None, wait: float = 0) -> httpx2.Response:
    query: dict[str, str | float] = {"channel": "tasks", "wait": wait}
    return await person.http.get("/api/changes", params=query | ({"since": since} if since else {}))


async def test_changes_are_the_frames_of_the_socket_to_the_byte(ann: Person) -> None:
    async with ann.line() as line:
        await ann.add("one")
        await ann.add("two")
        live = [await line.text(), await line.text()]
    answer = await poll(ann, line.cursor)
    epoch = line.hello["data"]["epoch"]
    assert answer.content == b'{"items":[%b],"epoch":"%b","seq":2}' % (
        b",".join(live),
        epoch.encode(),
    )


async def test_a_poll_without_a_cursor_starts_at_the_head(ann: Person) -> None:
    await ann.add()
    page = (await poll(ann)).json()
    assert (page["items"], page["seq"]) == ([], 1)


async def test_pages_of_changes_are_bounded_and_join_without_a_gap(ann: Person) -> None:
    await add_history(ann.product, ann.id, 700)
    epoch, _ = await place(ann)
    first = (await poll(ann, f"{epoch}.0")).json()
    second = (await poll(ann, f"{first['epoch']}.{first['seq']}")).json()
    assert (len(first["items"]), first["seq"]) == (500, 500)
    seqs = [item["seq"] for item in [*first["items"], *second["items"]]]
    assert seqs == list(range(1, 701))


async def test_a_wait_ends_with_the_change_it_waited_for(ann: Person) -> None:
    since = await cursor(ann, 0)
    waiting = asyncio.create_task(poll(ann, since, wait=25))
    async with ann.line() as line:
        task = await ann.add()
        await line.frame()
    page = (await asyncio.wait_for(waiting, 5)).json()
    assert [(item["seq"], item["data"]) for item in page["items"]] == [(1, task)]
    assert page["seq"] == 1


async def test_a_wait_for_nothing_ends_empty(ann: Person) -> None:
    page = (await poll(ann, await cursor(ann, 0), wait=0.2)).json()
    assert (page["items"], page["seq"]) == ([], 0)


async def test_a_poller_misses_nothing_between_its_polls(ann: Person) -> None:
    task = await ann.add()
    total = 60

    async def write() -> None:
        for number in range(total):
            await ann.put(task["id"], title=f"title {number}")

    items: list[Frame] = []
    since = await cursor(ann, 1)
    writing = asyncio.create_task(write())
    while len(items) < total:
        page = (await poll(ann, since, wait=5)).json()
        items += page["items"]
        since = f"{page['epoch']}.{page['seq']}"
    await writing
    assert [item["seq"] for item in items] == list(range(2, total + 2))


@pytest.mark.parametrize("reason", ["epoch", "rewind", "retention"])
async def test_a_cursor_that_cannot_be_served_gets_a_reset_item(ann: Person, reason: str) -> None:
    for _ in range(3):
        await ann.add()
    await raise_floor(ann, 2)
    epoch, head = await place(ann)
    since = {"epoch": "another.1", "rewind": f"{epoch}.9", "retention": f"{epoch}.1"}[reason]
    page = (await poll(ann, since, wait=5)).json()
    data = {"reason": reason, "epoch": epoch, "seq": head}
    assert page == {"items": [{"type": "reset", "data": data}], "epoch": epoch, "seq": head}


@pytest.mark.parametrize("since", [one for one in MALFORMED if one])
async def test_a_poll_with_a_cursor_that_is_none_is_refused(ann: Person, since: str) -> None:
    answer = await poll(ann, since)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "channel=",
        "channel=user:1:tasks",
        "channel=tasks&wait=-1",
        "channel=tasks&wait=nan",
        "channel=tasks&wait=inf",
        "channel=tasks&wait=x",
        "channel=tasks&since=" + "e" * 200,
    ],
)
async def test_a_poll_that_makes_no_sense_is_refused(ann: Person, query: str) -> None:
    assert (await ann.http.get(f"/api/changes?{query}")).status_code == 422


async def test_notifications_have_changes_of_their_own(ann: Person) -> None:
    await ann.add()
    page = await ann.http.get("/api/changes?channel=notifications")
    assert (page.json()["items"], page.json()["seq"]) == ([], 0)
