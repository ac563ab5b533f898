import asyncio

import pytest

from taskwire.adapters.security import passwords
from taskwire.adapters.security.passwords import Argon2Passwords
from taskwire.domain.errors import ThrottledError


def hasher(**changes: int) -> Argon2Passwords:
    options = {"memory_kib": 64, "time_cost": 1, "at_once_max": 2}
    return Argon2Passwords(**options | changes)


async def test_a_hash_matches_its_password_only() -> None:
    argon2 = hasher()
    password_hash = await argon2.hash("12345678")
    assert await argon2.verify("12345678", password_hash)
    assert not await argon2.verify("12345679", password_hash)


async def test_an_unknown_person_has_no_password() -> None:
    assert not await hasher().verify("nobody's password", None)


async def test_a_broken_hash_or_password_is_a_wrong_one() -> None:
    assert not await hasher().verify("12345678", "not a hash")
    assert not await hasher().verify("\ud800", await hasher().hash("12345678"))


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    password_hash = await hasher(memory_kib=128).hash("12345678")
    assert hasher().is_outdated(password_hash)
    assert not hasher(memory_kib=128).is_outdated(password_hash)


async def test_a_flood_of_sign_ins_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAITING_MAX", 3)
    argon2 = hasher(at_once_max=1)
    results = await asyncio.gather(
        *(argon2.hash("12345678") for _ in range(5)), return_exceptions=True
    )
    assert [isinstance(result, ThrottledError) for result in results] == [False] * 3 + [True] * 2
    assert await argon2.hash("later it works again")
