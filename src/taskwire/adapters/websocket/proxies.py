"""Whom to believe about where a request comes from: only our own proxies may say so."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

KNOWN_MAX: Final = 1024
"""Addresses that are remembered as ours or not."""
ADDRESS_CHARS_MAX: Final = 64
"""No address is longer; what claims to be one is neither read nor remembered."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """Addresses and networks, by comma; `*` trusts every peer."""

    def __init__(self, listed: str) -> None:
        names = [name.strip() for name in listed.split(",") if name.strip()]
        self.trusts_all = "*" in names
        # After a deploy every handshake comes from the same proxy; reading its address each time
        # was a tenth of the work.
        self._is_proxy = lru_cache(KNOWN_MAX)(self._look_up)
        self._networks = [ipaddress.ip_network(name, strict=False) for name in names if name != "*"]

    def trusts(self, address: str) -> bool:
        if self.trusts_all:
            return True
        return len(address) <= ADDRESS_CHARS_MAX and self._is_proxy(address)

    def client(self, peer: str, forwarded_for: Sequence[str]) -> str:
        """Name the client: the last address that is not a proxy of ours.

        Each proxy appends what it saw, so the list is read from its end; what stands before the
        first stranger was written by that stranger.
        """
        if not self.trusts(peer):
            return peer
        hops = [hop.strip() for line in forwarded_for for hop in line.split(",") if hop.strip()]
        if self.trusts_all:
            return hops[0] if hops else peer
        for hop in reversed(hops):
            if not self.trusts(hop):
                return hop
        return hops[0] if hops else peer

    def _look_up(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)
