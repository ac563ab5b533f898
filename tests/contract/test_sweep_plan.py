"""What a sweep costs grows with the writes of the last seconds, not with the streams there are."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from taskwire.adapters.database.change_log import MOVED
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.sql import dialect_of, statement_for, with_now

STREAMS = 100_000  # as many as 50,000 people have
FILL = """
    INSERT INTO streams (channel, head, floor, moved_at)
    WITH RECURSIVE numbers(n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    SELECT 'channel ' || n, 1, 0, :moved_at FROM numbers"""
EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}


async def test_at_100_000_streams_the_sweep_reads_an_index_and_not_the_table(
    database: Database,
) -> None:
    """A mark is a constant for the planner; `clock_timestamp()` would be none."""
    await database.write(_fill)
    plan = await database.look(_plan)
    assert any("ix_streams_moved_at" in line for line in plan), plan
    assert not any("Seq Scan on streams" in line or "SCAN s" in line for line in plan), plan


def _fill(connection: Connection) -> None:
    given = {"count": STREAMS, "moved_at": datetime.now(UTC) - timedelta(days=1)}
    connection.execute(statement_for(dialect_of(connection), FILL), given)
    connection.execute(text("ANALYZE streams"))


def _plan(connection: Connection) -> list[str]:
    dialect = dialect_of(connection)
    explain = statement_for(dialect, f"{EXPLAIN[dialect]} {MOVED[dialect]}")
    given = with_now({"since": datetime.now(UTC) - timedelta(seconds=15)})
    return [str(row[-1]) for row in connection.execute(explain, given)]
