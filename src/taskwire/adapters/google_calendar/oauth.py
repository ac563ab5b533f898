"""OAuth 2 with Google: authorization code with PKCE, refresh, revoke."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx2

from taskwire.adapters.google_calendar.http import json_of, reason_of
from taskwire.application.calendar.ports import Access, CalendarError, Grant
from taskwire.domain.calendar.troubles import Trouble

APP_CREATED = "https://www.googleapis.com/auth/calendar.app.created"
"""Calendars that we made, and nothing else of the person's: the least that is enough."""

_TROUBLES = {
    "invalid_grant": Trouble.SIGN_IN,
    "invalid_client": Trouble.OPERATOR,
    "unauthorized_client": Trouble.OPERATOR,
    "redirect_uri_mismatch": Trouble.OPERATOR,
}
_OK = 200
_SERVER_ERRORS_FROM = 500
_THROTTLED = 429


@dataclass(frozen=True, slots=True)
class OauthClient:
    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str
    token_url: str
    revoke_url: str
    redirect_url: str


class GoogleConsents:
    needed_scope = APP_CREATED

    def __init__(self, http: httpx2.AsyncClient, client: OauthClient) -> None:
        self._http = http
        self._client = client

    def address(self, state: str, verifier: str) -> str:
        # prompt=consent, or Google gives no refresh token to somebody who was here before.
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_url,
            "response_type": "code",
            "scope": APP_CREATED,
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            "include_granted_scopes": "true",
        }
        return f"{self._client.auth_url}?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Grant:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_url,
            "code_verifier": verifier,
        }
        return await self._token(form)

    async def refresh(self, refresh_token: str) -> Grant:
        return await self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def revoke(self, refresh_token: str) -> None:
        answer = await self._post(self._client.revoke_url, {"token": refresh_token})
        if answer.status_code != _OK and reason_of(answer) != "invalid_token":
            raise _error(answer)

    async def _token(self, form: Mapping[str, str]) -> Grant:
        client = {
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
        }
        answer = await self._post(self._client.token_url, {**form, **client})
        if answer.status_code != _OK:
            raise _error(answer)
        parsed = json_of(answer) or {}
        token, lifetime_s = parsed.get("access_token"), parsed.get("expires_in", 0)
        refresh_token = parsed.get("refresh_token")
        if not isinstance(token, str) or not isinstance(lifetime_s, int):
            raise CalendarError(Trouble.UNKNOWN, "the token's answer is not understood")
        return Grant(
            Access(token, lifetime_s),
            refresh_token if isinstance(refresh_token, str) else None,
            frozenset(str(parsed.get("scope", "")).split()),
        )

    async def _post(self, url: str, form: Mapping[str, str]) -> httpx2.Response:
        try:
            return await self._http.post(url, data=dict(form))
        except httpx2.HTTPError as error:
            raise CalendarError(Trouble.UNKNOWN, type(error).__name__) from error


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _error(answer: httpx2.Response) -> CalendarError:
    """Only a dead grant is final; what the token's server cannot do now it may do later."""
    reason = reason_of(answer)
    status = answer.status_code
    if status >= _SERVER_ERRORS_FROM or status == _THROTTLED:
        return CalendarError(Trouble.UNKNOWN, f"{status} {reason}".strip())
    return CalendarError(_TROUBLES.get(reason, Trouble.UNKNOWN), f"{status} {reason}".strip())
