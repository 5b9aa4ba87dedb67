"""The transaction that wrote each event, where several write at once: the order of the log is theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What is there precedes all that comes."""
    op.add_column("event", sa.Column("xid", sa.BigInteger(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE event ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint)")
        op.create_index("ix_event_xid_seq", "event", ["xid", "seq"])


def downgrade() -> None:
    """Undo. The order of numbers is what remains."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_event_xid_seq", table_name="event")
    op.drop_column("event", "xid")
