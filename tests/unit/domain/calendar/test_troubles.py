import pytest

from taskwire.domain.calendar.troubles import (
    BACKOFF_MAX_S,
    LONG_BACKOFF_MAX_S,
    LONG_BACKOFF_S,
    Trouble,
    backoff_s,
    classify,
)


@pytest.mark.parametrize(
    ("status", "reason", "trouble"),
    [
        (400, "invalid", Trouble.ITEM),
        (400, "timeRangeEmpty", Trouble.ITEM),
        (401, "authError", Trouble.SIGN_IN),
        (403, "rateLimitExceeded", Trouble.THROTTLED),
        (403, "userRateLimitExceeded", Trouble.THROTTLED),
        (403, "quotaExceeded", Trouble.EXHAUSTED),
        (403, "dailyLimitExceeded", Trouble.EXHAUSTED),
        (403, "variableTermLimitExceeded", Trouble.EXHAUSTED),
        (403, "insufficientPermissions", Trouble.SCOPE),
        (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", Trouble.SCOPE),
        (403, "accessNotConfigured", Trouble.OPERATOR),
        (403, "SERVICE_DISABLED", Trouble.OPERATOR),
        (403, "forbidden", Trouble.FORBIDDEN),
        (403, "requiredAccessLevel", Trouble.FORBIDDEN),
        (403, "", Trouble.FORBIDDEN),
        (404, "notFound", Trouble.ABSENT),
        (408, "", Trouble.UNKNOWN),
        (409, "duplicate", Trouble.TAKEN),
        (409, "conflict", Trouble.UNKNOWN),
        (410, "fullSyncRequired", Trouble.RESYNC),
        (410, "updatedMinTooLongAgo", Trouble.RESYNC),
        (410, "", Trouble.RESYNC),
        (410, "deleted", Trouble.ABSENT),
        (412, "conditionNotMet", Trouble.STALE),
        (418, "", Trouble.ITEM),
        (429, "rateLimitExceeded", Trouble.THROTTLED),
        (500, "backendError", Trouble.UNKNOWN),
        (503, "", Trouble.UNKNOWN),
    ],
)
def test_status_and_reason_together_say_what_is_wrong(
    status: int, reason: str, trouble: Trouble
) -> None:
    assert classify(status, reason) is trouble


@pytest.mark.parametrize("trouble", [Trouble.THROTTLED, Trouble.UNKNOWN])
def test_waits_double_up_to_about_a_minute(trouble: Trouble) -> None:
    waits = [backoff_s(trouble, failures, chance=0) for failures in range(20)]
    assert waits[:7] == [1, 2, 4, 8, 16, 32, BACKOFF_MAX_S]
    assert set(waits[7:]) == {BACKOFF_MAX_S}


@pytest.mark.parametrize("trouble", [Trouble.EXHAUSTED, Trouble.OPERATOR])
def test_a_used_up_quota_is_left_alone_for_a_quarter_of_an_hour_up_to_a_day(
    trouble: Trouble,
) -> None:
    assert backoff_s(trouble, 0, chance=0) == LONG_BACKOFF_S
    assert backoff_s(trouble, 1000, chance=0) == LONG_BACKOFF_MAX_S


def test_those_who_failed_together_come_back_apart() -> None:
    for trouble in (Trouble.THROTTLED, Trouble.EXHAUSTED):
        assert backoff_s(trouble, 1, chance=0.9) > backoff_s(trouble, 1, chance=0.1)


def test_what_google_asks_for_is_done_but_for_more_than_a_day() -> None:
    assert backoff_s(Trouble.THROTTLED, 9, chance=1, retry_after_s=7) == 7
    assert backoff_s(Trouble.THROTTLED, 0, chance=1, retry_after_s=1e9) == LONG_BACKOFF_MAX_S
