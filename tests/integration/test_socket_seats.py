"""How many sockets a person, an address and a process may have, and what the next one is told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.fakes.waiting import wait_until_answer
from tests.product.line import Line, line, unheard_line
from tests.product.metrics import metric
from tests.product.people import Known, add_people
from tests.product.person import Person
from tests.product.serving import Serving

PER_PERSON, PER_ADDRESS, IN_ALL = 2, 3, 5
SETTINGS = {
    "SOCKETS_PER_USER_MAX": str(PER_PERSON),
    "SOCKETS_PER_ADDRESS_MAX": str(PER_ADDRESS),
    "SOCKETS_MAX": str(IN_ALL),
}
TOO_MANY, LATER = 4429, 1013


@pytest.fixture
async def stack(product: Serving) -> AsyncIterator[AsyncExitStack]:
    """Leaves no seat taken."""
    async with AsyncExitStack() as stack:
        yield stack

    async def is_empty() -> bool:
        return await metric(product, "taskwire_realtime_sockets") == 0

    await wait_until_answer(is_empty)


async def take(stack: AsyncExitStack, product: Serving, token: str, address: str) -> Line:
    """Open a socket through a proxy that the product trusts: tests have one address."""
    headers = {"X-Forwarded-For": address}
    return await stack.enter_async_context(line(product, token, headers=headers))


async def refusal(product: Serving, token: str, address: str) -> int:
    headers = {"X-Forwarded-For": address}
    async with unheard_line(product, token, headers=headers) as refused:
        return await refused.close_code()


async def test_beyond_a_persons_seats_the_newest_is_told_why(
    ann: Person, stack: AsyncExitStack
) -> None:
    lines = [await take(stack, ann.product, ann.token, f"10.0.0.{n}") for n in range(PER_PERSON)]
    assert await refusal(ann.product, ann.token, "10.0.0.9") == TOO_MANY
    task = await ann.add()
    assert [(await opened.frame())["data"] for opened in lines] == [task] * PER_PERSON


async def test_a_seat_that_was_left_is_free_again(ann: Person, stack: AsyncExitStack) -> None:
    lines = [await take(stack, ann.product, ann.token, "10.0.0.1") for _ in range(PER_PERSON)]
    await lines[0].socket.close()
    await take(stack, ann.product, ann.token, "10.0.0.1")


async def some(product: Serving) -> list[Known]:
    return list(await add_people(product, IN_ALL + 1))


async def test_beyond_an_addresss_and_the_processs_seats_the_newest_is_told_why(
    product: Serving, stack: AsyncExitStack
) -> None:
    people = await some(product)
    for person in people[:PER_ADDRESS]:
        await take(stack, product, person.token, "10.0.0.1")
    assert await refusal(product, people[PER_ADDRESS].token, "10.0.0.1") == TOO_MANY
    for person in people[PER_ADDRESS:IN_ALL]:
        await take(stack, product, person.token, "10.0.0.2")
    assert await refusal(product, people[IN_ALL].token, "10.0.0.3") == LATER
