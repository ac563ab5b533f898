import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from taskwire.adapters.security.tokens import JwtTokens
from taskwire.application.accounts import Accounts, Throttle
from taskwire.application.ports import Change, Credentials, OpenedSession, SessionStore
from taskwire.application.revocations import Revocations
from taskwire.domain.device import Device
from taskwire.domain.errors import (
    EmailTakenError,
    InvalidError,
    ThrottledError,
    UnauthenticatedError,
)
from taskwire.domain.person import Person

HERE = Device("Firefox on Linux", "1.2.3.4")
TOKENS = JwtTokens(("k" * 40,), access_lifetime_s=900, ticket_lifetime_s=30)


def at(address: str) -> Device:
    return Device("Firefox on Linux", address)


@dataclass
class MemoryPeople:
    """People and their failures in memory."""

    known: dict[str, Credentials] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)

    async def add(self, email: str, name: str, password_hash: str) -> Person | None:
        if email in self.known:
            return None
        person = Person(len(self.known) + 1, email, name)
        self.known[email] = Credentials(person, password_hash)
        return person

    async def find(self, person_id: int) -> Person | None:
        people = [known.person for known in self.known.values()]
        return next((person for person in people if person.id == person_id), None)

    async def credentials(self, email: str) -> Credentials | None:
        return self.known.get(email)

    async def set_password_hash(self, person_id: int, password_hash: str) -> None:
        for email, known in self.known.items():
            if known.person.id == person_id:
                self.known[email] = dataclasses.replace(known, password_hash=password_hash)

    async def failures(self, subjects: Sequence[str]) -> Mapping[str, int]:
        return {subject: self.failed[subject] for subject in subjects}

    async def add_failure(self, subjects: Sequence[str]) -> None:
        self.failed.update(subjects)

    async def forget_failures(self, subjects: Sequence[str]) -> None:
        for subject in subjects:
            del self.failed[subject]


class PlainPasswords:
    """Hashes that can be read."""

    outdated = ""

    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return password_hash in (f"hash of {password}", f"old hash of {password}")

    def is_outdated(self, password_hash: str) -> bool:
        return password_hash.startswith("old")


class OneSession:
    """Opens sessions and remembers the last digest and device; `news` are its changes."""

    news: tuple[Change, ...] = ()

    async def open(self, person_id: int, refresh_digest: str, device: Device) -> OpenedSession:
        self.digest, self.device = refresh_digest, device
        return OpenedSession("s", self.news)

    async def close_by_refresh(self, digest: str) -> str | None:
        return "s" if digest == self.digest else None


@dataclass
class Said:
    """What was announced, and how often a worker was told to send."""

    frames: list[tuple[str, int | None, bytes]] = field(default_factory=list)
    nudges: int = 0

    def announce(self, channel: str, seq: int | None, payload: bytes) -> None:
        self.frames.append((channel, seq, payload))

    def nudge_deliveries(self) -> None:
        self.nudges += 1


def accounts(
    people: MemoryPeople | None = None,
    session: OneSession | None = None,
    hints: Said | None = None,
) -> Accounts:
    said = hints or Said()
    return Accounts(
        people=people or MemoryPeople(),
        sessions=cast("SessionStore", session or OneSession()),
        passwords=PlainPasswords(),
        tokens=TOKENS,
        revocations=Revocations(900, 0),
        throttle=Throttle(
            per_account_max=2, per_address_max=4, registrations_per_address_max=3, window_s=300
        ),
        hints=said,
        queue=said,
    )


async def test_who_registers_is_signed_in() -> None:
    desk = accounts()
    signed_in = await desk.register("Noa@B.c", " Noa ", "12345678", HERE)
    assert signed_in.person == Person(1, "noa@b.c", "Noa")
    claims = desk.authenticate(signed_in.access_token)
    assert (claims.person_id, claims.session_id) == (1, "s")
    assert await desk.me(claims) == signed_in.person


async def test_an_address_belongs_to_one_account() -> None:
    desk = accounts()
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    with pytest.raises(EmailTakenError):
        await desk.register("NOA@b.c", "Other", "12345678", HERE)


@pytest.mark.parametrize(("email", "name", "password"), [("x", "n", "12345678"), ("a@b", "", "12345678"), ("a@b", "n", "1")])  # fmt: skip
async def test_a_bad_registration_adds_nobody(email: str, name: str, password: str) -> None:
    people = MemoryPeople()
    with pytest.raises(InvalidError):
        await accounts(people).register(email, name, password, HERE)
    assert not people.known


