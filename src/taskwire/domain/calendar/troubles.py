"""What an error of Google's means for us: by status and reason together, never by status alone.

403 is a full quota, a wrong scope, a read-only calendar or a project that was never switched on.
"""

from __future__ import annotations

from enum import StrEnum

BACKOFF_MAX_S = 64.0
LONG_BACKOFF_S = 900.0
LONG_BACKOFF_MAX_S = 86_400.0


class Trouble(StrEnum):
    ITEM = "item"
    """This one request is wrong, and will be tomorrow."""
    SIGN_IN = "sign_in"
    SCOPE = "scope"
    THROTTLED = "throttled"
    EXHAUSTED = "exhausted"
    OPERATOR = "operator"
    FORBIDDEN = "forbidden"
    ABSENT = "absent"
    TAKEN = "taken"
    RESYNC = "resync"
    STALE = "stale"
    UNKNOWN = "unknown"
    """No answer, or none that says whether it was done."""


_FORBIDDEN = {
    "rateLimitExceeded": Trouble.THROTTLED,
    "userRateLimitExceeded": Trouble.THROTTLED,
    "quotaExceeded": Trouble.EXHAUSTED,
    "dailyLimitExceeded": Trouble.EXHAUSTED,
    "variableTermLimitExceeded": Trouble.EXHAUSTED,
    "insufficientPermissions": Trouble.SCOPE,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": Trouble.SCOPE,
    "accessNotConfigured": Trouble.OPERATOR,
    "SERVICE_DISABLED": Trouble.OPERATOR,
}
_GONE = {"deleted": Trouble.ABSENT}
_CONFLICT = {"conflict": Trouble.UNKNOWN}
_BY_STATUS: dict[int, tuple[dict[str, Trouble], Trouble]] = {
    401: ({}, Trouble.SIGN_IN),
    403: (_FORBIDDEN, Trouble.FORBIDDEN),
    404: ({}, Trouble.ABSENT),
    408: ({}, Trouble.UNKNOWN),
    409: (_CONFLICT, Trouble.TAKEN),
    410: (_GONE, Trouble.RESYNC),
    412: ({}, Trouble.STALE),
    429: ({}, Trouble.THROTTLED),
}
_SERVER_ERRORS_FROM = 500


def classify(status: int, reason: str) -> Trouble:
    if status >= _SERVER_ERRORS_FROM:
        return Trouble.UNKNOWN
    by_reason, otherwise = _BY_STATUS.get(status, ({}, Trouble.ITEM))
    return by_reason.get(reason, otherwise)


def backoff_s(
    trouble: Trouble, failures: int, chance: float, retry_after_s: float | None = None
) -> float:
    """How long to leave Google alone. `chance` (0 to 1) spreads those who failed together."""
    if retry_after_s is not None:
        return min(retry_after_s, LONG_BACKOFF_MAX_S)
    doubled = 2.0 ** min(failures, 16)
    if trouble in (Trouble.EXHAUSTED, Trouble.OPERATOR):
        return min(LONG_BACKOFF_S * doubled, LONG_BACKOFF_MAX_S) * (1 + chance)
    return min(doubled + chance, BACKOFF_MAX_S)
