"""When a visitor was sent to a zone's ready area: a restart must know how long they have been walking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("step", sa.Column("headed_at", sa.BigInteger()))


def downgrade() -> None:
    """Undo."""
    op.drop_column("step", "headed_at")
