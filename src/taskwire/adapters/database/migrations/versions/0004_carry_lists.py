"""The name of a job, and the secret addresses of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    name = sa.Column("name", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("jobs", name)
    op.create_table(
        "feeds",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_feeds"),
        sa.UniqueConstraint("digest", name="uq_feeds_digest"),
    )


def downgrade() -> None:
    op.drop_table("feeds")
    op.drop_column("jobs", "name")
