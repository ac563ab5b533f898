"""Statements that lost against others (a deadlock, a lock that took too long) are tried again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from taskwire.domain.errors import UnavailableError

T = TypeVar("T")

CONFLICT_ATTEMPTS_MAX: Final = 3
CONFLICT_PAUSE_S: Final = 0.02

# serialization_failure, deadlock_detected, lock_not_available
_CONFLICTS: Final = frozenset({"40001", "40P01", "55P03"})

_jitter = random.Random()  # noqa: S311 - it spreads retries, it guards nothing


class ConflictError(Exception):
    """PostgreSQL chose somebody else. Nothing was written."""


def fault_of(sqlstate: str | None) -> ConflictError | UnavailableError:
    """What a failure is that is no mistake of the statement's: worth another try, or not."""
    return ConflictError() if sqlstate in _CONFLICTS else UnavailableError()


async def despite_conflicts(attempt: Callable[[], Awaitable[T]]) -> T:
    """Make an attempt, and again after a conflict. Raises UnavailableError after the last."""
    for number in range(1, CONFLICT_ATTEMPTS_MAX + 1):
        try:
            return await attempt()
        except ConflictError as conflict:
            if number == CONFLICT_ATTEMPTS_MAX:
                raise UnavailableError from conflict
        await asyncio.sleep(_jitter.uniform(0, CONFLICT_PAUSE_S) * number)
    raise AssertionError("the last attempt returns or raises")
