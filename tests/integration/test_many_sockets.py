"""Issue 2, line 4: 1,000 sockets of 500 people on one process, one Redis connection for all."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from redis.asyncio import Redis

from tests.product.line import Line, line
from tests.product.people import Known, add_people
from tests.product.person import anonymous
from tests.product.serving import Serving

PEOPLE = 500
SOCKETS_EACH = 2
AT_ONCE = 50
SETTINGS = {"SOCKETS_PER_ADDRESS_MAX": "2000"}


async def test_a_thousand_sockets_share_one_subscriber_and_each_hears_its_own(
    product: Serving,
) -> None:
    people = await add_people(product, PEOPLE)
    async with AsyncExitStack() as stack:
        began_s = time.perf_counter()
        lines = await open_all(stack, product, [person for person in people for _ in (1, 2)])
        took_s = time.perf_counter() - began_s
        print(f"{len(lines)} sockets opened in {took_s:.1f} s")  # noqa: T201
        client = await stack.enter_async_context(Redis.from_url(product.redis.url))
        assert len(await client.client_list(_type="pubsub")) == 1
        assert len(await client.pubsub_channels("user:*")) == PEOPLE
        written = await write_one_each(product, people)
        began_s = time.perf_counter()
        heard = await asyncio.gather(*(opened.frame() for opened in lines))
        print(f"all heard {time.perf_counter() - began_s:.2f} s after the last write")  # noqa: T201
    titles = [frame["data"]["title"] for frame in heard]
    assert titles == [f"for {person.id}" for person in people for _ in (1, 2)]
    assert [frame["data"]["id"] for frame in heard[::SOCKETS_EACH]] == written
    assert {frame["seq"] for frame in heard} == {1}


async def open_all(
    stack: AsyncExitStack, product: Serving, owners: Sequence[Known]
) -> Sequence[Line]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def open_one(owner: Known) -> Line:
        async with turns:
            return await stack.enter_async_context(line(product, owner.token))

    return await asyncio.gather(*(open_one(owner) for owner in owners))


async def write_one_each(product: Serving, people: Sequence[Known]) -> Sequence[int]:
    async with anonymous(product) as http:

        async def write(person: Known) -> int:
            headers = {"Authorization": f"Bearer {person.token}"}
            body = {"title": f"for {person.id}"}
            answer = await http.post("/api/tasks", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            number: int = answer.json()["id"]
            return number

        return await asyncio.gather(*(write(person) for person in people))
