"""A real Sentinel failover; `python -m tests.faults.sentinel` also measures how long it takes."""

from tests.faults.sentinel import failover

SECONDS = 12.0


async def test_a_failover_under_load_loses_nothing() -> None:
    report = await failover(SECONDS)
    assert report.failed_over, "the sentinels made the replica the master"
    assert (report.lost, report.out_of_order) == (0, 0), report
    assert report.written > 0
