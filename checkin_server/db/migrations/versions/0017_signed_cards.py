"""Signed cards: which were shown here and where last, and which have ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. No signed card is known at first."""
    op.create_table(
        "signed_card",
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("member", sa.Text()),
        sa.Column("turn", sa.Integer()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("seen_place", sa.Text()),
        sa.Column("seen_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name="fk_signed_card_member"),
        sa.PrimaryKeyConstraint("card", name="pk_signed_card"),
    )
    op.create_index("ix_signed_card_member", "signed_card", ["member"])


def downgrade() -> None:
    """Undo. Which signed cards have ended is forgotten; whoever showed one stays a member without a name."""
    op.drop_table("signed_card")
