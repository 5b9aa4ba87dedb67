"""The plans that were in force, named by events and days; what the database has lived through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Which plan held before is not known: the first start names its own."""
    op.create_table(
        "plan",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_plan"),
        sa.UniqueConstraint("turn", name="uq_plan_turn"),
    )
    op.create_table(
        "life",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_life"),
        sa.UniqueConstraint("turn", name="uq_life_turn"),
    )
    op.add_column("event", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("service_day", sa.Column("plan", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo. Names that only an earlier plan had are forgotten."""
    op.drop_column("service_day", "plan")
    op.drop_column("event", "plan")
    op.drop_table("life")
    op.drop_table("plan")
