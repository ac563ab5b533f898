"""Growth: what stays the same when there is more of everything.

Not shown: caches of a disk; everything fits in memory here.
"""

from __future__ import annotations

import asyncio

import asyncpg

from bench.peers import Place
from bench.peers.writing import TaskwireWrites
from bench.scenarios.writing import PEOPLE, Saturated
from bench.writers import saturate

WARM_UP_S = 2.0
TASKS_PER_PERSON = 200

# Other people's tasks, with their streams: as the product would have written them.
FILL = (
    """INSERT INTO people (email, name, password_hash, created_at)
       SELECT 'grown' || n || '@bench.example', 'x', 'x', now() FROM generate_series(1, $1) n""",
    """INSERT INTO tasks
         (owner_id, title, description, is_completed, priority, version, created_at, updated_at)
       SELECT p.id, 'Task ' || n, '', false, 0, 1, now(), now()
       FROM people p, generate_series(1, $1) n WHERE p.email LIKE 'grown%'""",
    """INSERT INTO streams (channel, head, floor, moved_at)
       SELECT 'user:' || id || ':tasks', $1, 0, now() - interval '1 hour'
       FROM people WHERE email LIKE 'grown%'""",
)


def run_writes(place: Place, database_url: str, tasks: int, seconds: float) -> Saturated:
    """PUTs of sixteen people, in a database that holds `tasks` tasks of others."""
    with TaskwireWrites().start(place, database_url, PEOPLE) as up:
        if tasks:
            asyncio.run(_fill(database_url, tasks))
        saturate(up.port, up.targets, WARM_UP_S, place.folder)
        before_s = up.program.cpu_s()
        puts_per_s = saturate(up.port, up.targets, seconds, place.folder)
        spent_s = up.program.cpu_s() - before_s
    return Saturated(puts_per_s, spent_s / (puts_per_s * seconds) * 1000)


async def _fill(database_url: str, tasks: int) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        people = max(1, tasks // TASKS_PER_PERSON)
        each = min(tasks, TASKS_PER_PERSON)
        for statement, count in zip(FILL, (people, each, each), strict=True):
            await connection.execute(statement, count)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
