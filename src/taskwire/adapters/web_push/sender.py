"""One push to one browser: no redirects, no answer believed, nothing waited for beyond its bound."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpcore2

from taskwire.adapters.web_push.encryption import encrypt, fresh_chance
from taskwire.adapters.web_push.guard import (
    EndpointRules,
    ForbiddenAddress,
    GuardedNetwork,
    Resolve,
    resolve,
)
from taskwire.adapters.web_push.keys import BadKey, browser_keys
from taskwire.adapters.web_push.vapid import Vapid
from taskwire.application.delivery_ports import PushKeys
from taskwire.domain.delivery import Failed, Gone, Outcome, Refused, Sent
from taskwire.domain.errors import InvalidError

ANSWER_BYTES_MAX = 4096
"""What is read of an answer, so that its connection can be used again; its words do not matter."""

CONNECTIONS_MAX = 20
KEPT_OPEN_S = 30.0

_Headers = dict[bytes | str, bytes | str]


class HttpPushSender:
    """Use it as a context. `ttl_s`: how long the service keeps a push for a browser that sleeps."""

    def __init__(
        self,
        vapid: Vapid,
        rules: EndpointRules,
        *,
        timeout_s: float,
        ttl_s: int,
        find: Resolve = resolve,
    ) -> None:
        self._vapid = vapid
        self._rules = rules
        self._timeout_s = timeout_s
        self._ttl_s = ttl_s
        self._connections = httpcore2.AsyncConnectionPool(
            network_backend=GuardedNetwork(rules, find),
            max_connections=CONNECTIONS_MAX,
            keepalive_expiry=KEPT_OPEN_S,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._connections.aclose()

    async def send(self, keys: PushKeys, payload: bytes, urgency: str, topic: str) -> Outcome:
        try:
            self._rules.check_endpoint(keys.endpoint)  # the rules may be stricter than they were
            body = encrypt(payload, browser_keys(keys.p256dh, keys.auth), fresh_chance())
        except (InvalidError, BadKey):
            return Refused("the subscription is not one that may be sent to")
        headers: _Headers = {
            "Authorization": self._vapid.authorization(keys.endpoint, time.time()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(self._ttl_s),
            "Urgency": urgency,
            # Another push of this topic takes the place of one that still waits for its browser.
            "Topic": topic,
        }
        return await self._post(keys.endpoint, headers, body)

    async def _post(self, endpoint: str, headers: _Headers, body: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._ask(endpoint, headers, body)
        except ForbiddenAddress:
            return Refused("the push service is inside a private network")
        except (
            httpcore2.NetworkError,
            httpcore2.TimeoutException,
            httpcore2.ProtocolError,
            TimeoutError,
        ) as error:
            return Failed(type(error).__name__)

    async def _ask(self, endpoint: str, headers: _Headers, body: bytes) -> Outcome:
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_s)
        async with self._connections.stream(
            "POST", endpoint, headers=headers, content=body, extensions={"timeout": timeouts}
        ) as answer:
            await _read_a_little(answer)
            return outcome_of(answer.status, _header(answer, b"retry-after"))


def outcome_of(status: int, retry_after: str | None) -> Outcome:
    """What a push service's status means for us (RFC 8030, 5 to 8)."""
    match status:
        case _ if 200 <= status < 300:  # noqa: PLR2004 - the class of success
            return Sent()
        case 404 | 410:
            return Gone()
        case 429:
            return Failed("the push service answered 429", _seconds(retry_after))
        case _ if status >= 500:  # noqa: PLR2004 - the class of its own faults
            return Failed(f"the push service answered {status}", _seconds(retry_after))
        case _:
            return Refused(f"the push service answered {status}")


async def _read_a_little(answer: httpcore2.Response) -> None:
    bytes_read = 0
    async for chunk in answer.aiter_stream():
        bytes_read += len(chunk)
        if bytes_read > ANSWER_BYTES_MAX:
            return


def _header(answer: httpcore2.Response, name: bytes) -> str | None:
    values = [value for key, value in answer.headers if key.lower() == name]
    return values[0].decode("latin-1") if values else None


def _seconds(retry_after: str | None) -> float | None:
    """A number of seconds or a date; what cannot be read asks for nothing."""
    if retry_after is None:
        return None
    if retry_after.isdecimal() and len(retry_after) < 10:  # noqa: PLR2004 - three centuries
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (at.astimezone(UTC) - datetime.now(UTC)).total_seconds())
