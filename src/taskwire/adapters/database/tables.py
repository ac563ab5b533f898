"""The tables. `streams` and `events` are the truth that everything else follows from."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from taskwire.adapters.database.reminder_text import (
    NO_REMINDERS,
    read_reminders,
    write_reminders,
)
from taskwire.domain.recurrence import RecurrenceFrom
from taskwire.domain.reminder import Reminders

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: `timestamptz` on PostgreSQL; SQLite, which has none, holds UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.replace(tzinfo=UTC)


class ReminderList(TypeDecorator[Reminders]):
    """Reminders as the JSON that the wire shows: text, so that databases can compare two lists."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Reminders | None, dialect: Dialect) -> str | None:
        return None if value is None else write_reminders(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Reminders | None:
        return None if value is None else read_reminders(value)


# SQLite numbers rows by itself only for this exact type.
Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


# --- the change log -------------------------------------------------------------------------------

log_epoch = Table(
    "log_epoch",
    metadata,
    Column("one", SmallInteger, primary_key=True),
    Column("epoch", Text, nullable=False),
)

streams = Table(
    "streams",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Index("ix_streams_moved_at", "moved_at"),
)

events = Table(
    "events",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("type", Text, nullable=False),
    Column("op", Text),
    Column("payload", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_events_created_at", "created_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("status_code", SmallInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_idempotency_keys_created_at", "created_at"),
)

# --- people ---------------------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    _id(),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,  # an id is never given to a second person
)

# Sessions outlive their person for a while: that is how every process hears of the end.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("closed_at", Instant, index=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

spent_tickets = Table(
    "spent_tickets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    _id(),
    Column("subject", Text, nullable=False),
    Column("failed_at", Instant, nullable=False),
    Index("ix_sign_in_failures_subject_failed_at", "subject", "failed_at"),
)

# --- what people have -----------------------------------------------------------------------------

tasks = Table(
    "tasks",
    metadata,
    _id(),
    Column("owner_id", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("is_completed", Boolean, nullable=False),
    Column("due_at", Instant),
    Column("due_on", Date),
    Column("priority", SmallInteger, nullable=False),
    # Defaults for a process of the version before, which may still be writing.
    Column("reminders", ReminderList, nullable=False, server_default=text(f"'{NO_REMINDERS}'")),
    Column("recurrence", Text),
    Column(
        "recurrence_from",
        Text,
        nullable=False,
        server_default=text(f"'{RecurrenceFrom.DUE.value}'"),
    ),
    Column("version", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    # The task that came of completing this repeating one: there is never a second.
    Column("successor_id", BigInteger),
    # What the clock on the wall says at `due_at`, where a repetition made it; see domain/repetition.
    Column("due_wall", DateTime),
    # When the worker has to look at this task next, and until when its reminders have been said.
    Column("look_at", Instant),
    Column("looked_until", Instant),
    Index(
        "ix_tasks_owner_id_living",
        "owner_id",
        "id",
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
    Index("ix_tasks_deleted_at", "deleted_at"),
    Index(
        "ix_tasks_look_at",
        "look_at",
        sqlite_where=text("look_at IS NOT NULL"),
        postgresql_where=text("look_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

notifications = Table(
    "notifications",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("task_id", BigInteger),
    Column("read_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("occasion", Text),
    Index(
        "ix_notifications_person_id_unread",
        "person_id",
        "id",
        sqlite_where=text("read_at IS NULL"),
        postgresql_where=text("read_at IS NULL"),
    ),
    Index(
        "uq_notifications_occasion",
        "task_id",
        "kind",
        "occasion",
        unique=True,
        sqlite_where=text("occasion IS NOT NULL"),
        postgresql_where=text("occasion IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("error", Text),
    Column("name", Text, nullable=False, server_default=text("''")),
    Column("import_format", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_jobs_status", "status"),
    sqlite_autoincrement=True,
)

# How a person wants to be told. No row: as if nothing had ever been set.
preferences = Table(
    "preferences",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("time_zone", Text),
    Column("language", Text),
    # Times of day as HH:MM.
    Column("quiet_from", Text),
    Column("quiet_to", Text),
    Column("digest_at", Text),
    # When the next digest is due, and the last day that had one.
    Column("digest_next_at", Instant, index=True),
    Column("digest_day", Date),
    Column("switches", Text),
)

# Browsers that want to be told while no page is open. The keys are the browser's own.
push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("session_id", Text, nullable=False, index=True),
    Column("endpoint", Text, nullable=False, unique=True),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

# What is to be sent, to one browser or one mailbox each. `due_at` is when it is tried next (a claim
# moves it ahead, as a lease does); NULL when it is over, and then `outcome` says how.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("notification_id", BigInteger),
    Column("subscription_id", BigInteger),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Date),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("over_at", Instant, index=True),
    Index(
        "ix_deliveries_due_at_waiting",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# Where a person signed in from, as a hash: whatever is not here is told of.
known_devices = Table(
    "known_devices",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False, index=True),
)

# The calendar of a person under a secret address, of which only the hash is here.
feeds = Table(
    "feeds",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

# When the worker last proved that it works, and beat that it beats.
pulses = Table(
    "pulses",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
