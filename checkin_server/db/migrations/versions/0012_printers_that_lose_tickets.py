"""Printers that say they are well and lose tickets: what is held against each, until a person has seen it print."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Every printer begins with nothing held against it."""
    op.create_table(
        "printer_doubt",
        sa.Column("printer", sa.Text(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("judged", sa.Text()),
        sa.PrimaryKeyConstraint("printer", name="pk_printer_doubt"),
    )


def downgrade() -> None:
    """Undo. What is held against printers is forgotten."""
    op.drop_table("printer_doubt")
