from datetime import UTC, datetime, time, timedelta

import pytest

from taskwire.domain.delivery import (
    PAUSE_MAX_S,
    Again,
    Dropped,
    Failed,
    Gone,
    Outcome,
    Over,
    Refused,
    Sent,
    after,
    pause_before_retry_s,
    send_at,
)
from taskwire.domain.notification import REMINDER_DUE, SIGN_IN
from taskwire.domain.preferences import Preferences
from taskwire.domain.quiet_hours import QuietHours

NOW = datetime(2026, 6, 2, 1, 0, tzinfo=UTC)
SLEEPER = Preferences(time_zone="Europe/Berlin", quiet_hours=QuietHours(time(22), time(7)))


def test_quiet_hours_hold_a_reminder_and_let_a_warning_pass() -> None:
    assert send_at(REMINDER_DUE, SLEEPER, NOW) == datetime(2026, 6, 2, 5, 0, tzinfo=UTC)
    assert send_at(SIGN_IN, SLEEPER, NOW) == NOW


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Sent(), Over("sent")),
        (Dropped("read"), Over("dropped", "read")),
        (Gone(), Over("gone")),
        (Refused("no"), Over("given_up", "no")),
    ],
)
def test_what_trying_again_would_not_change_is_over(outcome: Outcome, verdict: Over) -> None:
    assert after(outcome, 1, 6, NOW, 0.5) == verdict


def test_what_may_work_later_is_tried_again_and_in_the_end_given_up() -> None:
    assert after(Failed("busy"), 1, 3, NOW, 1.0) == Again(NOW + timedelta(seconds=30), "busy")
    assert after(Failed("busy"), 2, 3, NOW, 1.0) == Again(NOW + timedelta(seconds=120), "busy")
    assert after(Failed("busy"), 3, 3, NOW, 1.0) == Over("given_up", "busy")


def test_a_service_may_put_us_off_but_not_for_ever() -> None:
    assert pause_before_retry_s(1, 300, 1.0) == 300
    assert pause_before_retry_s(1, 86400, 1.0) == PAUSE_MAX_S
    assert pause_before_retry_s(2, 1, 1.0) == 120, "a short wish does not shorten our own pause"


def test_pauses_are_spread_and_bounded_however_many_there_were() -> None:
    assert pause_before_retry_s(1, None, 0.0) == 15
    assert pause_before_retry_s(1, None, 1.0) == 30
    assert pause_before_retry_s(1000, None, 0.0) == PAUSE_MAX_S
