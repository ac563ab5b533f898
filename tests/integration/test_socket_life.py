"""How long a socket may live: from proof to proof, until its session ends or its process goes."""

import asyncio
import signal
from functools import partial

import orjson
import pytest

from taskwire.adapters.rest.auth import REFRESH_COOKIE
from tests.fakes.waiting import wait_until_answer
from tests.product.line import Line
from tests.product.metrics import metric
from tests.product.people import delete_person
from tests.product.person import Person, registered
from tests.product.serving import Deployment, Serving, serving

LIFETIME_S = 1.5
SETTINGS = {"SOCKET_LIFETIME_S": str(LIFETIME_S), "HEARTBEAT_INTERVAL_S": "60"}
TOKEN_ENDED, RESTART, BAD_MESSAGE = 4401, 1012, 4400
REVOKED_WITHIN_S = 5.0


async def renew(line: Line, token: str) -> None:
    await line.send({"type": "auth", "data": {"token": token}})


async def wait_for_end(ending: Line, renewing: Line, token: str) -> int:
    """Let one socket reach its end while another one proves itself again and again."""
    end = asyncio.create_task(ending.close_code())
    while not end.done():
        await renew(renewing, token)
        await renewing.heartbeat()
        await asyncio.wait((end,), timeout=0.2)
    return await end


async def test_a_socket_ends_when_its_proof_does_unless_it_is_renewed(ann: Person) -> None:
    async with ann.line() as renewed, ann.line() as forgotten:
        assert await wait_for_end(forgotten, renewed, ann.token) == TOKEN_ENDED
        await ann.add("still here")
        assert (await renewed.frame())["data"]["title"] == "still here"


async def test_a_renewal_is_answered_by_a_heartbeat_with_the_head(ann: Person) -> None:
    await ann.add()
    async with ann.line() as line:
        await renew(line, await ann.ticket())
        assert await line.heartbeat() == {"type": "heartbeat", "data": {"seq": 1}}


async def test_a_renewal_by_somebody_else_ends_the_socket(ann: Person, ben: Person) -> None:
    async with ann.line() as line:
        await renew(line, ben.token)
        assert await line.close_code() == TOKEN_ENDED


@pytest.mark.parametrize("token", ["garbage", "a.b.c"])
async def test_a_renewal_by_a_bad_token_ends_the_socket(ann: Person, token: str) -> None:
    async with ann.line() as line:
        await renew(line, token)
        assert await line.close_code() == TOKEN_ENDED


@pytest.mark.parametrize("data", [None, {}, {"token": 7}, {"token": ""}, [], "token"])
async def test_a_renewal_without_a_token_is_a_bad_message(ann: Person, data: object) -> None:
    async with ann.line() as line:
        await line.send({"type": "auth", "data": data})
        assert await line.close_code() == BAD_MESSAGE


async def test_a_frame_of_a_later_protocol_is_ignored(ann: Person) -> None:
    async with ann.line() as line:
        await line.send({"type": "presence", "data": {"typing": True}, "more": 1})
        await ann.add("after")
        assert (await line.frame())["data"]["title"] == "after"


async def test_signing_out_ends_the_sockets_of_that_session_and_no_others(ann: Person) -> None:
    async with registered(ann.product, "Eve") as eve, ann.line() as anns, eve.line() as eves:
        await ann.http.post("/api/auth/logout")
        assert await anns.close_code(REVOKED_WITHIN_S) == TOKEN_ENDED
        await eve.add("mine")
        assert (await eves.frame())["data"]["title"] == "mine"


async def test_a_stolen_refresh_token_ends_the_sockets_as_well(ann: Person) -> None:
    stolen = {"Cookie": f"{REFRESH_COOKIE}={ann.http.cookies[REFRESH_COOKIE]}"}
    await ann.http.post("/api/auth/refresh")
    await ann.http.post("/api/auth/refresh")
    async with ann.line() as line:
        await ann.http.post("/api/auth/refresh", headers=stolen)
        assert await line.close_code(REVOKED_WITHIN_S) == TOKEN_ENDED


async def test_the_sockets_of_a_deleted_person_end(ann: Person) -> None:
    async with ann.line() as tasks, ann.line("/ws/notifications") as news:
        await delete_person(ann.product, ann.email)
        assert await tasks.close_code(REVOKED_WITHIN_S) == TOKEN_ENDED
        assert await news.close_code(REVOKED_WITHIN_S) == TOKEN_ENDED


async def test_a_process_that_goes_says_so_and_the_next_one_carries_on(
    deployment: Deployment,
) -> None:
    with serving(deployment, "leaving") as leaving:
        async with registered(leaving) as ann, ann.line() as line:
            await ann.add("before")
            await line.frame()
            polling = asyncio.create_task(ann.http.get("/api/changes?channel=tasks&wait=25"))
            await wait_until_answer(partial(is_polled, leaving))
            leaving.process.send_signal(signal.SIGTERM)
            assert await line.close_code() == RESTART
            assert (await polling).json()["items"] == []
        assert await asyncio.to_thread(leaving.process.wait, 10) == 0
    with serving(deployment, "coming") as coming:
        ann.product, ann.http.base_url = coming, coming.url
        async with ann.line(since=line.cursor) as resumed:
            assert (await resumed.frame())["data"]["title"] == "before"


async def is_polled(product: Serving) -> bool:
    return await metric(product, "taskwire_realtime_long_polls") == 1


async def test_two_processes_serve_one_person_as_one(deployment: Deployment) -> None:
    with serving(deployment, "left") as left, serving(deployment, "right") as right:
        async with registered(left) as ann, ann.line() as here:
            ann.product = right
            async with ann.line() as there:
                task = await ann.add()
                texts = [await here.text(), await there.text()]
    assert texts[0] == texts[1]
    assert orjson.loads(texts[0])["data"] == task
