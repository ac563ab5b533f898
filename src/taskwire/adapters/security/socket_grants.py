"""Who may listen: tokens of sockets, checked against the database a batch at a time.

After a deploy everybody comes back at once; what arrives together costs two queries together.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from taskwire.application.ports import Claims, SessionStore, Tokens
from taskwire.application.revocations import Revocations
from taskwire.domain.errors import UnavailableError
from taskwire.realtime.batch import Batcher
from taskwire.realtime.ports import Grant, LogUnavailable, Revoked

CHECKED_AT_ONCE_MAX = 500


class _Ask:
    """One try to use a token. Compared by identity: a ticket used twice is two tries."""

    __slots__ = ("claims",)

    def __init__(self, claims: Claims) -> None:
        self.claims = claims


class SocketGrants:
    """The engine's Authenticator, and the source of this process's revocations."""

    def __init__(self, tokens: Tokens, sessions: SessionStore, revocations: Revocations) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._revocations = revocations
        self._reported: frozenset[str] = frozenset()
        self._batches = Batcher(self._check, batch_max=CHECKED_AT_ONCE_MAX)

    async def authenticate(self, token: str) -> Grant | None:
        claims = self._tokens.read_for_socket(token)
        if claims is None or self._revocations.is_revoked(claims.session_id):
            return None
        if not await self._batches.ask(_Ask(claims)):
            return None
        expires_at_s = claims.expires_at.timestamp()
        return Grant(str(claims.person_id), claims.session_id, expires_at_s)

    async def revoked(self, since: str | None) -> Revoked:
        try:
            mark, closed = await self._sessions.closed_since(since)
        except UnavailableError as error:
            raise LogUnavailable from error
        self._revocations.add(closed)
        self._revocations.tick(time.monotonic())
        # Each look reaches back a little, so what it found last time comes again.
        fresh, self._reported = closed - self._reported, closed
        return Revoked(mark, fresh)

    async def _check(self, asks: Sequence[_Ask]) -> Sequence[bool]:
        try:
            living = await self._sessions.living([ask.claims.session_id for ask in asks])
            fresh = await self._fresh_tickets(asks, living)
        except UnavailableError as error:
            raise LogUnavailable from error
        return [self._passes(ask, living, fresh) for ask in asks]

    async def _fresh_tickets(self, asks: Sequence[_Ask], living: frozenset[str]) -> dict[str, _Ask]:
        """The tickets that are spent by this batch, each with the one try that may use it."""
        first: dict[str, _Ask] = {}
        for ask in asks:
            if ask.claims.ticket is not None and ask.claims.session_id in living:
                first.setdefault(ask.claims.ticket, ask)
        if not first:
            return first
        tickets = {ticket: ask.claims.expires_at for ticket, ask in first.items()}
        spent_now = await self._sessions.spend_tickets(tickets)
        return {ticket: ask for ticket, ask in first.items() if ticket in spent_now}

    def _passes(self, ask: _Ask, living: frozenset[str], fresh: dict[str, _Ask]) -> bool:
        if ask.claims.session_id not in living:
            return False
        return ask.claims.ticket is None or fresh.get(ask.claims.ticket) is ask
