"""Somebody who knows tokens: those a test issued, tickets good once."""

from taskwire.realtime.ports import Grant, LogUnavailable, Revoked


class MemoryAuthenticator:
    """Implements `Authenticator`."""

    def __init__(self) -> None:
        self.is_available = True
        self.asked: list[str] = []
        self._grants: dict[str, Grant] = {}
        self._tickets: set[str] = set()
        self._revoked: list[str] = []

    def issue(self, token: str, subject: str, session: str = "s1", *, once: bool = False) -> str:
        """Make a token good."""
        self._grants[token] = Grant(subject, session, expires_at_s=0.0)
        if once:
            self._tickets.add(token)
        return token

    def revoke(self, session: str) -> None:
        """End a session."""
        self._revoked.append(session)

    async def authenticate(self, token: str) -> Grant | None:
        self.asked.append(token)
        if not self.is_available:
            raise LogUnavailable
        grant = self._grants.get(token)
        if token in self._tickets:
            del self._grants[token]
            self._tickets.discard(token)
        return None if grant is None or grant.session in self._revoked else grant

    async def revoked(self, since: str | None) -> Revoked:
        if not self.is_available:
            raise LogUnavailable
        begin = int(since) if since else 0
        return Revoked(str(len(self._revoked)), frozenset(self._revoked[begin:]))
