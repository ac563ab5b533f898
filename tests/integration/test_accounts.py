"""Accounts over REST: coming in, staying in, going out, and who is kept out."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx2
import pytest
from sqlalchemy import select

from taskwire.adapters.database.tables import people
from taskwire.adapters.rest.auth import REFRESH_COOKIE
from tests.fakes.waiting import wait_until_answer
from tests.product.people import database_of, delete_person
from tests.product.person import PASSWORD, Person, anonymous
from tests.product.serving import Serving

FAILURES_MAX, TAKEN_MAX = 4, 3
SETTINGS = {
    "SIGN_IN_FAILURES_PER_ACCOUNT_MAX": str(FAILURES_MAX),
    "REGISTRATION_FAILURES_PER_ADDRESS_MAX": str(TAKEN_MAX),
    "REFRESH_GRACE_S": "0",
}
EVIL = "https://evil.example"


@pytest.fixture
async def stranger(product: Serving) -> AsyncIterator[httpx2.AsyncClient]:
    async with anonymous(product) as http:
        yield http


async def sign_in(http: httpx2.AsyncClient, email: str, password: str) -> httpx2.Response:
    return await http.post("/api/auth/login", json={"email": email, "password": password})


def cookie_of(answer: httpx2.Response) -> SimpleCookie:
    return SimpleCookie(answer.headers["set-cookie"])


async def test_registering_signs_in(stranger: httpx2.AsyncClient) -> None:
    body = {"email": " New@Example.org ", "name": "New", "password": PASSWORD}
    answer = await stranger.post("/api/auth/register", json=body)
    said = answer.json()
    assert answer.status_code == 201
    assert (said["token_type"], said["expires_in"]) == ("bearer", 900)
    assert said["user"] == {"id": said["user"]["id"], "email": "new@example.org", "name": "New"}
    headers = {"Authorization": f"Bearer {said['access_token']}"}
    assert (await stranger.get("/api/auth/me", headers=headers)).json() == said["user"]


async def test_an_address_is_registered_once(ann: Person, stranger: httpx2.AsyncClient) -> None:
    body = {"email": ann.email.upper(), "name": "Ann", "password": PASSWORD}
    answer = await stranger.post("/api/auth/register", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "email_taken")


async def test_signing_in_answers_as_registering_did(
    ann: Person, stranger: httpx2.AsyncClient
) -> None:
    answer = await sign_in(stranger, ann.email, PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == ann.id
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "user"}


async def test_the_refresh_token_lives_in_its_cookie_alone(
    ann: Person, stranger: httpx2.AsyncClient
) -> None:
    answer = await sign_in(stranger, ann.email, PASSWORD)
    morsel = cookie_of(answer)[REFRESH_COOKIE]
    assert (morsel["path"], morsel["samesite"].lower()) == ("/api/auth", "strict")
    assert morsel["httponly"]
    assert not morsel["secure"], "PUBLIC_URL is not https here"
    assert morsel.value not in answer.text


async def test_an_unknown_person_and_a_wrong_password_are_told_the_same(
    ann: Person, stranger: httpx2.AsyncClient
) -> None:
    stranger.headers["X-Request-Id"] = "the-same"
    unknown = await sign_in(stranger, "nobody@example.org", "wrong password")
    wrong = await sign_in(stranger, ann.email, "wrong password")
    assert (unknown.status_code, wrong.status_code) == (401, 401)
    assert unknown.content == wrong.content


async def test_a_refresh_gives_a_new_token_and_a_new_cookie(ann: Person) -> None:
    before = ann.http.cookies[REFRESH_COOKIE]
    answer = await ann.http.post("/api/auth/refresh")
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == ann.id
    assert cookie_of(answer)[REFRESH_COOKIE].value != before
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await ann.http.get("/api/auth/me", headers=headers)).status_code == 200


async def test_a_refresh_token_used_twice_ends_the_session_for_both(ann: Person) -> None:
    stolen = {"Cookie": f"{REFRESH_COOKIE}={ann.http.cookies[REFRESH_COOKIE]}"}
    assert (await ann.http.post("/api/auth/refresh")).status_code == 200
    async with anonymous(ann.product) as thief:
        assert (await thief.post("/api/auth/refresh", headers=stolen)).status_code == 401
    assert (await ann.http.post("/api/auth/refresh")).status_code == 401


async def test_without_a_cookie_there_is_nothing_to_refresh(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.post("/api/auth/refresh")).status_code == 401
    forged = {"Cookie": f"{REFRESH_COOKIE}=forged"}
    assert (await stranger.post("/api/auth/refresh", headers=forged)).status_code == 401


@pytest.mark.parametrize("road", ["refresh", "logout"])
async def test_a_foreign_page_may_not_use_the_cookie(ann: Person, road: str) -> None:
    for origin in (EVIL, "null"):
        answer = await ann.http.post(f"/api/auth/{road}", headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert (await ann.http.post("/api/auth/refresh")).status_code == 200, "nothing was spent"


@pytest.mark.parametrize("origin", ["own", "http://localhost:5173"])
async def test_our_own_pages_may(ann: Person, origin: str) -> None:
    headers = {"Origin": ann.product.url if origin == "own" else origin}
    assert (await ann.http.post("/api/auth/refresh", headers=headers)).status_code == 200


async def test_signing_out_ends_the_cookie_and_the_access_token(ann: Person) -> None:
    answer = await ann.http.post("/api/auth/logout")
    assert answer.status_code == 204
    assert cookie_of(answer)[REFRESH_COOKIE]["max-age"] == "0"
    assert (await ann.http.get("/api/auth/me")).status_code == 401
    assert (await ann.http.get("/api/tasks")).status_code == 401


async def test_signing_out_without_being_in_is_no_error(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.post("/api/auth/logout")).status_code == 204


async def test_guessing_is_throttled_by_its_failures(
    ann: Person, stranger: httpx2.AsyncClient
) -> None:
    for _ in range(FAILURES_MAX):
        assert (await sign_in(stranger, ann.email, "wrong password")).status_code == 401
    answer = await sign_in(stranger, ann.email, PASSWORD)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "throttled")
    assert int(answer.headers["Retry-After"]) > 0


async def test_asking_who_has_an_account_is_throttled(
    ann: Person, stranger: httpx2.AsyncClient
) -> None:
    stranger.headers["X-Forwarded-For"] = "203.0.113.7"  # believed: this machine is the proxy
    body = {"email": ann.email, "name": "Ann", "password": PASSWORD}
    for _ in range(TAKEN_MAX):
        assert (await stranger.post("/api/auth/register", json=body)).status_code == 409
    body["email"] = f"new-{ann.email}"
    answer = await stranger.post("/api/auth/register", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "throttled")
    assert int(answer.headers["Retry-After"]) > 0
    stranger.headers["X-Forwarded-For"] = "203.0.113.8"
    assert (await stranger.post("/api/auth/register", json=body)).status_code == 201


async def test_signing_in_well_is_never_throttled(
    ben: Person, stranger: httpx2.AsyncClient
) -> None:
    for _ in range(FAILURES_MAX - 1):
        await sign_in(stranger, ben.email, "wrong password")
    answers = [await sign_in(stranger, ben.email, PASSWORD) for _ in range(FAILURES_MAX * 2)]
    assert {answer.status_code for answer in answers} == {200}
    assert (await sign_in(stranger, ben.email, "wrong password")).status_code == 401, "forgiven"


async def test_a_deleted_person_is_out_everywhere_within_seconds(ann: Person) -> None:
    await ann.add()
    await delete_person(ann.product, ann.email)

    async def is_out() -> bool:
        return (await ann.http.get("/api/tasks")).status_code == 401

    await wait_until_answer(is_out)
    assert (await ann.http.post("/api/auth/refresh")).status_code == 401
    assert (await ann.http.get("/api/auth/me")).status_code == 401
    assert (await sign_in(ann.http, ann.email, PASSWORD)).status_code == 401


async def test_no_password_is_kept_as_it_was_typed(ann: Person) -> None:
    async with database_of(ann.product) as database:
        kept = await database.look(
            lambda c: c.execute(select(people.c.password_hash)).scalars().all()
        )
    assert kept
    assert all(password_hash.startswith("$argon2id$") for password_hash in kept)
