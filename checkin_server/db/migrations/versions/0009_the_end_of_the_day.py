"""When a day was closed, and when it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. A day that was closed before has not ended yet: the server ends it, with all that it left alive."""
    op.add_column("service_day", sa.Column("closed_at", sa.BigInteger(), nullable=True))
    op.add_column("service_day", sa.Column("ended_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Undo. What ended with its day stays ended."""
    op.drop_column("service_day", "ended_at")
    op.drop_column("service_day", "closed_at")
