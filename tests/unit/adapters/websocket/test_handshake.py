"""What can be decided about an upgrade request without asking anybody."""

import pytest

from taskwire.adapters.websocket import handshake
from taskwire.adapters.websocket.handshake import (
    Refusal,
    Request,
    Rules,
    Visitor,
    examine,
    is_origin_ours,
    parse_request,
    select_subprotocol,
)
from taskwire.adapters.websocket.proxies import TrustedProxies

RULES = Rules(
    {"/ws/tasks": lambda subject: subject}, ("https://tasks.example",), TrustedProxies("127.0.0.1")
)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def request(target: str = "/ws/tasks?token=t", method: str = "GET", **headers: str) -> Request:
    lines = {"sec-websocket-version": "13", "sec-websocket-key": KEY, "host": "h"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"{method} {target} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    parsed = parse_request(head.encode() + b"\r\n")
    assert parsed is not None
    return parsed


def examined(peer: str = "127.0.0.1", **options: str) -> Visitor | Refusal:
    return examine(request(**options), RULES, peer=peer, is_tls=False)


@pytest.mark.parametrize(
    "head", [b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET //[ HTTP/1.1\r\n\r\n"]
)
def test_a_malformed_head_is_none(head: bytes) -> None:
    assert parse_request(head) is None


def test_a_head_is_read_with_each_of_its_headers() -> None:
    parsed = parse_request(b"GET /a?b=c HTTP/1.1\r\nX-Y: 1\r\nx-y:  2 \r\n\r\n")
    assert parsed == Request("GET", "/a", "b=c", {"x-y": ["1", "2"]})
    assert (parsed.header("x-y"), parsed.header("z")) == ("1, 2", "")


def test_a_visitor_is_described_whole() -> None:
    assert examined(
        target="/ws/tasks?token=t&since=e1.7",
        x_forwarded_for="9.9.9.9",
        sec_websocket_protocol="taskwire",
    ) == Visitor("/ws/tasks", "t", "e1.7", "9.9.9.9", KEY, "taskwire")


@pytest.mark.parametrize(
    ("target", "since"),
    [
        ("/ws/tasks?token=t", None),
        ("/ws/tasks?token=t&since=", ""),
        ("/ws/tasks?token=t&since=e1.1&since=e1.2", "e1.1,e1.2"),
    ],
)
def test_a_cursor_comes_as_it_is_and_two_of_them_are_none_that_is_well_formed(
    target: str, since: str | None
) -> None:
    visitor = examined(target=target)
    assert isinstance(visitor, Visitor)
    assert visitor.since == since


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"target": "/ws/nowhere?token=t"}, handshake.NOT_FOUND),
        ({"method": "POST"}, handshake.NOT_GET),
        ({"origin": "https://evil.example"}, handshake.FORBIDDEN_ORIGIN),
        ({"origin": "https://evil.example", "target": "/ws/tasks"}, handshake.FORBIDDEN_ORIGIN),
        ({"sec_websocket_version": "8"}, handshake.BAD_VERSION),
        ({"sec_websocket_key": "c2hvcnQ="}, handshake.BAD_HANDSHAKE),
        ({"sec_websocket_key": "~"}, handshake.BAD_HANDSHAKE),
        ({"target": "/ws/tasks"}, handshake.UNAUTHORIZED),
    ],
)
def test_each_fault_has_its_refusal(options: dict[str, str], refusal: Refusal) -> None:
    assert examined(**options) == refusal


@pytest.mark.parametrize(
    ("origin", "host", "is_secure", "is_ours"),
    [
        ("http://h", "h", False, True),
        ("http://H:80", "h", False, True),
        ("http://h:8000", "h:8000", False, True),
        ("https://h", "h", True, True),
        ("https://h:443", "h", True, True),
        ("https://h", "h:443", True, True),
        ("https://tasks.example", "h", False, True),
        ("https://h", "h", False, False),
        ("http://h", "h", True, False),
        ("http://h:8001", "h:8000", False, False),
        ("null", "h", False, False),
        ("", "h", False, False),
        ("https://tasks.example.evil", "h", False, False),
        ("https://sub.tasks.example", "h", False, False),
    ],
)
def test_an_origin_is_ours_or_it_is_not(
    origin: str,
    host: str,
    is_secure: bool,  # noqa: FBT001 - the table's column
    is_ours: bool,  # noqa: FBT001 - the same
) -> None:
    asked = request(origin=origin, host=host)
    assert is_origin_ours(asked, RULES.allowed_origins, is_secure=is_secure) == is_ours


def test_a_client_without_an_origin_is_no_browser() -> None:
    assert is_origin_ours(request(), (), is_secure=True)


def test_only_our_proxy_says_that_it_was_tls() -> None:
    options = {"origin": "https://h", "x_forwarded_proto": "https"}
    assert isinstance(examined(**options), Visitor)
    assert examined(peer="8.8.8.8", **options) == handshake.FORBIDDEN_ORIGIN


def test_a_line_that_is_encrypted_up_to_us_is_tls() -> None:
    asked = request(origin="https://h")
    assert isinstance(examine(asked, RULES, peer="8.8.8.8", is_tls=True), Visitor)


@pytest.mark.parametrize(
    ("offered", "selected"),
    [
        ([], None),
        ([""], None),
        (["graphql-ws"], None),
        (["bearer.t"], "bearer.t"),
        (["bearer.t", "taskwire"], "taskwire"),
    ],
)
def test_a_browser_gets_back_one_of_the_subprotocols_it_offered(
    offered: list[str], selected: str | None
) -> None:
    assert select_subprotocol(offered) == selected
