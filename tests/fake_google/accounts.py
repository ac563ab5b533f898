"""OAuth: consent, codes, tokens, and how they end."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote, urlencode

from tests.fake_google.answers import Answer, Json, oauth_error, ok
from tests.fake_google.clock import Clock

CODE_LIFETIME = timedelta(minutes=10)
ACCESS_LIFETIME_S = 3599
OWNER = "owner@example.test"


@dataclass
class Grant:
    """What a person allowed a client; a new consent to the same client renews it."""

    scopes: str
    refresh_token: str = field(default_factory=lambda: "1//0" + secrets.token_urlsafe(40))
    is_alive: bool = True


@dataclass(frozen=True)
class Code:
    scopes: str
    redirect_uri: str
    challenge: str
    expires_at: datetime
    gets_refresh_token: bool


@dataclass(frozen=True)
class Access:
    grant: Grant
    expires_at: datetime
    scopes: str


class Accounts:
    """One person's account, and one client that may ask for it."""

    def __init__(self, clock: Clock, client_id: str, client_secret: str) -> None:
        self._clock = clock
        self.client = (client_id, client_secret)
        self.redirect_uris: set[str] | None = None
        """None: any. Google keeps a list of them per client."""
        self.withholds_refresh_token = False
        """As it does with somebody who was here before, whatever the consent says."""
        self.grant: Grant | None = None
        self.codes: dict[str, Code] = {}
        self.accesses: dict[str, Access] = {}
        self.issued: set[str] = set()
        """Every code and token that was ever given out here."""
        self.refresh_count = 0

    def check_consent(self, query: Mapping[str, str]) -> str | None:
        """Why the consent page does not come up; None when it does."""
        if query.get("client_id") != self.client[0]:
            return "invalid_client"
        uri = query.get("redirect_uri", "")
        if not uri or (self.redirect_uris is not None and uri not in self.redirect_uris):
            return "redirect_uri_mismatch"
        if query.get("response_type") != "code" or not query.get("scope"):
            return "invalid_request"
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            return "invalid_request"
        return None

    def consent(self, query: Mapping[str, str], granted: str | None) -> str:
        """Where the person's browser goes next; `granted` None: they said no."""
        if granted is None:
            return _with(query, {"error": "access_denied"})
        is_first = self.grant is None or not self.grant.is_alive
        wants_offline = query.get("access_type") == "offline"
        code = "4/0" + secrets.token_urlsafe(32)
        self.issued.add(code)
        self.codes[code] = Code(
            scopes=granted,
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
            expires_at=self._clock.now() + CODE_LIFETIME,
            gets_refresh_token=wants_offline and (is_first or query.get("prompt") == "consent"),
        )
        return _with(query, {"code": code, "scope": granted})

    def token(self, form: Mapping[str, str], authorization: str | None) -> Answer:
        if _client_of(form, authorization) != self.client:
            raise oauth_error(401, "invalid_client", "Unauthorized")
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
            case _:
                raise oauth_error(400, "unsupported_grant_type", "Invalid grant_type")

    def revoke(self, token: str) -> Answer:
        grant = self.grant
        known = self.accesses.get(token)
        is_known = grant is not None and (token == grant.refresh_token or known is not None)
        if grant is None or not is_known or not grant.is_alive:
            raise oauth_error(400, "invalid_token", "Token expired or revoked")
        self.end_grant()
        return ok({})

    def end_grant(self) -> None:
        """As the person does it in their account, or the seven days of a testing project."""
        if self.grant is not None:
            self.grant.is_alive = False
        self.accesses.clear()

    def expire_accesses(self) -> None:
        self.accesses.clear()

    def scopes_of(self, authorization: str | None) -> str | None:
        """The scopes of a living access token; None for any other."""
        scheme, _, token = (authorization or "").partition(" ")
        access = self.accesses.get(token)
        if scheme.lower() != "bearer" or access is None:
            return None
        is_living = access.grant.is_alive and self._clock.now() < access.expires_at
        return access.scopes if is_living else None

    def _exchange(self, form: Mapping[str, str]) -> Answer:
        code = self.codes.pop(form.get("code", ""), None)
        is_good = code is not None and code.redirect_uri == form.get("redirect_uri")
        if code is None or not is_good or self._clock.now() > code.expires_at:
            raise oauth_error(400, "invalid_grant", "Bad Request")
        if code.challenge and code.challenge != _challenge(form.get("code_verifier", "")):
            raise oauth_error(400, "invalid_grant", "Invalid code verifier.")
        if self.grant is None or not self.grant.is_alive or code.gets_refresh_token:
            self.grant = Grant(code.scopes)
        self.grant.scopes = code.scopes
        answer = self._access(self.grant)
        if code.gets_refresh_token and not self.withholds_refresh_token:
            self.issued.add(self.grant.refresh_token)
            answer["refresh_token"] = self.grant.refresh_token
        return ok(answer)

    def _refresh(self, form: Mapping[str, str]) -> Answer:
        self.refresh_count += 1
        grant = self.grant
        if grant is None or not grant.is_alive or form.get("refresh_token") != grant.refresh_token:
            raise oauth_error(400, "invalid_grant", "Token has been expired or revoked.")
        return ok(self._access(grant))

    def _access(self, grant: Grant) -> Json:
        token = "ya29." + secrets.token_urlsafe(48)
        self.issued.add(token)
        expires_at = self._clock.now() + timedelta(seconds=ACCESS_LIFETIME_S)
        self.accesses[token] = Access(grant, expires_at, grant.scopes)
        return {
            "access_token": token,
            "expires_in": ACCESS_LIFETIME_S,
            "scope": grant.scopes,
            "token_type": "Bearer",
        }


def _with(query: Mapping[str, str], more: dict[str, str]) -> str:
    state = {"state": query["state"]} if "state" in query else {}
    joint = "&" if "?" in query["redirect_uri"] else "?"
    return query["redirect_uri"] + joint + urlencode(state | more)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _client_of(form: Mapping[str, str], authorization: str | None) -> tuple[str, str]:
    """In the body or by HTTP Basic: Google takes both."""
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(credentials).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ("", "")
        return unquote(name), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")