async def test_a_sign_in_from_elsewhere_is_told_to_the_devices_that_are_there() -> None:
    session, said = OneSession(), Said()
    desk = accounts(session=session, hints=said)
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    session.news = (Change("user:1:notifications", 7, b"a frame"),)
    await desk.sign_in("noa@b.c", "12345678", at("9.9.9.9"))
    assert (said.frames, said.nudges) == ([("user:1:notifications", 7, b"a frame")], 1)
    assert session.device == at("9.9.9.9")


async def test_unknown_person_and_wrong_password_look_the_same() -> None:
    desk = accounts()
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    told = []
    for email in ("noa@b.c", "nobody@b.c"):
        with pytest.raises(UnauthenticatedError) as caught:
            await desk.sign_in(email, "wrong password", at("1.2.3.4"))
        told.append((caught.value.code, caught.value.message))
    assert told[0] == told[1]
    assert told[0][0] == "bad_credentials"


async def test_guessing_one_account_is_slowed_down_from_everywhere() -> None:
    desk = accounts()
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    for address in ("1.1.1.1", "2.2.2.2"):
        with pytest.raises(UnauthenticatedError):
            await desk.sign_in("noa@b.c", "wrong password", at(address))
    with pytest.raises(ThrottledError) as caught:
        await desk.sign_in("noa@b.c", "12345678", at("3.3.3.3"))
    assert caught.value.retry_after_s == 300


async def test_guessing_many_accounts_is_slowed_down_by_address() -> None:
    desk = accounts()
    for number in range(4):
        with pytest.raises(UnauthenticatedError):
            await desk.sign_in(f"{number}@b.c", "wrong password", at("1.1.1.1"))
    with pytest.raises(ThrottledError):
        await desk.sign_in("fifth@b.c", "wrong password", at("1.1.1.1"))


async def test_asking_who_has_an_account_is_slowed_down_by_address() -> None:
    desk = accounts()
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    for _ in range(3):
        with pytest.raises(EmailTakenError):
            await desk.register("noa@b.c", "Noa", "12345678", at("1.1.1.1"))
    with pytest.raises(ThrottledError):
        await desk.register("new@b.c", "New", "12345678", at("1.1.1.1"))
    await desk.register("new@b.c", "New", "12345678", at("2.2.2.2"))


async def test_registering_many_from_one_address_is_no_failure() -> None:
    desk = accounts()
    for number in range(10):
        await desk.register(f"{number}@b.c", "Noa", "12345678", HERE)
    await desk.sign_in("9@b.c", "12345678", HERE)


async def test_successes_are_not_counted_and_forgive_the_account() -> None:
    people = MemoryPeople()
    desk = accounts(people)
    await desk.register("noa@b.c", "Noa", "12345678", HERE)
    with pytest.raises(UnauthenticatedError):
        await desk.sign_in("noa@b.c", "wrong password", at("1.1.1.1"))
    for _ in range(10):
        await desk.sign_in("noa@b.c", "12345678", at("1.1.1.1"))
    assert people.failed["account:noa@b.c"] == 0


async def test_an_outdated_hash_is_renewed_at_sign_in() -> None:
    people = MemoryPeople()
    people.known["noa@b.c"] = Credentials(Person(1, "noa@b.c", "Noa"), "old hash of 12345678")
    await accounts(people).sign_in("noa@b.c", "12345678", at("1.1.1.1"))
    assert people.known["noa@b.c"].password_hash == "hash of 12345678"


async def test_signing_out_ends_the_access_token_too() -> None:
    desk = accounts()
    signed_in = await desk.register("noa@b.c", "Noa", "12345678", HERE)
    await desk.sign_out(signed_in.refresh_token)
    with pytest.raises(UnauthenticatedError):
        desk.authenticate(signed_in.access_token)


async def test_signing_out_with_an_unknown_token_ends_nothing() -> None:
    desk = accounts()
    signed_in = await desk.register("noa@b.c", "Noa", "12345678", HERE)
    await desk.sign_out("somebody else's")
    assert desk.authenticate(signed_in.access_token).session_id == "s"


async def test_a_deleted_person_is_nobody() -> None:
    desk = accounts()
    claims = TOKENS.read_access(TOKENS.access(99, "s"))
    assert claims is not None
    with pytest.raises(UnauthenticatedError):
        await desk.me(claims)


def test_a_ticket_is_no_access_token() -> None:
    desk = accounts()
    claims = TOKENS.read_access(TOKENS.access(1, "s"))
    assert claims is not None
    with pytest.raises(UnauthenticatedError):
        desk.authenticate(desk.buy_ticket(claims))
