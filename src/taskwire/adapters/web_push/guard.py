"""Where a push may go. The address comes from a client, and our network is not theirs to reach.

It is checked when it is given, and again for the address that is really connected to: a name may
be the Internet's today and ours tomorrow.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpcore2
from typing_extensions import override

from taskwire.adapters.web_push.keys import BadKey, browser_keys
from taskwire.application.delivery_ports import PushKeys
from taskwire.domain.errors import InvalidError

ENDPOINT_LENGTH_MAX = 2000
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """`allows_loopback`: an installation without https is somebody's own machine, and its tests."""

    allows_loopback: bool

    def check(self, keys: PushKeys) -> None:
        """Raises InvalidError for a subscription that nothing should be sent to."""
        self.check_endpoint(keys.endpoint)
        try:
            browser_keys(keys.p256dh, keys.auth)
        except BadKey as error:
            raise InvalidError(str(error)) from error

    def check_endpoint(self, endpoint: str) -> None:
        parts = _parsed(endpoint)
        host = (parts.hostname or "").rstrip(".").lower()
        is_loopback = _is_loopback(host)
        if is_loopback and self.allows_loopback:
            return
        if parts.scheme != "https":
            raise InvalidError("endpoint has to begin with https://.")
        is_local_name = "." not in host or host.endswith(_LOCAL_NAMES)
        literal = _literal(host)
        if literal is not None and not self.allows(literal):
            raise InvalidError("endpoint is inside a private network.")
        if literal is None and is_local_name:
            raise InvalidError("endpoint is inside a private network.")

    def allows(self, address: Address) -> bool:
        embedded = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        if embedded is not None:
            return self.allows(embedded)
        if address.is_loopback:
            return self.allows_loopback
        return address.is_global and not address.is_multicast


Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name, at least one; raises OSError when there is none."""


async def resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves a name, and connects to one of its addresses only when all of them are allowed."""

    def __init__(self, rules: EndpointRules, resolve: Resolve) -> None:
        self._rules = rules
        self._find = resolve
        self._network = httpcore2.AnyIOBackend()

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        address = await self._resolve(host, port, timeout)
        return await self._network.connect_tcp(
            address, port, timeout, local_address, socket_options
        )

    async def _resolve(self, host: str, port: int, timeout_s: float | None) -> str:
        try:
            async with asyncio.timeout(timeout_s):
                addresses = await self._find(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the name of the push service is not known") from error
        if not all(self._rules.allows(ipaddress.ip_address(address)) for address in addresses):
            raise ForbiddenAddress
        return addresses[0]


class ForbiddenAddress(Exception):  # noqa: N818 - it is the address that is forbidden
    """A name that leads into a private network."""


def _parsed(endpoint: str) -> SplitResult:
    is_plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    if len(endpoint) > ENDPOINT_LENGTH_MAX or not is_plain:
        raise InvalidError(f"endpoint is an address of at most {ENDPOINT_LENGTH_MAX} characters.")
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError as error:
        raise InvalidError("endpoint is not an address.") from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise InvalidError("endpoint has to begin with https:// and name a host.")
    if parts.fragment or "\\" in endpoint:
        raise InvalidError("endpoint is not an address.")
    return parts


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" if literal is None else literal.is_loopback


def _literal(host: str) -> Address | None:
    """The address that a host is, in any of the ways that a resolver would read (`0x7f.1`)."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
