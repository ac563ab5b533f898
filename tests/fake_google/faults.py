"""What goes wrong on purpose: refusals, and connections that break before or after the deed."""

import random
from collections import deque
from collections.abc import Callable
from enum import StrEnum

from tests.fake_google import answers
from tests.fake_google.answers import Refusal


class Fault(StrEnum):
    DROPPED_BEFORE = "dropped_before"
    """The request never arrived."""
    DROPPED_AFTER = "dropped_after"
    """It was done, and the answer got lost: the worst of all."""
    CUT = "cut"
    """It was done, and half of the answer came."""
    RATE_LIMIT = "rate_limit"
    USER_RATE_LIMIT = "user_rate_limit"
    QUOTA = "quota"
    TOO_MANY = "too_many"
    BACKEND = "backend"
    PROXY = "proxy"
    INVALID = "invalid"
    """A 400: this one request is wrong, and will be tomorrow."""
    EXPIRED = "expired"
    """A 410: the list has to begin anew."""


WEATHER = tuple(fault for fault in Fault if fault not in (Fault.INVALID, Fault.EXPIRED))
"""What comes by itself and goes by itself."""

AFTER = (Fault.DROPPED_AFTER, Fault.CUT)
RETRY_AFTER_S = 7

_REFUSALS: dict[Fault, Callable[[], Refusal]] = {
    Fault.RATE_LIMIT: lambda: answers.throttled(403, "rateLimitExceeded"),
    Fault.USER_RATE_LIMIT: lambda: answers.throttled(403, "userRateLimitExceeded"),
    Fault.QUOTA: lambda: answers.throttled(403, "quotaExceeded"),
    Fault.TOO_MANY: lambda: answers.throttled(429, "rateLimitExceeded", RETRY_AFTER_S),
    Fault.BACKEND: answers.backend_error,
    Fault.PROXY: answers.proxy_page,
    Fault.INVALID: lambda: answers.invalid("Invalid value."),
    Fault.EXPIRED: answers.token_too_old,
}


class Dropped(Exception):  # noqa: N818 - to the caller it is a broken connection
    """No answer at all."""


class Faults:
    """Planned ones first, one for each call; then by chance."""

    def __init__(self) -> None:
        self._planned: deque[tuple[str, Fault]] = deque()
        self._random = random.Random(0)
        self._rate = 0.0
        self._kinds: tuple[Fault, ...] = WEATHER

    def plan(self, fault: Fault, *, method: str = "", count: int = 1) -> None:
        """For the next calls with this method (any, when empty)."""
        self._planned.extend([(method, fault)] * count)

    def by_chance(self, rate: float, seed: int, kinds: tuple[Fault, ...] = WEATHER) -> None:
        self._random, self._rate, self._kinds = random.Random(seed), rate, kinds

    def clear(self) -> None:
        self._planned.clear()
        self._rate = 0.0

    def next_for(self, method: str) -> Fault | None:
        if self._planned and self._planned[0][0] in ("", method):
            return self._planned.popleft()[1]
        if self._rate and self._random.random() < self._rate:
            return self._random.choice(self._kinds)
        return None


def refusal_of(fault: Fault) -> Refusal | None:
    make = _REFUSALS.get(fault)
    return None if make is None else make()
