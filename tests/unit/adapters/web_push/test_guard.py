import ipaddress

import pytest

from taskwire.adapters.web_push.guard import EndpointRules
from taskwire.adapters.web_push.keys import encode
from taskwire.application.delivery_ports import PushKeys
from taskwire.domain.errors import InvalidError
from tests.fakes.browser_push import Browser

PRODUCTION, MACHINE = EndpointRules(allows_loopback=False), EndpointRules(allows_loopback=True)
GOOD = "https://push.example.org/send/abc"


@pytest.mark.parametrize(
    "endpoint", [GOOD, "https://push.example.org:8443/x?y=z", "https://93.184.215.14/x"]
)
def test_an_address_on_the_internet_may_be_sent_to(endpoint: str) -> None:
    PRODUCTION.check_endpoint(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example.org",
        "http://push.example.org/x",
        "ftp://push.example.org/x",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user:pass@push.example.org/x",
        "https://push.example.org@10.0.0.1/x",
        "https://push.example.org/x#y",
        "https://push.example.org\\@10.0.0.1/",
        "https://push.example.org/\r\nHost: other",
        "https://push.example.org/a b",
        "https://push.example.org:99999/x",
        "https://push.example.org:port/x",
        "https://пуш.example/x",
        "https://" + "x" * 2000 + ".example.org",
        "https://[::1",
    ],
)
def test_what_is_no_plain_address_is_refused(endpoint: str) -> None:
    with pytest.raises(InvalidError, match="endpoint"):
        PRODUCTION.check_endpoint(endpoint)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "localhost",
        "LOCALHOST.",
        "redis",
        "printer.local",
        "db.internal",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address that must be refused
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[2002:7f00:1::]",
    ],
)
def test_no_way_of_writing_it_leads_into_our_network(host: str) -> None:
    with pytest.raises(InvalidError):
        PRODUCTION.check_endpoint(f"https://{host}/x")


@pytest.mark.parametrize("host", ["127.0.0.1:9999", "localhost:9999", "[::1]:9999"])
def test_a_machine_of_ones_own_may_send_to_itself(host: str) -> None:
    MACHINE.check_endpoint(f"http://{host}/x")
    with pytest.raises(InvalidError):
        PRODUCTION.check_endpoint(f"http://{host}/x")


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254"])
def test_and_not_to_its_neighbours(host: str) -> None:
    with pytest.raises(InvalidError):
        MACHINE.check_endpoint(f"https://{host}/x")


def test_a_name_is_judged_by_what_it_leads_to() -> None:
    assert PRODUCTION.allows(ipaddress.ip_address("93.184.215.14"))
    assert not PRODUCTION.allows(ipaddress.ip_address("192.168.0.7"))
    assert not PRODUCTION.allows(ipaddress.ip_address("::ffff:192.168.0.7"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p256dh", ""),
        ("p256dh", encode(b"\x04" + b"\x01" * 64)),  # beside the curve
        ("p256dh", encode(b"\x04" * 64)),
        ("p256dh", "a" * 100_000),
        ("p256dh", "not base64!"),
        ("auth", ""),
        ("auth", encode(b"x" * 15)),
        ("auth", "ключ"),
    ],
)
def test_keys_that_no_browser_gives_are_refused(name: str, value: str) -> None:
    keys = {**Browser().subscription(GOOD)["keys"], name: value}
    with pytest.raises(InvalidError, match="keys"):
        PRODUCTION.check(PushKeys(GOOD, keys["p256dh"], keys["auth"]))


def test_keys_that_a_browser_gives_are_taken() -> None:
    keys = Browser().subscription(GOOD)["keys"]
    PRODUCTION.check(PushKeys(GOOD, keys["p256dh"], keys["auth"]))


def test_no_secret_of_a_subscription_is_in_its_text() -> None:
    keys = PushKeys(GOOD, "p256dh", "the auth")
    assert not any(secret in repr(keys) for secret in (GOOD, "p256dh", "the auth"))
