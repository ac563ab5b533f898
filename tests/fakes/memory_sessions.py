"""Sessions and tickets in memory, with the counts that tests want."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from taskwire.domain.errors import UnavailableError


class MemorySessions:
    """The part of the SessionStore that sockets need."""

    def __init__(self, *living: str) -> None:
        self.open = set(living)
        self.closed: frozenset[str] = frozenset()
        self.spent: set[str] = set()
        self.questions = 0
        self.is_down = False

    async def living(self, session_ids: Sequence[str]) -> frozenset[str]:
        self._ask()
        return frozenset(session_ids) & self.open

    async def spend_tickets(self, tickets: Mapping[str, datetime]) -> frozenset[str]:
        self._ask()
        fresh = frozenset(tickets) - self.spent
        self.spent |= fresh
        return fresh

    async def closed_since(self, mark: str | None) -> tuple[str, frozenset[str]]:
        self._ask()
        return "mark", self.closed

    def _ask(self) -> None:
        self.questions += 1
        if self.is_down:
            raise UnavailableError
