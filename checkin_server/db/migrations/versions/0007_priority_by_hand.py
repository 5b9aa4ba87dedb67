"""Priority given by hand at the welcome desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("visit", sa.Column("priority", sa.Text(), nullable=True))
    op.add_column("visit", sa.Column("priority_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Undo. Priority that was given is forgotten; who gave it and why stays in the log."""
    op.drop_column("visit", "priority_minutes")
    op.drop_column("visit", "priority")
