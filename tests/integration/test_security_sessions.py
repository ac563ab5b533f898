"""Tokens that were stolen, spent, raced or outlived their key; and what is left of them on disk."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select

from taskwire.adapters.database.tables import metadata
from taskwire.adapters.rest.auth import REFRESH_COOKIE
from tests.fakes.raw_socket import RawSocket
from tests.integration.one_database import ON_POSTGRESQL
from tests.product.line import line
from tests.product.people import database_of, tokens_by
from tests.product.person import PASSWORD, Person, anonymous, registered
from tests.product.serving import Deployment, Serving, serving
from tests.services.redis import RedisServer

pytestmark = ON_POSTGRESQL
SETTINGS = {"REFRESH_GRACE_S": "0"}
TOKEN_ENDED = 4401
REVOKED_WITHIN_S = 5.0
AT_ONCE = 50


@pytest.fixture(scope="module")
def beside(deployment: Deployment, product: Serving) -> Iterator[Serving]:
    """A second process of the same installation."""
    with serving(deployment, "beside") as running:
        yield running


@pytest.fixture
async def thief(ann: Person) -> dict[str, str]:
    """Ann's first refresh token, in the hands of somebody else; she has gone on to the third."""
    stolen = {"Cookie": f"{REFRESH_COOKIE}={ann.http.cookies[REFRESH_COOKIE]}"}
    for _ in range(2):
        assert (await ann.http.post("/api/auth/refresh")).status_code == 200
    return stolen


@contextmanager
def frozen(redis: RedisServer) -> Iterator[None]:
    """The worst of its troubles: nobody is told that it does not answer."""
    process_id = redis.process_id
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


async def test_a_token_used_again_ends_its_family_everywhere_also_while_redis_stands_still(
    ann: Person, beside: Serving, thief: dict[str, str]
) -> None:
    async with ann.line() as here, line(beside, ann.token, "/ws/notifications") as there:
        with frozen(ann.product.redis):
            async with anonymous(beside) as somebody:
                answer = await somebody.post("/api/auth/refresh", headers=thief)
            assert answer.status_code == 401
            closing = [opened.close_code(REVOKED_WITHIN_S) for opened in (here, there)]
            assert await asyncio.gather(*closing) == [TOKEN_ENDED] * 2
            assert (await ann.http.get("/api/tasks")).status_code == 401
            assert (await ann.http.post("/api/auth/refresh")).status_code == 401


async def test_of_fifty_who_race_with_one_ticket_one_gets_in(ann: Person, beside: Serving) -> None:
    ticket = await ann.ticket()
    ports = [ann.product.port, beside.port] * (AT_ONCE // 2)
    raws = await asyncio.gather(*map(RawSocket.connect, ports))
    answers = await asyncio.gather(*(raw.upgrade(f"/ws/tasks?token={ticket}") for raw in raws))
    assert Counter(answer.status for answer in answers) == {101: 1, 401: AT_ONCE - 1}
    for raw in raws:
        await raw.end()


async def test_a_new_key_signs_while_tokens_of_the_old_one_are_good(
    ann: Person, deployment: Deployment
) -> None:
    new, other = "n" * 48, "o" * 48
    rotating = Deployment(
        deployment.folder,
        deployment.database_url,
        deployment.redis,
        {"SECRET_KEY": f"{new},{deployment.secret_key}"},
    )
    with serving(rotating, "rotating") as rotated:
        async with anonymous(rotated) as http:
            old = {"Authorization": f"Bearer {ann.token}"}
            assert (await http.get("/api/tasks", headers=old)).status_code == 200
            body = {"email": ann.email, "password": PASSWORD}
            token = (await http.post("/api/auth/login", json=body)).json()["access_token"]
            claims = tokens_by(new).read_access(token)
            assert claims is not None
            assert claims.person_id == ann.id
            assert tokens_by(deployment.secret_key).read_access(token) is None
            forged = tokens_by(other).access(ann.id, claims.session_id)
            wrong = {"Authorization": f"Bearer {forged}"}
            assert (await http.get("/api/tasks", headers=wrong)).status_code == 401
        for good in (ann.token, token):
            async with line(rotated, good):
                pass


async def test_a_stolen_database_opens_nothing(ann: Person, deployment: Deployment) -> None:
    """What proves somebody is in it as a hash alone, or not at all."""
    proofs = [PASSWORD, ann.token, ann.http.cookies[REFRESH_COOKIE], deployment.secret_key]
    async with database_of(ann.product) as database:
        stored = await database.look(_everything)
    assert ann.email in stored, "this is where it is kept"
    assert [proof for proof in proofs if proof in stored] == []


def _everything(connection: Connection) -> str:
    tables = metadata.tables.values()
    return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


async def test_signing_out_here_leaves_the_other_sign_in(ann: Person) -> None:
    async with anonymous(ann.product) as other:
        body = {"email": ann.email, "password": PASSWORD}
        token = (await other.post("/api/auth/login", json=body)).json()["access_token"]
        await ann.http.post("/api/auth/logout")
        headers = {"Authorization": f"Bearer {token}"}
        assert (await other.get("/api/tasks", headers=headers)).status_code == 200


REFUSED = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/x-www-form-urlencoded"},
]


@pytest.mark.parametrize("headers", REFUSED, ids=str)
@pytest.mark.parametrize("road", ["refresh", "logout"])
async def test_a_foreign_page_cannot_use_the_cookie(
    ann: Person, road: str, headers: dict[str, str]
) -> None:
    answer = await ann.http.post(f"/api/auth/{road}", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert "set-cookie" not in answer.headers
    assert (await ann.http.post("/api/auth/refresh")).status_code == 200, "nothing was spent"


async def test_a_foreign_form_cannot_sign_a_person_in(product: Serving) -> None:
    """A form sends no JSON; and who sends JSON from elsewhere is asked for first, and refused."""
    async with registered(product) as person, anonymous(product) as http:
        form = {"email": person.email, "password": PASSWORD}
        answer = await http.post("/api/auth/login", data=form)
        assert answer.status_code == 415
        text = {"Content-Type": "text/plain"}
        assert (await http.post("/api/auth/login", json=form, headers=text)).status_code == 415
