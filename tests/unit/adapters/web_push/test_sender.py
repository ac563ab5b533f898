from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from taskwire.adapters.web_push.sender import outcome_of
from taskwire.domain.delivery import Failed, Gone, Outcome, Refused, Sent


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Sent()),
        (201, Sent()),
        (202, Sent()),
        (404, Gone()),
        (410, Gone()),
        (301, Refused("the push service answered 301")),
        (307, Refused("the push service answered 307")),
        (400, Refused("the push service answered 400")),
        (403, Refused("the push service answered 403")),
        (413, Refused("the push service answered 413")),
        (429, Failed("the push service answered 429")),
        (500, Failed("the push service answered 500")),
        (503, Failed("the push service answered 503")),
    ],
)
def test_a_status_says_whether_to_come_again(status: int, outcome: Outcome) -> None:
    assert outcome_of(status, None) == outcome


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("120", 120.0), ("soon", None), ("-5", None), ("9" * 5000, None), ("", None), ("1.5", None)],
)
def test_retry_after_is_read_or_left(retry_after: str, seconds: float | None) -> None:
    assert outcome_of(429, retry_after) == Failed("the push service answered 429", seconds)


def test_retry_after_may_be_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    outcome = outcome_of(503, at)
    assert isinstance(outcome, Failed)
    assert outcome.retry_after_s == pytest.approx(600, abs=60)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert outcome_of(503, past) == Failed("the push service answered 503", 0.0)
