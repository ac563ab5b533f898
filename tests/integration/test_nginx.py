"""The nginx of docker-compose.https.yml, with TLS, in front of two `taskwire serve`."""

import json
import secrets
import signal
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typing_extensions import override
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from taskwire.adapters.rest.page import CONTENT_SECURITY_POLICY
from tests.fakes.waiting import wait_until
from tests.product.line import Line, line
from tests.product.person import PASSWORD, Person, anonymous, registered
from tests.product.proxied import Proxied, proxied
from tests.product.serving import Deployment
from tests.services.databases import PostgresqlDatabases
from tests.services.names import name_server
from tests.services.nginx import CONFIGURATION, nginx
from tests.services.redis import redis_server

WITHIN_S = 30.0
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def public(
    postgresql_databases: PostgresqlDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("deployment")
    settings = {"PUBLIC_URL": "https://localhost", "LOG_LEVEL": "DEBUG"}
    with (
        postgresql_databases.fresh() as url,
        redis_server() as redis,
        proxied(Deployment(folder, url, redis, settings)) as running,
    ):
        yield running


@pytest.fixture
async def ann(public: Proxied) -> AsyncIterator[Person]:
    async with registered(public, "Ann") as person:
        yield person


async def test_the_page_comes_with_the_headers_that_protect_it(public: Proxied) -> None:
    async with anonymous(public) as http:
        for path in ("/", "/api/auth/me", "/assets/nothing.js"):
            headers = (await http.get(path)).headers
            assert SECURITY_HEADERS.items() <= headers.items(), path
            policy = headers.get_list("content-security-policy")
            assert len(policy) == 1, "said twice, a browser obeys both"
            assert "script-src 'self';" in policy[0]
            assert "connect-src 'self' wss://localhost:*;" in policy[0]
            assert headers["server"] == "nginx"
            assert "strict-transport-security" not in headers, "that is for the operator to say"


async def test_plain_http_is_sent_to_https(public: Proxied) -> None:
    connection = HTTPConnection("127.0.0.1", public.nginx.http_port, timeout=WITHIN_S)
    connection.request("GET", "/some/page?of=mine", headers={"Host": "tasks.example.org"})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == "https://tasks.example.org/some/page?of=mine"
    connection.close()


async def test_browsers_are_offered_http_2(public: Proxied) -> None:
    context = public.nginx.trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    connection = HTTPSConnection("localhost", public.nginx.https_port, context=context)
    connection.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    assert connection.sock.selected_alpn_protocol() == "h2"
    connection.close()


@pytest.mark.parametrize(
    ("version", "ciphers", "is_taken"),
    [
        (ssl.TLSVersion.TLSv1_3, "ALL:@SECLEVEL=0", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-GCM-SHA256", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES256-SHA384:AES256-GCM-SHA384:AES128-SHA", False),
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", False),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_only_what_the_guideline_lists_is_spoken(
    public: Proxied, version: ssl.TLSVersion, ciphers: str, *, is_taken: bool
) -> None:
    context = public.nginx.trust()
    context.minimum_version = context.maximum_version = version
    context.set_ciphers(ciphers)
    connection = HTTPSConnection("localhost", public.nginx.https_port, context=context)
    if is_taken:
        connection.connect()
    else:
        with pytest.raises(ssl.SSLError, match="ALERT"):
            connection.connect()
    connection.close()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_what_is_for_machines_is_kept_from_the_public(public: Proxied, path: str) -> None:
    async with anonymous(public) as http:
        assert (await http.get(path)).status_code == 404


async def test_a_socket_is_upgraded_and_hears_a_change_made_on_the_other_process(
    ann: Person, public: Proxied
) -> None:
    lines: list[Line] = []
    async with (
        line(public.processes[0], ann.token) as first,
        line(public.processes[1], ann.token) as second,
        ann.line() as through,
    ):
        assert through.socket.response is not None
        assert through.socket.response.status_code == 101
        for number in range(10):
            task = await ann.add(f"Task {number}")
            lines = [first, second, through]
            frames = [await opened.frame() for opened in lines]
            assert [frame["data"]["id"] for frame in frames] == [task["id"]] * 3
            assert [frame["seq"] for frame in frames] == [number + 1] * 3


async def test_a_socket_resumes_where_it_was(ann: Person) -> None:
    async with ann.line() as opened:
        cursor = opened.cursor
    await ann.add("While nobody listened")
    async with ann.line(since=cursor) as opened:
        assert (await opened.frame())["data"]["title"] == "While nobody listened"


async def test_a_foreign_page_is_refused_and_our_own_is_not(ann: Person) -> None:
    async with ann.line() as opened:
        assert opened.hello["type"] == "hello"
    own = {"Origin": ann.product.url}
    async with line(ann.product, await ann.ticket(), headers=own) as opened:
        assert opened.hello["type"] == "hello"
    with pytest.raises(InvalidStatus, match="403"):
        async with line(ann.product, ann.token, headers={"Origin": "https://evil.example"}):
            pass


async def test_nobody_chooses_the_address_that_is_counted(public: Proxied) -> None:
    """A client that writes X-Forwarded-For itself would otherwise have no throttle at all."""
    claims = {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7"}
    body = {"email": f"{secrets.token_hex(4)}@example.org", "password": "not the password"}
    async with anonymous(public) as http:
        await http.post("/api/auth/login", json=body, headers=claims)
    logged = "".join(process.logged for process in public.processes)
    assert "203.0.113.7" not in logged
    assert '"address":"127.0.0.1"' in public.nginx.logged


async def test_no_query_string_is_in_a_log(ann: Person, public: Proxied) -> None:
    canary = f"canary-{secrets.token_hex(8)}"
    tls = public.tls
    for path in ("/ws/tasks", "/ws/nowhere", "/api/tasks", "/", "/assets/nothing.js", "/healthz"):
        with pytest.raises(InvalidStatus):
            async with connect(f"{public.socket_url}{path}?token={canary}", ssl=tls, proxy=None):
                pass
    for port, secure in ((public.nginx.https_port, True), (public.nginx.http_port, False)):
        for request in (
            f"GET /ws/tasks?token={canary} HTTP/1.1\r\nHost: a b\r\n\r\n",
            f"GET /?token={canary} HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
            f"BREW /?token={canary} HTTP/1.1\r\nHost: localhost\r\n{'x' * 9000}: 1\r\n\r\n",
            f"POST /?token={canary} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
        ):
            assert _raw(public, port, request, secure=secure).startswith(b"HTTP/1.1 4")
    assert '"path":"/ws/tasks"' in public.nginx.logged
    assert canary not in public.nginx.logged
    assert canary not in "".join(process.logged for process in public.processes)


async def test_what_nginx_refuses_and_what_nobody_answers_is_in_no_log_either() -> None:
    """Its error log would hold the whole line of each of these: 502, and its own 429."""
    canary = f"canary-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        with answering("127.0.0.3") as port:
            names = stack.enter_context(name_server(["127.0.0.3"]))
            proxy = stack.enter_context(nginx(names, port, site="http.conf"))
        connection = HTTPConnection("127.0.0.1", proxy.http_port, timeout=WITHIN_S)
        statuses = set()
        for path in ("/ws/tasks", "/api/tasks", *["/api/auth/login"] * 200):
            connection.request("GET", f"{path}?token={canary}", headers={"Cookie": canary})
            answer = connection.getresponse()
            statuses.add(answer.status)
            assert canary.encode() not in answer.read()
        connection.close()
        await wait_until(lambda: proxy.logged.count('"path":"/api/auth/login"') == 200)
        logged = proxy.logged
    assert statuses == {429, 503}
    assert '"upstream_status":"502"' in logged
    assert canary not in logged


@contextmanager
def answering(host: str) -> Iterator[int]:
    """A process that is well until the end of the block; nginx is started by its word."""
    with ThreadingHTTPServer((host, 0), _Well) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


class _Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


def _raw(public: Proxied, port: int, request: str, *, secure: bool) -> bytes:
    """What comes back for bytes that no client library would send."""
    if secure:
        connection: HTTPConnection = HTTPSConnection("localhost", port, context=public.tls)
    else:
        connection = HTTPConnection("localhost", port)
    connection.timeout = WITHIN_S
    connection.connect()
    assert connection.sock is not None
    connection.sock.sendall(request.encode())
    answer: bytes = connection.sock.recv(4096)
    connection.close()
    return answer or b"HTTP/1.1 4xx closed without a word"


async def test_the_secret_address_of_a_calendar_is_in_no_log(ann: Person, public: Proxied) -> None:
    url = (await ann.http.post("/api/feed")).json()["url"]
    secret = url.rpartition("/")[2].removesuffix(".ics")
    async with anonymous(public) as program:
        answer = await program.get(f"/api/feed/{secret}.ics")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
    await wait_until(lambda: '"path":"/api/feed/[redacted]"' in public.nginx.logged)
    assert secret not in public.nginx.logged
    assert secret not in "".join(process.logged for process in public.processes)


async def test_a_request_keeps_its_id_through_the_proxy(ann: Person, public: Proxied) -> None:
    given = f"click-{secrets.token_hex(4)}"
    answer = await ann.http.get("/api/tasks", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given
    await wait_until(lambda: f'"request_id":"{given}"' in public.nginx.logged)
    other = await ann.http.get("/api/tasks", headers={"X-Request-Id": 'forged"line'})
    assert len(other.headers["X-Request-Id"]) == 32


async def test_a_change_is_followed_from_the_click_to_the_socket(
    ann: Person, public: Proxied
) -> None:
    """By its request id to its place in the stream, and by that place to the frame.

    In the log alone as well: who answered, what was announced, and on whose sockets it went out.
    """
    given, key = f"click-{secrets.token_hex(4)}", secrets.token_hex(8)
    headers = {"X-Request-Id": given, "Idempotency-Key": key}
    async with ann.line() as opened:
        answer = await ann.http.post("/api/tasks", json={"title": "Follow me"}, headers=headers)
        frame = await opened.frame()
    position = answer.headers["Taskwire-Position"]
    assert position.endswith(f".{frame['seq']}")
    assert frame["op"] == key
    await wait_until(
        lambda: f'"request_id":"{given}","position":"{position}"' in public.nginx.logged
    )
    logged = "".join(process.logged for process in public.processes)
    written = [line for line in logged.splitlines() if given in line and '"answered"' in line]
    assert len(written) == 1
    assert f'"position": "{position}"' in written[0]
    assert f'"op": "{key}"' in written[0]
    channel, seq = f"user:{ann.id}:tasks", frame["seq"]
    announced = [line for line in logged.splitlines() if given in line and '"announced"' in line]
    assert len(announced) == 1
    assert f'"channel": "{channel}", "seq": {seq}' in announced[0]
    assert f"delivered {channel} up to {seq} to 1 listeners" in logged


async def test_a_body_beyond_the_bound_is_refused_in_words_of_ours(ann: Person) -> None:
    for size in (300_000, 2_000_000):  # Taskwire's bound, and then nginx' own
        answer = await ann.http.post("/api/tasks", content=b" " * size)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_a_head_beyond_the_bound_is_refused_in_words_of_ours(public: Proxied) -> None:
    """With certainty: a client that is still sending is heard out, and so hears the answer."""
    port = public.nginx.https_port
    header = f"Authorization: Bearer {'x' * 1_000_000}"
    request = f"GET /api/tasks HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n"
    for _ in range(5):
        answer = _raw(public, port, request, secure=True)
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b'{"error":{"code":"head_too_large"' in answer
    address = f"GET /ws/tasks?token={'x' * 1_000_000} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert _raw(public, port, address, secure=True).startswith(b"HTTP/1.1 414 ")


async def test_parts_of_the_page_are_kept_for_good_and_packed(
    public: Proxied, tmp_path: Path
) -> None:
    async with anonymous(public) as http:
        page = (await http.get("/")).text
        script = page.partition('src="')[2].partition('"')[0]
        assert script.startswith("/assets/"), page
        answer = await http.get(script, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


async def test_signing_in_many_times_from_one_address_is_no_flood(public: Proxied) -> None:
    async with registered(public, "Household") as person:
        body = {"email": person.email, "password": PASSWORD}
        answers = [await person.http.post("/api/auth/login", json=body) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}


async def test_the_policy_for_scripts_is_the_one_that_taskwire_sends_itself() -> None:
    written = (CONFIGURATION / "locations.conf").read_text(encoding="utf-8")
    policy = written.partition('Content-Security-Policy "')[2].partition('"')[0]
    assert policy.replace("$socket_scheme://$host:*", "ws: wss:") == CONTENT_SECURITY_POLICY


async def test_hsts_is_one_word_away(public: Proxied) -> None:
    edits = {'{ default ""; }': '{ default "max-age=63072000"; }'}
    with name_server(["127.0.0.1"]) as names, nginx(names, public.port, edits=edits) as strict:
        connection = HTTPSConnection("localhost", strict.https_port, context=strict.trust())
        connection.request("GET", "/")
        assert connection.getresponse().headers["Strict-Transport-Security"] == "max-age=63072000"
        connection.close()


async def test_the_same_without_tls_for_this_machine_alone(public: Proxied) -> None:
    with name_server(["127.0.0.2"]) as names, nginx(names, public.port, site="http.conf") as plain:
        connection = HTTPConnection("127.0.0.1", plain.http_port)
        connection.request("GET", "/")
        headers = connection.getresponse().headers
        assert "connect-src 'self' ws://127.0.0.1:*;" in headers["Content-Security-Policy"]
        connection.close()


async def test_a_killed_process_takes_nobody_with_it(ann: Person, public: Proxied) -> None:
    """Last, because a process is gone after it. The name server still names both."""
    async with ann.line() as opened:
        cursor = opened.cursor
    public.processes[0].process.send_signal(signal.SIGKILL)
    public.processes[0].process.wait()
    titles = [f"After the loss {number}" for number in range(6)]
    for title in titles:
        await ann.add(title)
        async with ann.line(since=cursor) as opened:
            assert (await opened.frame())["data"]["title"] == titles[0]
    async with ann.line(since=cursor) as opened:
        heard = [frame["data"]["title"] for frame in await opened.frames(len(titles))]
    assert heard == titles
    lines = [json.loads(text) for text in public.nginx.logged.splitlines() if text[:1] == "{"]
    assert any("," in entry["upstream_status"] for entry in lines), (
        "both were asked for one request"
    )
