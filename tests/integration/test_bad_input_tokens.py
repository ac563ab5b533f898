"""Every kind of bad token, on REST and on both sockets: refused alike, and nothing else."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from websockets.exceptions import InvalidStatus

from taskwire.adapters.rest.auth import REFRESH_COOKIE
from taskwire.adapters.security.tokens import ALGORITHM, AUDIENCES, ISSUER
from tests.fakes.waiting import wait_until_answer
from tests.product.line import unheard_line
from tests.product.people import delete_person
from tests.product.person import Person, registered
from tests.product.serving import Serving

Claims = dict[str, object]
PATHS = ("/ws/tasks", "/ws/notifications")


def claims_of(person: Person) -> Claims:
    found: Claims = jwt.decode(person.token, options={"verify_signature": False})
    return found


def signed(
    person: Person, key: str | None = None, algorithm: str = ALGORITHM, **other: object
) -> str:
    """The person's own token, otherwise; a claim that is None is left out."""
    claims = {
        name: value for name, value in (claims_of(person) | other).items() if value is not None
    }
    return jwt.encode(claims, key or person.product.deployment.secret_key, algorithm=algorithm)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(person: Person, algorithm: str) -> str:
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims_of(person))}."


def now(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


BAD: dict[str, Callable[[Person], str]] = {
    "garbage": lambda _: "garbage",
    "three dots": lambda _: "a.b.c",
    "only dots": lambda _: "..",
    "one part": lambda p: p.token.split(".")[0],
    "none-algorithm": lambda p: unsigned(p, "none"),
    "None-algorithm": lambda p: unsigned(p, "None"),
    "an empty signature": lambda p: p.token.rpartition(".")[0] + ".",
    "no signature": lambda p: p.token.rpartition(".")[0],
    "another's signature": lambda p: signed(p, key="k" * 48),
    "another algorithm": lambda p: signed(p, algorithm="HS512"),
    "a changed person": lambda p: changed(p, sub="1"),
    "expired": lambda p: signed(p, exp=now(-1)),
    "without an end": lambda p: signed(p, exp=None),
    "from the future": lambda p: signed(p, nbf=now(3600)),
    "issued in the future": lambda p: signed(p, iat=now(3600)),
    "a wrong audience": lambda p: signed(p, aud="taskwire-other"),
    "without an audience": lambda p: signed(p, aud=None),
    "a wrong issuer": lambda p: signed(p, iss="evil"),
    "without an issuer": lambda p: signed(p, iss=None),
    "a wrong type": lambda p: signed(p, typ="refresh"),
    "without a type": lambda p: signed(p, typ=None),
    "a type that is a list": lambda p: signed(p, typ=["access"]),
    "nobody": lambda p: signed(p, sub="0"),
    "a negative person": lambda p: signed(p, sub="-1"),
    "a huge person": lambda p: signed(p, sub="9" * 40),
    "a person in words": lambda p: signed(p, sub="ann"),
    "a person in other digits": lambda p: signed(p, sub="\u0661"),
    "no session": lambda p: signed(p, sid=None),
    "a session that is a number": lambda p: signed(p, sid=7),
    "100 KB": lambda p: signed(p, more="x" * 100_000),
    "a key id that is a path": lambda _: f"{part({'alg': 'HS256', 'kid': '../../x'})}." + "x.y",
    "a deep header": lambda _: base64.urlsafe_b64encode(b"[" * 3000).decode() + ".e30.x",
    "percent": lambda _: "%00%ff",
    "a refresh token": lambda p: p.http.cookies[REFRESH_COOKIE],
}


def changed(person: Person, **other: object) -> str:
    head, _, signature = person.token.split(".")
    return f"{head}.{part(claims_of(person) | other)}.{signature}"


@pytest.fixture(autouse=True)
async def next_good_request_works(ann: Person) -> AsyncIterator[None]:
    yield
    assert ann.product.process.poll() is None
    async with registered(ann.product, "Next") as somebody, somebody.line() as line:
        await somebody.add()
        assert (await line.frame())["seq"] == 1


async def status_on_rest(product: Serving, person: Person, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = await person.http.get("/api/tasks", headers=headers)
    code = answer.json()["error"]["code"] if answer.status_code != 200 else ""
    return answer.status_code, code


async def status_on_socket(
    product: Serving, token: str, path: str = "/ws/tasks", headers: dict[str, str] | None = None
) -> int:
    try:
        async with unheard_line(product, token, path, headers=headers):
            return 101
    except InvalidStatus as refused:
        status: int = refused.response.status_code
        return status


@pytest.mark.parametrize("name", [name for name in BAD if name != "100 KB"])
async def test_a_bad_token_is_refused_on_rest(ann: Person, name: str) -> None:
    status, code = await status_on_rest(ann.product, ann, BAD[name](ann))
    assert (status, code) == (401, "unauthenticated")


async def test_a_token_larger_than_a_head_may_be_is_refused_however_it_is_cut(ann: Person) -> None:
    """Whole or in pieces, and the client hears it although it was still sending."""
    for _ in range(5):
        refused = await status_on_rest(ann.product, ann, BAD["100 KB"](ann))
        assert refused == (431, "head_too_large")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", [name for name in BAD if name != "100 KB"])
async def test_a_bad_token_is_refused_before_the_upgrade(ann: Person, name: str, path: str) -> None:
    assert await status_on_socket(ann.product, BAD[name](ann), path) == 401


async def test_an_endless_token_is_refused_before_the_upgrade(ann: Person) -> None:
    assert await status_on_socket(ann.product, "x" * 5_000) == 401
    assert await status_on_socket(ann.product, "x" * 60_000) == 431


HEADERS = ["", "Bearer", "Bearer ", "Basic QTpC", "bearer", "Token x", "Bearer a b", "Bearer \xff"]


@pytest.mark.parametrize("header", HEADERS)
async def test_a_header_that_holds_no_token_is_refused(ann: Person, header: str) -> None:
    headers = {b"Authorization": header.encode("latin-1").strip()}
    assert (await ann.http.get("/api/tasks", headers=headers)).status_code == 401


async def test_no_header_at_all_is_refused(ann: Person) -> None:
    del ann.http.headers["Authorization"]
    answer = await ann.http.get("/api/tasks")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_ticket_is_good_once_for_either_path(ann: Person) -> None:
    for first, second in (PATHS, PATHS[::-1]):
        ticket = await ann.ticket()
        assert await status_on_socket(ann.product, ticket, first) == 101
        assert await status_on_socket(ann.product, ticket, first) == 401
        assert await status_on_socket(ann.product, ticket, second) == 401


async def test_a_ticket_opens_no_request(ann: Person) -> None:
    ticket = await ann.ticket()
    assert await status_on_rest(ann.product, ann, ticket) == (401, "unauthenticated")
    assert await status_on_socket(ann.product, ticket) == 101, "and is not spent by that"


async def test_a_ticket_that_ended_opens_nothing(ann: Person) -> None:
    ended = signed(ann, typ="ws", aud=AUDIENCES["ws"], iss=ISSUER, exp=now(-1))
    assert await status_on_socket(ann.product, ended) == 401


async def test_a_ticket_shown_from_a_foreign_page_is_not_spent(ann: Person) -> None:
    ticket = await ann.ticket()
    headers = {"Origin": "https://evil.example"}
    assert await status_on_socket(ann.product, ticket, headers=headers) == 403
    assert await status_on_socket(ann.product, ticket) == 101


async def test_a_session_that_was_signed_out_opens_nothing(ann: Person) -> None:
    ticket = await ann.ticket()
    await ann.http.post("/api/auth/logout")
    assert await status_on_rest(ann.product, ann, ann.token) == (401, "unauthenticated")
    assert await status_on_socket(ann.product, ann.token) == 401
    assert await status_on_socket(ann.product, ticket) == 401


async def test_a_session_that_never_was_opens_no_socket(ann: Person) -> None:
    assert await status_on_socket(ann.product, signed(ann, sid="never was")) == 401


async def test_a_deleted_person_opens_nothing(ann: Person) -> None:
    ticket = await ann.ticket()
    await delete_person(ann.product, ann.email)

    async def is_out() -> bool:
        return await status_on_rest(ann.product, ann, ann.token) == (401, "unauthenticated")

    await wait_until_answer(is_out)
    assert await status_on_socket(ann.product, ann.token) == 401
    assert await status_on_socket(ann.product, ticket) == 401
