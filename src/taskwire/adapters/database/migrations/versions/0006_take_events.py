"""Events that people add to the calendar themselves may become tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calendar_accounts", _switch("takes_events"))
    op.add_column("calendar_links", _switch("is_theirs"))


def downgrade() -> None:
    op.drop_column("calendar_links", "is_theirs")
    op.drop_column("calendar_accounts", "takes_events")


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
