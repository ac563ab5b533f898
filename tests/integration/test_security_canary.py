"""What is secret or a person's own is in no log, whatever went wrong with it, and a line is a line."""

import json
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

import httpx2
import pytest

from taskwire.adapters.rest.auth import REFRESH_COOKIE
from tests.fakes.raw_socket import RawSocket
from tests.fakes.waiting import wait_until
from tests.integration.one_database import ON_SQLITE
from tests.product.importing import start_import, wait_for_status
from tests.product.line import line
from tests.product.person import anonymous, registered
from tests.product.serving import Deployment, Serving, serving, working

pytestmark = ON_SQLITE
WITHIN_S = 50.0
SETTINGS = {
    "LOG_LEVEL": "DEBUG",
    "GOOGLE_CLIENT_ID": "nobody",
    "GOOGLE_CLIENT_SECRET": "knows",
    "SIGN_IN_FAILURES_PER_ACCOUNT_MAX": "1",
}


@dataclass
class Canary:
    """A word that is sent everywhere, as each kind of secret, and in what a person wrote."""

    word: str = field(default_factory=lambda: f"canary{secrets.token_hex(8)}")
    statuses: set[int] = field(default_factory=set)

    @property
    def jwt(self) -> str:
        return f"eyJhbGciOiJIUzI1NiJ9.{self.word}.{self.word}"

    def heard(self, answer: httpx2.Response) -> None:
        self.statuses.add(answer.status_code)
        assert self.word not in answer.text, "nor in what we answer"


async def over_rest(product: Serving, canary: Canary) -> None:
    word = canary.word
    proofs: list[dict[str, str]] = [
        {"Authorization": f"Bearer {canary.jwt}"},
        {"Authorization": f"Bearer {word}"},
        {"Authorization": f"Basic {word}"},
        {"Cookie": f"{REFRESH_COOKIE}={word}"},
    ]
    requests = [
        ("GET", "/api/tasks"),
        ("GET", "/api/nothing"),
        ("GET", "/ws/tasks"),
        ("DELETE", "/api/tasks"),
        ("POST", "/api/auth/refresh"),
        ("GET", "/assets/nothing.js"),
        ("GET", "/readyz"),
    ]
    async with anonymous(product) as http:
        for headers in proofs:
            for method, path in requests:
                given = {"token": word, "ticket": canary.jwt}
                canary.heard(await http.request(method, path, params=given, headers=headers))
        body = {"email": f"{word}@example.org", "password": word}
        canary.heard(await http.post("/api/auth/login", json=body))
        canary.heard(await http.post("/api/auth/login", json=body))  # throttled by now
        canary.heard(await http.post("/api/auth/login", json=body | {"password": word * 1000}))
        canary.heard(await http.post("/api/auth/login", data=body))
        canary.heard(await http.post("/api/auth/login", content=f'{{"password":"{word}'))
        evil = {"Cookie": f"{REFRESH_COOKIE}={word}", "Origin": f"https://{word}.example"}
        canary.heard(await http.post("/api/auth/refresh", headers=evil))


async def over_sockets(product: Serving, canary: Canary) -> None:
    for target, *lines in (
        (f"/ws/tasks?token={canary.word}",),
        (f"/ws/tasks?token={canary.jwt}&token={canary.word}",),
        (f"/ws/nowhere?token={canary.word}",),
        ("/ws/tasks", f"Sec-WebSocket-Protocol: bearer.{canary.word}"),
        (f"/ws/tasks?token={canary.word}", "Origin: https://evil.example"),
        (f"/ws/tasks?token={canary.word}", "Sec-WebSocket-Version: 8"),
        (f"/ws/tasks?token={canary.word}", "Sec-WebSocket-Key: short"),
        (f"/ws/tasks?token={canary.word}", "X-Padding: " + "x" * 20_000),
    ):
        raw = await RawSocket.connect(product.port)
        canary.statuses.add((await raw.upgrade(target, *lines)).status)
        await raw.end()
    for broken in (b"BREW", b"GET /ws/tasks?token=\x00", b"GET /ws/tasks HTTP/9.9\r\nX: "):
        raw = await RawSocket.connect(product.port)
        raw.send(broken + canary.word.encode() + b"\r\n\r\n")
        canary.statuses.add((await raw.answer()).status)
        await raw.end()


