"""Families that split up: visits of one family are linked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("visit", sa.Column("link", sa.Text(), nullable=True))
    op.create_index(
        "ix_visit_link",
        "visit",
        ["link"],
        sqlite_where=sa.text("link IS NOT NULL"),
        postgresql_where=sa.text("link IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo. Every visit stays, with its number; that they are one family is forgotten."""
    op.drop_index("ix_visit_link", "visit")
    op.drop_column("visit", "link")
