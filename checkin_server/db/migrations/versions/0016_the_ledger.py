"""Every committed event gets a position and a running hash, in a table beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What is in the log gets its positions from the first server that is started afterwards."""
    op.create_table(
        "ledger",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_ledger"),
        sa.ForeignKeyConstraint(["event"], ["event.seq"], name="fk_ledger_event"),
        sa.UniqueConstraint("event", name="uq_ledger_event"),
    )


def downgrade() -> None:
    """Undo. The log stays; a later upgrade gives the same positions where nothing was in doubt about their order."""
    op.drop_table("ledger")