async def as_a_person(product: Serving, canary: Canary) -> None:
    """What people write is theirs: it is in their tasks, and in no log."""
    word = canary.word
    async with registered(product) as ann:
        hostile = f'{word}\r\n{{"event":"forged"}}'
        agent = {"User-Agent": word, "Referer": f"https://x.example/?token={word}"}
        await ann.add("x", description=hostile)
        await ann.http.post("/api/tasks", json={"title": "\x00" + word}, headers=agent)
        await ann.http.post("/api/tasks", json={"title": "x", word: word}, headers=agent)
        canary.heard(await ann.http.post("/api/tasks", content=f"[{word}" + " " * 300_000))
        key = {"Idempotency-Key": word, "If-Match": word, "X-Request-Id": f"{word} forged"}
        await ann.http.put("/api/tasks/1", json={"title": word}, headers=key)
        await ann.http.get(f"/api/changes?channel={word}&since={word}")
        async with line(product, ann.token) as opened:
            await opened.send({"type": "auth", "data": {"token": canary.jwt}})
            await opened.close_code()
        job = await start_import(ann, f"- {word}\n".encode())
        await wait_for_status(ann, job, "done")
        bad = await start_import(ann, f"titel\n{word},{word}".encode(), "csv")
        canary.statuses.add(bad.status_code)


async def over_a_broken_row(product: Serving, canary: Canary) -> None:
    """Our own mistake is written down at length, but without what was asked."""
    given, proof = {"token": canary.word}, {"Idempotency-Key": canary.word}
    async with registered(product) as ann:
        task = await ann.add(canary.word)
        file = sqlite3.connect(product.deployment.database_url.partition("///")[2])
        with closing(file), file:
            file.execute("UPDATE tasks SET created_at = 'broken' WHERE id = ?", (task["id"],))
        canary.heard(await ann.http.get("/api/tasks", params=given))
        change = {"title": canary.word, "description": canary.word}
        path = f"/api/tasks/{task['id']}"
        canary.heard(await ann.http.put(path, json=change, params=given, headers=proof))
    assert product.logged.count("request_failed") == 2


async def test_what_is_secret_is_in_no_log(deployment: Deployment) -> None:
    canary = Canary()
    with serving(deployment, "canary") as product, working(deployment, "canary-worker"):
        await over_rest(product, canary)
        await over_sockets(product, canary)
        await as_a_person(product, canary)
        await over_a_broken_row(product, canary)
        worker = deployment.folder / "canary-worker.log"
        await wait_until(lambda: worker.read_text(encoding="utf-8"), WITHIN_S)
    logged = product.logged + worker.read_text(encoding="utf-8")
    assert canary.statuses >= {200, 400, 401, 403, 404, 405, 413, 415, 422, 426, 429, 431, 500}
    assert "canary-worker" not in logged, "the word itself is looked for"
    assert [text for text in logged.splitlines() if canary.word in text] == []
    assert "forged" not in logged
    assert all(json.loads(text)["level"] for text in logged.splitlines())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", {"content-security-policy": "frame-ancestors 'none'"}),
        ("/somewhere", {"content-security-policy": "script-src 'self';"}),
        ("/api/auth/me", {"cache-control": "no-store"}),
        ("/api/nothing", {"cache-control": "no-store"}),
        ("/healthz", {}),
        ("/ws/tasks", {}),
    ],
)
async def test_every_answer_carries_what_protects_it(
    product: Serving, path: str, expected: dict[str, str]
) -> None:
    always = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    async with anonymous(product) as http:
        headers = (await http.get(path)).headers
    assert "server" not in headers
    for name, value in (always | expected).items():
        assert value in headers[name]


@pytest.mark.parametrize("words", ["next=https://evil.example", "state=x&code=y", "error=//evil"])
async def test_nobody_is_led_to_somebody_elses_page(product: Serving, words: str) -> None:
    async with anonymous(product) as http:
        for path in ("/", "//evil.example/%2e%2e", "/api/calendar/google/callback", "/api/tasks/"):
            headers = {"X-Forwarded-Host": "evil.example"}
            answer = await http.get(f"{product.url}{path}?{words}", headers=headers)
            assert "evil" not in answer.headers.get("location", "")
