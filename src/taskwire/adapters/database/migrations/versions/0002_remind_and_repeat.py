"""Reminders, repetition, and the zone that a person lives in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_LOOKED_AT = sa.text("look_at IS NOT NULL")
_UNREAD = sa.text("read_at IS NULL")
_HAS_OCCASION = sa.text("occasion IS NOT NULL")


def upgrade() -> None:
    _widen_tasks()
    _look_at_what_is_due()
    _widen_notifications()
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_preferences"),
    )


def downgrade() -> None:
    op.drop_table("preferences")
    op.drop_index("uq_notifications_occasion", "notifications")
    op.drop_index("ix_notifications_person_id_unread", "notifications")
    op.drop_column("notifications", "occasion")
    op.drop_index("ix_tasks_look_at", "tasks")
    for name in ("looked_until", "look_at", "due_wall", "successor_id"):
        op.drop_column("tasks", name)
    for name in ("recurrence_from", "recurrence", "reminders"):
        op.drop_column("tasks", name)


def _widen_tasks() -> None:
    for column in (
        sa.Column("reminders", sa.Text(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("recurrence_from", sa.Text(), nullable=False, server_default=sa.text("'due'")),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column("due_wall", sa.DateTime(), nullable=True),
        sa.Column("look_at", _INSTANT, nullable=True),
        sa.Column("looked_until", _INSTANT, nullable=True),
    ):
        op.add_column("tasks", column)
    op.create_index(
        "ix_tasks_look_at",
        "tasks",
        ["look_at"],
        unique=False,
        sqlite_where=_LOOKED_AT,
        postgresql_where=_LOOKED_AT,
    )


def _look_at_what_is_due() -> None:
    """Once, so that the worker finds when each will be overdue. What is past is not told any more.

    SQLite writes CURRENT_TIMESTAMP without a fraction, which our own instants have.
    """
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    now = "now()" if is_postgresql else "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    op.execute(
        f"UPDATE tasks SET look_at = {now}, looked_until = {now}"
        " WHERE deleted_at IS NULL AND NOT is_completed AND (due_at IS NOT NULL OR due_on IS NOT NULL)"
    )


def _widen_notifications() -> None:
    op.add_column("notifications", sa.Column("occasion", sa.Text(), nullable=True))
    op.create_index(
        "ix_notifications_person_id_unread",
        "notifications",
        ["person_id", "id"],
        unique=False,
        sqlite_where=_UNREAD,
        postgresql_where=_UNREAD,
    )
    op.create_index(
        "uq_notifications_occasion",
        "notifications",
        ["task_id", "kind", "occasion"],
        unique=True,
        sqlite_where=_HAS_OCCASION,
        postgresql_where=_HAS_OCCASION,
    )
