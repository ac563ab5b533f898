"""Whom to believe about where a request comes from."""

import pytest

from taskwire.adapters.websocket.proxies import TrustedProxies


@pytest.mark.parametrize(
    ("listed", "peer", "forwarded", "client"),
    [
        ("127.0.0.1", "127.0.0.1", ["9.9.9.9"], "9.9.9.9"),
        ("127.0.0.1", "127.0.0.1", ["6.6.6.6, 9.9.9.9"], "9.9.9.9"),
        ("127.0.0.1,10.0.0.0/8", "127.0.0.1", ["6.6.6.6, 9.9.9.9, 10.0.0.5"], "9.9.9.9"),
        ("127.0.0.1", "127.0.0.1", ["6.6.6.6", "9.9.9.9"], "9.9.9.9"),
        ("127.0.0.1", "8.8.8.8", ["9.9.9.9"], "8.8.8.8"),
        ("127.0.0.1", "127.0.0.1", [], "127.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("*", "8.8.8.8", ["6.6.6.6, 9.9.9.9"], "6.6.6.6"),
        ("*", "8.8.8.8", [], "8.8.8.8"),
        ("", "127.0.0.1", ["9.9.9.9"], "127.0.0.1"),
        ("::1", "::1", ["2001:db8::7"], "2001:db8::7"),
        ("127.0.0.1", "127.0.0.1", ["not an address"], "not an address"),
    ],
)
def test_the_client_is_the_last_stranger(
    listed: str, peer: str, forwarded: list[str], client: str
) -> None:
    assert TrustedProxies(listed).client(peer, forwarded) == client


def test_a_peer_without_an_address_is_a_stranger() -> None:
    assert not TrustedProxies("127.0.0.1").trusts("")


def test_what_is_longer_than_any_address_is_nobody_we_trust() -> None:
    proxies = TrustedProxies("127.0.0.1")
    assert [proxies.trusts(each) for each in ("127.0.0.1", "127.0.0.1" + " " * 99)] == [True, False]
