"""Housekeeping, and the signs of life that operators look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from taskwire.adapters.database.calendar_tables import (
    calendar_accounts,
    calendar_channels,
    calendar_consents,
    calendar_links,
    calendar_notes,
    calendar_old_events,
)
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.crowding_out import (
    crowded_people,
    drop_jobs,
    drop_notifications,
)
from taskwire.adapters.database.person_store import find_person
from taskwire.adapters.database.session_store import close_sessions
from taskwire.adapters.database.sql import dialect_of, statement, with_now
from taskwire.adapters.database.tables import (
    deliveries,
    events,
    feeds,
    idempotency_keys,
    jobs,
    known_devices,
    notifications,
    people,
    preferences,
    pulses,
    push_subscriptions,
    sessions,
    sign_in_failures,
    spent_tickets,
    streams,
    tasks,
)
from taskwire.application.channels import notifications_channel, tasks_channel

CALENDAR_NOTES_KEPT_S = 90 * 86400
PEOPLE_A_TURN = 100
STREAMS_A_TURN = 100
"""Streams whose old events are dropped in one transaction: small, so that writers get through."""

# The events to drop are those that are both old and beyond the newest that are always kept. The
# floor moves in the same transaction, so that no reader finds a hole where it was promised events.
_STALE_STREAMS = statement("""
    SELECT s.channel, max(e.seq) AS seq
    FROM streams s JOIN events e ON e.channel = s.channel
    WHERE s.head - s.floor > :count AND e.created_at < :until AND e.seq <= s.head - :count
    GROUP BY s.channel LIMIT :limit""")
_RAISE_FLOOR = statement(
    "UPDATE streams SET floor = :seq WHERE channel = :channel AND floor < :seq"
)
_DROP_EVENTS = statement("DELETE FROM events WHERE channel = :channel AND seq <= :seq")


@dataclass(frozen=True, slots=True)
class Retention:
    events_kept_s: int
    events_kept_min: int
    idempotency_keys_kept_s: int
    deleted_tasks_kept_s: int
    sign_in_failures_kept_s: int
    sessions_kept_s: int
    deliveries_kept_s: int
    devices_known_s: int
    notifications_kept_max: int
    jobs_kept_max: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    database: Database
    retention: Retention

    async def prune(self) -> None:
        """Forget what is past its time, a little at a time."""
        await self.database.write(self._prune_rows)
        await self._prune_notifications()
        while await self.database.write(self._prune_jobs):
            pass
        while await self.database.write(self._prune_events) == STREAMS_A_TURN:
            pass

    def _prune_rows(self, connection: Connection) -> None:
        now = datetime.now(UTC)
        kept = self.retention

        def ago(seconds: int) -> datetime:
            return now - timedelta(seconds=seconds)

        for old in (
            delete(idempotency_keys).where(
                idempotency_keys.c.created_at < ago(kept.idempotency_keys_kept_s)
            ),
            delete(tasks).where(tasks.c.deleted_at < ago(kept.deleted_tasks_kept_s)),
            delete(spent_tickets).where(spent_tickets.c.expires_at < now),
            delete(calendar_consents).where(calendar_consents.c.expires_at < now),
            delete(calendar_channels).where(calendar_channels.c.expires_at < now),
            delete(calendar_notes).where(calendar_notes.c.at < ago(CALENDAR_NOTES_KEPT_S)),
            delete(sign_in_failures).where(
                sign_in_failures.c.failed_at < ago(kept.sign_in_failures_kept_s)
            ),
            delete(sessions).where(sessions.c.closed_at < ago(kept.sessions_kept_s)),
            delete(sessions).where(sessions.c.expires_at < ago(kept.sessions_kept_s)),
            delete(deliveries).where(deliveries.c.over_at < ago(kept.deliveries_kept_s)),
            delete(known_devices).where(known_devices.c.seen_at < ago(kept.devices_known_s)),
        ):
            connection.execute(old)

    async def _prune_notifications(self) -> None:
        kept_max = self.retention.notifications_kept_max
        while crowded := await self.database.look(
            lambda connection: crowded_people(connection, kept_max, PEOPLE_A_TURN)
        ):
            for person_id in crowded:
                await self._crowd_out(person_id, kept_max)

    async def _crowd_out(self, person_id: int, kept_max: int) -> None:
        def work(connection: Connection) -> bool:
            return drop_notifications(connection, person_id, kept_max)

        while await self.database.write(work):
            pass

    def _prune_jobs(self, connection: Connection) -> bool:
        return drop_jobs(connection, self.retention.jobs_kept_max)

    def _prune_events(self, connection: Connection) -> int:
        dialect = dialect_of(connection)
        until = datetime.now(UTC) - timedelta(seconds=self.retention.events_kept_s)
        given = {"count": self.retention.events_kept_min, "until": until, "limit": STREAMS_A_TURN}
        stale = connection.execute(_STALE_STREAMS[dialect], given).all()
        for channel, seq in stale:
            connection.execute(_RAISE_FLOOR[dialect], {"channel": channel, "seq": seq})
            connection.execute(_DROP_EVENTS[dialect], {"channel": channel, "seq": seq})
        return len(stale)

    async def beat(self, name: str) -> None:
        """Note that `name` was alive now."""
        await self.database.write(lambda connection: _beat(connection, name))

    async def pulses(self) -> Mapping[str, float]:
        """Seconds since each was alive."""
        listed = select(pulses.c.name, pulses.c.at)
        rows = await self.database.look(lambda c: c.execute(listed).all())
        now = datetime.now(UTC)
        return {name: (now - at).total_seconds() for name, at in rows}

    async def delete_person(self, person_id: int) -> bool:
        """Sign the person out everywhere and drop all they had; False when there is nobody."""
        return await self.database.write(lambda c: _delete_person(c, person_id))


def _beat(connection: Connection, name: str) -> None:
    dialect = postgresql if dialect_of(connection) == "postgresql" else sqlite
    now = with_now({})["now"]
    row = dialect.insert(pulses).values(name=name, at=now)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def _delete_person(connection: Connection, person_id: int) -> bool:
    if find_person(connection, person_id) is None:
        return False
    close_sessions(connection, person_id)
    channels = [tasks_channel(person_id), notifications_channel(person_id)]
    for drop in (
        delete(events).where(events.c.channel.in_(channels)),
        delete(streams).where(streams.c.channel.in_(channels)),
        delete(tasks).where(tasks.c.owner_id == person_id),
        delete(notifications).where(notifications.c.person_id == person_id),
        delete(jobs).where(jobs.c.person_id == person_id),
        delete(feeds).where(feeds.c.person_id == person_id),
        delete(push_subscriptions).where(push_subscriptions.c.person_id == person_id),
        delete(deliveries).where(deliveries.c.person_id == person_id),
        delete(known_devices).where(known_devices.c.person_id == person_id),
        delete(idempotency_keys).where(idempotency_keys.c.person_id == person_id),
        delete(preferences).where(preferences.c.person_id == person_id),
        *(delete(table).where(table.c.person_id == person_id) for table in _OF_CALENDARS),
        delete(people).where(people.c.id == person_id),
    ):
        connection.execute(drop)
    return True


_OF_CALENDARS = (
    calendar_accounts,
    calendar_channels,
    calendar_consents,
    calendar_links,
    calendar_notes,
    calendar_old_events,
)
