"""JWTs for requests and sockets, and the chain of refresh tokens.

An access token and a ticket differ in audience and type, so neither passes for the other. A refresh
token is no JWT: 256 random bits of which the database knows only a hash. Its successor is an HMAC
of it under our key, so the same token always rotates into the same successor (two tabs, a lost
answer) without a secret ever being stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from taskwire.application.ports import Claims

ALGORITHM = "HS256"
ISSUER = "taskwire"
ACCESS = "access"
TICKET = "ws"
AUDIENCES = {ACCESS: "taskwire-api", TICKET: "taskwire-ws"}
LEEWAY_S = 0
TOKEN_LENGTH_MAX = 4096
VERIFIED_MAX = 4096
"""Tokens whose signature is known to be good; at 400 bytes each some 2 MB. The oldest goes first."""

_PERSON_ID = re.compile(r"[1-9][0-9]{0,17}")
_REQUIRED = ["exp", "iat", "sub", "aud", "iss", "jti", "sid", "typ"]


class JwtTokens:
    """`keys` all verify, the first one signs: put a new key in front to rotate."""

    def __init__(
        self, keys: tuple[str, ...], *, access_lifetime_s: int, ticket_lifetime_s: int
    ) -> None:
        self._keys = keys
        self._verified: dict[str, Claims] = {}
        self.access_lifetime_s = access_lifetime_s
        self.ticket_lifetime_s = ticket_lifetime_s

    def access(self, person_id: int, session_id: str) -> str:
        return self._sign(ACCESS, person_id, session_id, self.access_lifetime_s)

    def ticket(self, person_id: int, session_id: str) -> str:
        return self._sign(TICKET, person_id, session_id, self.ticket_lifetime_s)

    @property
    def verified(self) -> int:
        """Tokens that need no second check."""
        return len(self._verified)

    def read_access(self, token: str) -> Claims | None:
        """Verify a signature once: a page sends the same token with each request until it ends."""
        claims = self._verified.get(token) or self._read(token, ACCESS)
        if claims is None or claims.expires_at <= datetime.now(UTC):
            self._verified.pop(token, None)
            return None
        self._remember(token, claims)
        return claims

    def read_for_socket(self, token: str) -> Claims | None:
        if token in self._verified:
            return self.read_access(token)
        claims = self._read(token, TICKET, ACCESS)
        if claims is not None and claims.ticket is None:
            self._remember(token, claims)
        return claims

    def refresh(self) -> str:
        return secrets.token_urlsafe(32)

    def successor(self, refresh_token: str) -> str:
        message = b"refresh:" + refresh_token.encode(errors="replace")
        following = hmac.digest(self._keys[0].encode(), message, "sha256")
        return base64.urlsafe_b64encode(following).rstrip(b"=").decode()

    def digest(self, refresh_token: str) -> str:
        return hashlib.sha256(refresh_token.encode(errors="replace")).hexdigest()

    def _remember(self, token: str, claims: Claims) -> None:
        if len(self._verified) >= VERIFIED_MAX and token not in self._verified:
            del self._verified[next(iter(self._verified))]
        self._verified[token] = claims

    def _sign(self, kind: str, person_id: int, session_id: str, lifetime_s: int) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCES[kind],
            "typ": kind,
            "sub": str(person_id),
            "sid": session_id,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + timedelta(seconds=lifetime_s),
        }
        return jwt.encode(claims, self._keys[0], algorithm=ALGORITHM)

    def _read(self, token: str, *kinds: str) -> Claims | None:
        if len(token) > TOKEN_LENGTH_MAX:
            return None
        for key in self._keys:
            try:
                claims = jwt.decode(
                    token,
                    key,
                    algorithms=[ALGORITHM],
                    audience=[AUDIENCES[kind] for kind in kinds],
                    issuer=ISSUER,
                    leeway=LEEWAY_S,
                    options={"require": _REQUIRED},
                )
            except (jwt.InvalidTokenError, UnicodeError):
                continue
            return _claims(claims, kinds)
        return None


def _claims(claims: dict[str, Any], kinds: tuple[str, ...]) -> Claims | None:
    kind, subject, session = claims["typ"], claims["sub"], claims["sid"]
    if kind not in kinds or claims["aud"] != AUDIENCES[kind]:
        return None
    if not _PERSON_ID.fullmatch(subject) or not isinstance(session, str):
        return None
    return Claims(
        person_id=int(subject),
        session_id=session,
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        ticket=claims["jti"] if kind == TICKET else None,
    )
