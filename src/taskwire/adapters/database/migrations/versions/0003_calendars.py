"""Calendars of others: accounts, the ties of tasks to events, notes, channels and consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_accounts()
    _create_links()
    _create_notes()
    _create_channels()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _create_accounts() -> None:
    op.create_table(
        "calendar_accounts",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("calendar_id", sa.Text(), nullable=True),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("sync_token", sa.Text(), nullable=True),
        sa.Column("with_days", sa.Boolean(), nullable=False),
        sa.Column("removals", sa.Text(), nullable=False),
        sa.Column("done_seq", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("pulled", sa.BigInteger(), nullable=False),
        sa.Column("pushed", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("backoff_until", _INSTANT, nullable=True),
        sa.Column("last_sync_at", _INSTANT, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_calendar_accounts"),
    )
    op.create_index("ix_calendar_accounts_state", "calendar_accounts", ["state"], unique=False)


def _create_links() -> None:
    op.create_table(
        "calendar_links",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("inflight", sa.Text(), nullable=True),
        sa.Column("pushed_version", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("has_guests", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "task_id", name="pk_calendar_links"),
    )
    op.create_index(
        "uq_calendar_links_person_id_event_id",
        "calendar_links",
        ["person_id", "event_id"],
        unique=True,
    )
    op.create_table(
        "calendar_old_events",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "event_id", name="pk_calendar_old_events"),
    )


def _create_notes() -> None:
    op.create_table(
        "calendar_notes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.Column("lost", sa.Text(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_notes"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_calendar_notes_person_id", "calendar_notes", ["person_id", "id"], unique=False
    )
    op.create_index("ix_calendar_notes_at", "calendar_notes", ["at"], unique=False)


def _create_channels() -> None:
    op.create_table(
        "calendar_channels",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_digest", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_channels"),
    )
    op.create_index(
        "ix_calendar_channels_person_id", "calendar_channels", ["person_id"], unique=False
    )
    op.create_table(
        "calendar_consents",
        sa.Column("state_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("state_digest", name="pk_calendar_consents"),
    )
    op.create_index(
        "ix_calendar_consents_expires_at", "calendar_consents", ["expires_at"], unique=False
    )


_TABLES = [
    "calendar_accounts",
    "calendar_links",
    "calendar_old_events",
    "calendar_notes",
    "calendar_channels",
    "calendar_consents",
]
