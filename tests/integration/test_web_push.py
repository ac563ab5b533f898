"""The sender against a push service that opens what it gets: RFC 8030, 8291 and 8292."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from taskwire.adapters.processes.completion import new_vapid_key
from taskwire.adapters.web_push.guard import EndpointRules
from taskwire.adapters.web_push.sender import HttpPushSender
from taskwire.adapters.web_push.vapid import Vapid
from taskwire.application.delivery_ports import PushKeys
from taskwire.domain.delivery import Failed, Gone, Outcome, Refused, Sent
from tests.fakes.browser_push import Browser
from tests.services.push_service import PushService, Reply, push_service

VAPID = Vapid(new_vapid_key(), "mailto:taskwire@example.org")
MACHINE, PRODUCTION = EndpointRules(allows_loopback=True), EndpointRules(allows_loopback=False)
PAYLOAD = '{"id":7,"title":"חלב"}'.encode()


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
async def sender() -> AsyncIterator[HttpPushSender]:
    async with HttpPushSender(VAPID, MACHINE, timeout_s=20, ttl_s=86400) as opened:
        yield opened


def keys_of(browser: Browser, endpoint: str) -> PushKeys:
    keys = browser.subscription(endpoint)["keys"]
    return PushKeys(endpoint, keys["p256dh"], keys["auth"])


async def push(sender: HttpPushSender, endpoint: str, browser: Browser | None = None) -> Outcome:
    return await sender.send(keys_of(browser or Browser(), endpoint), PAYLOAD, "high", "n7")


async def test_the_browser_reads_it_and_the_service_knows_who_sent_it(
    sender: HttpPushSender, service: PushService
) -> None:
    browser = Browser()
    assert await push(sender, service.endpoint("a"), browser) == Sent()
    (got,) = service.received
    assert browser.read(got.body) == {"id": 7, "title": "חלב"}
    claims = got.vapid_claims(audience=service.url)
    assert (claims["sub"], claims["key"]) == ("mailto:taskwire@example.org", VAPID.public_key)
    wanted = {"content-encoding": "aes128gcm", "ttl": "86400", "urgency": "high", "topic": "n7"}
    assert wanted.items() <= got.headers.items()
    assert PAYLOAD not in got.body


async def test_one_connection_serves_many_pushes(
    sender: HttpPushSender, service: PushService
) -> None:
    outcomes = [await push(sender, service.endpoint(str(number))) for number in range(20)]
    assert outcomes == [Sent()] * 20
    assert len(service.received) == 20


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(410), Gone()),
        (Reply(404), Gone()),
        (Reply(429, {"Retry-After": "77"}), Failed("the push service answered 429", 77.0)),
        (Reply(503, body=b"busy"), Failed("the push service answered 503")),
        (Reply(400), Refused("the push service answered 400")),
        (Reply(201, body=None), Sent()),  # a body without an end is not read to its end
    ],
)
async def test_its_answer_decides_what_follows(
    sender: HttpPushSender, service: PushService, reply: Reply, outcome: Outcome
) -> None:
    service.replies.append(reply)
    assert await push(sender, service.endpoint("a")) == outcome


async def test_a_redirect_is_not_followed(sender: HttpPushSender, service: PushService) -> None:
    service.replies.append(Reply(307, {"Location": service.endpoint("elsewhere")}))
    assert await push(sender, service.endpoint("a")) == Refused("the push service answered 307")
    assert [got.path for got in service.received] == ["/push/a"]


async def test_a_service_that_never_answers_is_given_up(service: PushService) -> None:
    service.replies.append(Reply(is_held=True))
    async with HttpPushSender(VAPID, MACHINE, timeout_s=0.2, ttl_s=60) as impatient:
        assert isinstance(await push(impatient, service.endpoint("a")), Failed)


async def test_a_service_that_is_not_there_may_come_back(sender: HttpPushSender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(await push(sender, f"http://127.0.0.1:{port}/x"), Failed)


async def test_a_name_that_leads_into_our_network_is_never_connected_to(
    service: PushService,
) -> None:
    """It was the Internet's when it was given; a name can be moved within a second."""

    async def moved(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "127.0.0.1"]

    async with HttpPushSender(VAPID, PRODUCTION, timeout_s=5, ttl_s=60, find=moved) as sender:
        endpoint = f"https://push.example.org:{service.port}/push/a"
        refused = Refused("the push service is inside a private network")
        assert await push(sender, endpoint) == refused
    assert service.received == []


async def test_a_name_that_is_not_known_may_be_known_later() -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    async with HttpPushSender(VAPID, PRODUCTION, timeout_s=5, ttl_s=60, find=nowhere) as sender:
        assert isinstance(await push(sender, "https://push.example.org/a"), Failed)


async def test_rules_that_became_stricter_hold_for_what_was_taken_before(
    service: PushService,
) -> None:
    async with HttpPushSender(VAPID, PRODUCTION, timeout_s=5, ttl_s=60) as sender:
        assert isinstance(await push(sender, service.endpoint("a")), Refused)
    assert service.received == []


async def test_many_at_once_stay_within_the_bound_of_connections(
    sender: HttpPushSender, service: PushService
) -> None:
    sending = (push(sender, service.endpoint(str(number))) for number in range(60))
    assert await asyncio.gather(*sending) == [Sent()] * 60
