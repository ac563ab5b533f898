"""argon2id. Each hash takes tens of megabytes, so only a few are computed at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError

from taskwire.domain.errors import ThrottledError

WAITING_MAX = 100
"""Sign-ins that may wait for their turn; the bound keeps a flood from piling up unseen."""


RETRY_AFTER_S = 5

T = TypeVar("T")


class Argon2Passwords:
    """OWASP's m=47104 (46 MiB), t=1, p=1 by default; parameters that change rehash at sign-in."""

    def __init__(self, *, memory_kib: int, time_cost: int, at_once_max: int) -> None:
        self._argon2 = Argon2(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )
        self._turns = asyncio.Semaphore(at_once_max)
        self._waiting = 0
        self._nobodys_hash = self._argon2.hash("nobody's password")

    async def hash(self, password: str) -> str:
        return await self._in_turn(self._argon2.hash, password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        known = self._nobodys_hash if password_hash is None else password_hash
        return await self._in_turn(self._matches, known, password) and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    async def _in_turn(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= WAITING_MAX:
            raise ThrottledError(RETRY_AFTER_S)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1
