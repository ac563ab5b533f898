"""What people want to hear of, browsers that are pushed to, what is to be sent, known devices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_WAITING = sa.text("due_at IS NOT NULL")
_WISHES = ("language", "quiet_from", "quiet_to", "digest_at", "switches")


def upgrade() -> None:
    _widen_preferences()
    _create_push_subscriptions()
    _create_deliveries()
    op.create_table(
        "known_devices",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "mark", name="pk_known_devices"),
    )
    op.create_index("ix_known_devices_seen_at", "known_devices", ["seen_at"], unique=False)


def downgrade() -> None:
    for table in ("known_devices", "deliveries", "push_subscriptions"):
        op.drop_table(table)
    op.drop_index("ix_preferences_digest_next_at", "preferences")
    for name in ("digest_next_at", "digest_day", *_WISHES):
        op.drop_column("preferences", name)


def _widen_preferences() -> None:
    for name in _WISHES:
        op.add_column("preferences", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("preferences", sa.Column("digest_next_at", _INSTANT, nullable=True))
    op.add_column("preferences", sa.Column("digest_day", sa.Date(), nullable=True))
    op.create_index(
        "ix_preferences_digest_next_at", "preferences", ["digest_next_at"], unique=False
    )


def _create_push_subscriptions() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
        sqlite_autoincrement=True,
    )
    for name in ("person_id", "session_id"):
        op.create_index(f"ix_push_subscriptions_{name}", "push_subscriptions", [name], unique=False)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=True),
        sa.Column("subscription_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("over_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sqlite_autoincrement=True,
    )
    for name in ("person_id", "over_at"):
        op.create_index(f"ix_deliveries_{name}", "deliveries", [name], unique=False)
    op.create_index(
        "ix_deliveries_due_at_waiting",
        "deliveries",
        ["due_at"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
