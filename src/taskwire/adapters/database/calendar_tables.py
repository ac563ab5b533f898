"""The tables of calendars of others; they know people and tasks by number alone."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from taskwire.adapters.database.tables import Id, Instant, metadata

# One calendar of ours per person. The lease has a fence; the refresh token is sealed.
calendar_accounts = Table(
    "calendar_accounts",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("refresh_token", LargeBinary),
    Column("calendar_id", Text),
    Column("instance", Text, nullable=False),
    Column("sync_token", Text),
    Column("with_days", Boolean, nullable=False),
    Column("takes_events", Boolean, nullable=False, server_default=false()),
    Column("removals", Text, nullable=False),
    Column("done_seq", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("pulled", BigInteger, nullable=False),
    Column("pushed", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("leased_until", Instant),
    Column("next_at", Instant, nullable=False),
    Column("backoff_until", Instant),
    Column("last_sync_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("ix_calendar_accounts_state", "state"),
)

# The tie of a task to its event: what both sides last agreed on, and what is on its way.
calendar_links = Table(
    "calendar_links",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("task_id", BigInteger, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("etag", Text),
    Column("base", Text),
    Column("inflight", Text),
    Column("pushed_version", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("address", Text),
    Column("has_guests", Boolean, nullable=False),
    Column("is_theirs", Boolean, nullable=False, server_default=false()),
    Index("uq_calendar_links_person_id_event_id", "person_id", "event_id", unique=True),
)

# Events that a task had before: their echoes mean nothing.
calendar_old_events = Table(
    "calendar_old_events",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("task_id", BigInteger, nullable=False),
)

calendar_notes = Table(
    "calendar_notes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person_id", BigInteger, nullable=False),
    Column("task_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("changed", Text),
    Column("kept", Text),
    Column("lost", Text),
    Column("at", Instant, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index("ix_calendar_notes_person_id", "person_id", "id"),
    Index("ix_calendar_notes_at", "at"),
    sqlite_autoincrement=True,
)

calendar_channels = Table(
    "calendar_channels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("secret_digest", Text, nullable=False),
    Column("resource_id", Text),
    Column("expires_at", Instant, nullable=False),
)

# A consent that was begun: good once, for ten minutes.
calendar_consents = Table(
    "calendar_consents",
    metadata,
    Column("state_digest", Text, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_calendar_consents_expires_at", "expires_at"),
)
