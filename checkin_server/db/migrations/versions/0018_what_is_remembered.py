"""What somebody remembers whose visit was lost in a restore: the number they had, and since when they waited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Nobody has said anything yet."""
    op.add_column("visit", sa.Column("old_number", sa.Integer(), nullable=True))
    op.add_column("visit", sa.Column("waits_from", sa.BigInteger(), nullable=True))
    op.create_index(
        "uq_visit_old_number",
        "visit",
        ["service_day", "old_number"],
        unique=True,
        sqlite_where=sa.text("old_number IS NOT NULL"),
        postgresql_where=sa.text("old_number IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo. What was remembered is forgotten; places in the queue stay."""
    op.drop_index("uq_visit_old_number", "visit")
    op.drop_column("visit", "waits_from")
    op.drop_column("visit", "old_number")
