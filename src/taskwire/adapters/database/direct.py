"""One statement straight to PostgreSQL, for what is written all day.

SQLAlchemy's way through one write (a greenlet for each step, 29 names bound anew, a result of 20
columns described anew) costs 0.4 ms of CPU; asyncpg alone, which it stands on, 0.06. A write is one
statement in text anyway, so nothing is lost on the short way but the toll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import IntegrityError

from taskwire.adapters.database.conflicts import despite_conflicts, fault_of
from taskwire.domain.errors import UnavailableError

CONNECTION_WAIT_S: Final = 3.0
ANSWER_WAIT_S: Final = 6.0
"""Longer than the database's own bound for a statement: one that is frozen or cut off keeps none."""
CLOSE_WAIT_S: Final = 3.0
IDLE_MAX_S: Final = 300.0
"""A firewall on the way forgets a silent connection without a word, and a write would hang on it."""

OUT_OF_STEP: Final = asyncpg.InternalClientError
"""What asyncpg says when the server's last word came while nobody asked, and the end of the line did
not yet: the next statement finds a connection that waits for the rest of that word."""

_OURS = (asyncpg.SyntaxOrAccessError, asyncpg.DataError)
"""What a statement did wrong; everything else is the database not answering."""


class Direct:
    """A pool of asyncpg's own. Connections are made when they are needed."""

    def __init__(self, arguments: Mapping[str, Any], *, pool_size: int) -> None:
        self._arguments = arguments
        self._pool_size = pool_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def fetch_row(self, sql: str, values: Sequence[object]) -> asyncpg.Record | None:
        """Run one statement that commits alone; its first row.

        Raises IntegrityError (SQLAlchemy's, as on the long way) and UnavailableError.
        """
        return await despite_conflicts(partial(self._fetch_row, sql, values))

    async def close(self) -> None:
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_WAIT_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def _fetch_row(self, sql: str, values: Sequence[object]) -> asyncpg.Record | None:
        try:
            pool = self._pool or await self._open()
            async with asyncio.timeout(CONNECTION_WAIT_S):
                connection = await pool.acquire()
            try:
                async with asyncio.timeout(ANSWER_WAIT_S):
                    return await connection.fetchrow(sql, *values)
            except asyncpg.PostgresError:
                raise  # a word of the server's, after which it takes the next statement
            except BaseException:
                connection.terminate()  # to end politely takes a server that answers
                raise
            finally:
                await pool.release(connection)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise IntegrityError(sql, None, error) from error
        except _OURS:
            raise
        except asyncpg.PostgresError as error:
            raise fault_of(error.sqlstate) from error
        except (OSError, TimeoutError, asyncpg.InterfaceError, OUT_OF_STEP) as error:
            raise UnavailableError from error

    async def _open(self) -> asyncpg.Pool[asyncpg.Record]:
        # Nothing waits in here: with no connection at the start, none is made.
        self._pool = await asyncpg.create_pool(
            **self._arguments,
            min_size=0,
            max_size=self._pool_size,
            reset=_leave_as_it_is,
            max_inactive_connection_lifetime=IDLE_MAX_S,
        )
        return self._pool


async def _leave_as_it_is(_connection: object) -> None:
    """One statement leaves nothing to clean up, and cleaning is a round trip."""
