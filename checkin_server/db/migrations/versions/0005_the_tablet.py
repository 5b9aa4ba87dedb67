"""What counters remember: the last action for undoing it, private notes, and whom a colleague handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("step", sa.Column("for_counter", sa.Text(), nullable=True))
    op.create_table(
        "last_action",
        sa.Column("counter", sa.Text(), primary_key=True),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("visit", sa.Text()),
        sa.Column("step", sa.Text()),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("visit", sa.Text(), sa.ForeignKey("visit.id", name="fk_note_visit"), nullable=False),
        sa.Column("step", sa.Text(), sa.ForeignKey("step.id", name="fk_note_step"), nullable=False),
        sa.Column("booth", sa.Text(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_note_visit", "note", ["visit"])


def downgrade() -> None:
    """Undo. Notes go: the older schema has no place for them."""
    op.drop_table("note")
    op.drop_table("last_action")
    op.drop_column("step", "for_counter")
