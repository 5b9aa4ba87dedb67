"""Where and when a visit's card was shown last, for what a ticket alone must not do; wrong PINs lock one device."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. No card counts as shown; wrong PINs typed under the old rule are forgotten."""
    op.add_column("visit", sa.Column("card_device", sa.Text(), nullable=True))
    op.add_column("visit", sa.Column("card_at", sa.BigInteger(), nullable=True))
    op.execute("DELETE FROM throttle WHERE key LIKE 'staff:%'")


def downgrade() -> None:
    """Undo. Where cards were shown is forgotten, and so are wrong PINs."""
    op.drop_column("visit", "card_at")
    op.drop_column("visit", "card_device")
    op.execute("DELETE FROM throttle WHERE key LIKE 'staff:%'")
