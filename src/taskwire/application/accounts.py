"""Signing up, in and out; the tokens that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taskwire.application.delivery_ports import DeliveryQueue
from taskwire.application.ports import (
    Claims,
    Hints,
    PasswordHasher,
    PersonStore,
    SessionStore,
    Tokens,
)
from taskwire.application.revocations import Revocations
from taskwire.domain.device import Device
from taskwire.domain.errors import EmailTakenError, ThrottledError, UnauthenticatedError
from taskwire.domain.person import Person, check_email, check_name, check_password
from taskwire.domain.text import check_text

_BAD_CREDENTIALS = "This e-mail address and password do not belong together."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`refresh_token` goes into the cookie and nowhere else."""

    person: Person
    access_token: str
    expires_in_s: int
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many failures are forgiven in a window; successes never count."""

    per_account_max: int
    per_address_max: int
    registrations_per_address_max: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Accounts:
    people: PersonStore
    sessions: SessionStore
    passwords: PasswordHasher
    tokens: Tokens
    revocations: Revocations
    throttle: Throttle
    hints: Hints
    queue: DeliveryQueue

    async def register(self, email: str, name: str, password: str, device: Device) -> SignedIn:
        email, name = check_email(email), check_name(name)
        # Who asks for one taken address after the other wants to know who has an account here.
        subject = f"register:{device.address}"
        await self._refuse_beyond({subject: self.throttle.registrations_per_address_max})
        password_hash = await self.passwords.hash(check_password(password))
        person = await self.people.add(email, name, password_hash)
        if person is None:
            await self.people.add_failure([subject])
            raise EmailTakenError
        return await self._signed_in(person, device)

    async def sign_in(self, email: str, password: str, device: Device) -> SignedIn:
        email = check_text(email, name="email", length_max=1000).strip().lower()
        account, address = f"account:{email}", f"address:{device.address}"
        await self._refuse_beyond(
            {account: self.throttle.per_account_max, address: self.throttle.per_address_max}
        )
        credentials = await self.people.credentials(email)
        known = credentials.password_hash if credentials else None
        if not await self.passwords.verify(password, known) or credentials is None:
            await self.people.add_failure([account, address])
            raise UnauthenticatedError(_BAD_CREDENTIALS, code="bad_credentials")
        await self.people.forget_failures([account])
        if self.passwords.is_outdated(credentials.password_hash):
            renewed = await self.passwords.hash(password)
            await self.people.set_password_hash(credentials.person.id, renewed)
        return await self._signed_in(credentials.person, device)

    async def refresh(self, refresh_token: str) -> SignedIn:
        successor = self.tokens.successor(refresh_token)
        session = await self.sessions.rotate(
            self.tokens.digest(refresh_token), self.tokens.digest(successor)
        )
        if session is None:
            raise UnauthenticatedError
        access_token = self.tokens.access(session.person.id, session.id)
        return SignedIn(session.person, access_token, self.tokens.access_lifetime_s, successor)

    async def sign_out(self, refresh_token: str) -> None:
        session_id = await self.sessions.close_by_refresh(self.tokens.digest(refresh_token))
        if session_id is not None:
            self.revocations.add([session_id])

    async def me(self, claims: Claims) -> Person:
        person = await self.people.find(claims.person_id)
        if person is None:
            raise UnauthenticatedError
        return person

    def buy_ticket(self, claims: Claims) -> str:
        return self.tokens.ticket(claims.person_id, claims.session_id)

    def authenticate(self, access_token: str) -> Claims:
        """Who asks, without a query: ended sessions are known within a second of their end."""
        claims = self.tokens.read_access(access_token)
        if claims is None or self.revocations.is_revoked(claims.session_id):
            raise UnauthenticatedError
        return claims

    async def _refuse_beyond(self, bounds: Mapping[str, int]) -> None:
        failures = await self.people.failures(list(bounds))
        if any(failures.get(subject, 0) >= most for subject, most in bounds.items()):
            raise ThrottledError(self.throttle.window_s)

    async def _signed_in(self, person: Person, device: Device) -> SignedIn:
        refresh_token = self.tokens.refresh()
        opened = await self.sessions.open(person.id, self.tokens.digest(refresh_token), device)
        for change in opened.changes:
            self.hints.announce(change.channel, change.seq, change.frame)
        if opened.changes:
            self.queue.nudge_deliveries()
        access_token = self.tokens.access(person.id, opened.id)
        return SignedIn(person, access_token, self.tokens.access_lifetime_s, refresh_token)
