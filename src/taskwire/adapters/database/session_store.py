"""Sessions, refresh tokens and spent tickets in the database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.known_devices import is_news
from taskwire.adapters.database.notification_writing import write_notifications
from taskwire.adapters.database.person_store import find_person
from taskwire.adapters.database.sql import dialect_of, statement_for
from taskwire.adapters.database.subscription_store import end_subscriptions
from taskwire.adapters.database.tables import refresh_tokens, sessions
from taskwire.application.ports import Change, OpenedSession, Session
from taskwire.domain.device import Device, sign_in_news

# Marks of `closed_since` are times of the database; a transaction that began before the mark may
# commit after it, so each look reaches back a little.
CLOSED_OVERLAP = timedelta(seconds=15)

_TOKEN: Select[tuple[str, datetime | None, int, datetime, datetime | None]] = (
    select(
        refresh_tokens.c.session_id,
        refresh_tokens.c.used_at,
        sessions.c.person_id,
        sessions.c.expires_at,
        sessions.c.closed_at,
    )
    .join(sessions, sessions.c.id == refresh_tokens.c.session_id)
    .where(refresh_tokens.c.digest == bindparam("wanted"))
)
_LIVING = select(sessions.c.id).where(
    sessions.c.id.in_(bindparam("ids", expanding=True)), sessions.c.closed_at.is_(None)
)

# One parameter for all of them: a VALUES list of every length would be another statement, and
# building it cost a fifth of what a process does while thousands come back. In order, so that
# batches which share tickets wait for each other in one direction only.
_SPEND_TICKETS = {
    "postgresql": statement_for(
        "postgresql",
        """
        INSERT INTO spent_tickets (id, expires_at)
        SELECT t.id, t.at AT TIME ZONE 'UTC'
        FROM json_to_recordset(CAST(:tickets AS json)) AS t(id text, at timestamp) ORDER BY t.id
        ON CONFLICT DO NOTHING RETURNING id""",
    ),
    "sqlite": statement_for(
        "sqlite",
        """
        INSERT INTO spent_tickets (id, expires_at)
        SELECT value ->> 'id', value ->> 'at' FROM json_each(:tickets) WHERE true
        ON CONFLICT DO NOTHING RETURNING id""",
    ),
}


@dataclass(frozen=True, slots=True)
class DatabaseSessionStore:
    database: Database
    lifetime_s: int
    grace_s: int
    token_lifetime_s: int

    async def open(self, person_id: int, refresh_digest: str, device: Device) -> OpenedSession:
        session_id = secrets.token_urlsafe(16)

        def work(connection: Connection) -> OpenedSession:
            now = _now()
            expires_at = now + timedelta(seconds=self.lifetime_s)
            row = {"id": session_id, "person_id": person_id, "created_at": now}
            connection.execute(insert(sessions), row | {"expires_at": expires_at})
            _add_token(connection, refresh_digest, session_id, now)
            return OpenedSession(session_id, _tell_of(connection, person_id, device))

        return await self.database.write(work)

    async def rotate(self, digest: str, successor_digest: str) -> Session | None:
        return await self.database.write(lambda c: self._rotate(c, digest, successor_digest))

    def _rotate(self, connection: Connection, digest: str, successor: str) -> Session | None:
        now = _now()
        token = connection.execute(_TOKEN, {"wanted": digest}).one_or_none()
        if token is None or token.closed_at is not None or token.expires_at <= now:
            return None
        if _spend(connection, digest, now):
            _add_token(connection, successor, token.session_id, now)
            extended = update(sessions).where(sessions.c.id == token.session_id)
            expires_at = now + timedelta(seconds=self.lifetime_s)
            connection.execute(extended.values(expires_at=expires_at))
        elif not self._is_same_rotation(connection, digest, successor, now):
            _close(connection, [token.session_id], now)
            return None
        person = find_person(connection, token.person_id)
        return None if person is None else Session(token.session_id, person)

    def _is_same_rotation(
        self, connection: Connection, digest: str, successor: str, now: datetime
    ) -> bool:
        spent = connection.execute(_TOKEN, {"wanted": digest}).one()
        following: Row[tuple[str, datetime | None, int, datetime, datetime | None]] | None = (
            connection.execute(_TOKEN, {"wanted": successor}).one_or_none()
        )
        grace = timedelta(seconds=self.grace_s)
        return (
            spent.used_at is not None
            and now - spent.used_at <= grace
            and following is not None
            and following.used_at is None
        )

    async def close_by_refresh(self, digest: str) -> str | None:
        def work(connection: Connection) -> str | None:
            token = connection.execute(_TOKEN, {"wanted": digest}).one_or_none()
            if token is None:
                return None
            session_id: str = token.session_id
            _close(connection, [session_id], _now())
            return session_id

        return await self.database.write(work)

    async def close_all(self, person_id: int) -> Sequence[str]:
        return await self.database.write(lambda c: close_sessions(c, person_id))

    async def living(self, session_ids: Sequence[str]) -> frozenset[str]:
        given = {"ids": list(session_ids)}
        rows = await self.database.look(lambda c: c.execute(_LIVING, given).scalars().all())
        return frozenset(rows)

    async def spend_tickets(self, tickets: Mapping[str, datetime]) -> frozenset[str]:
        shown = [
            {"id": ticket, "at": f"{at.astimezone(UTC):%F %T.%f}"}
            for ticket, at in sorted(tickets.items())
        ]
        given = {"tickets": orjson.dumps(shown).decode()}

        def work(connection: Connection) -> frozenset[str]:
            spent = _SPEND_TICKETS[dialect_of(connection)]
            return frozenset(connection.execute(spent, given).scalars())

        return await self.database.write_once(work)

    async def closed_since(self, mark: str | None) -> tuple[str, frozenset[str]]:
        def work(connection: Connection) -> tuple[str, frozenset[str]]:
            now = _database_time(connection)
            reach = CLOSED_OVERLAP if mark else timedelta(seconds=self.token_lifetime_s)
            since = (datetime.fromisoformat(mark) if mark else now) - reach
            closed = select(sessions.c.id).where(sessions.c.closed_at > since)
            return now.isoformat(), frozenset(connection.execute(closed).scalars())

        return await self.database.look(work)


def _tell_of(connection: Connection, person_id: int, device: Device) -> tuple[Change, ...]:
    if not is_news(connection, person_id, device):
        return ()
    return write_notifications(connection, [(person_id, sign_in_news(device))])


def close_sessions(connection: Connection, person_id: int) -> Sequence[str]:
    living = select(sessions.c.id).where(
        sessions.c.person_id == person_id, sessions.c.closed_at.is_(None)
    )
    session_ids = connection.execute(living).scalars().all()
    _close(connection, session_ids, _now())
    return session_ids


def _close(connection: Connection, session_ids: Sequence[str], now: datetime) -> None:
    if not session_ids:
        return
    closing = update(sessions).where(sessions.c.id.in_(session_ids), sessions.c.closed_at.is_(None))
    closed_at = func.now() if dialect_of(connection) == "postgresql" else now
    connection.execute(closing.values(closed_at=closed_at))
    end_subscriptions(connection, session_ids)


def _spend(connection: Connection, digest: str, now: datetime) -> bool:
    spending = update(refresh_tokens).where(
        refresh_tokens.c.digest == digest, refresh_tokens.c.used_at.is_(None)
    )
    return connection.execute(spending.values(used_at=now)).rowcount == 1


def _add_token(connection: Connection, digest: str, session_id: str, now: datetime) -> None:
    row = {"digest": digest, "session_id": session_id, "created_at": now}
    connection.execute(insert(refresh_tokens), row)


def _database_time(connection: Connection) -> datetime:
    if dialect_of(connection) == "postgresql":
        return connection.execute(select(func.now())).scalar_one()
    return _now()


def _now() -> datetime:
    return datetime.now(UTC)
