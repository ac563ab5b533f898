"""The sessions that ended lately, kept in each process.

An access token is believed for its fifteen minutes without a query, so what ended within them
must be known here. The sweep refreshes it every second from the database; this process's own
sign-outs stand at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Revocations:
    """Two generations are kept; each lives as long as a token, so none is forgotten too early."""

    lifetime_s: float
    _turned_at_s: float
    _young: set[str] = field(default_factory=set)
    _old: set[str] = field(default_factory=set)

    def is_revoked(self, session_id: str) -> bool:
        return session_id in self._young or session_id in self._old

    def add(self, session_ids: Iterable[str]) -> None:
        self._young.update(session_ids)

    def tick(self, now_s: float) -> None:
        """Let time pass (any monotonic clock): forget what no token can outlive."""
        if now_s - self._turned_at_s >= self.lifetime_s:
            self._old, self._young = self._young, set()
            self._turned_at_s = now_s
