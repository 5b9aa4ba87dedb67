"""A ticket's way from printer to printer, and test prints, which belong to nobody's visit and no day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Jobs of before have no further printer to go to."""
    with op.batch_alter_table("print_job") as table:
        table.add_column(sa.Column("ladder", sa.Text(), nullable=False, server_default="[]"))
        table.alter_column("service_day", existing_type=sa.Text(), nullable=True)
        table.alter_column("visit", existing_type=sa.Text(), nullable=True)
    # Only for the rows that were there: who adds a job says where it may go.
    with op.batch_alter_table("print_job") as table:
        table.alter_column("ladder", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Undo. Test prints go: the older schema has no place for them."""
    op.execute("DELETE FROM print_job WHERE visit IS NULL OR service_day IS NULL")
    with op.batch_alter_table("print_job") as table:
        table.alter_column("visit", existing_type=sa.Text(), nullable=False)
        table.alter_column("service_day", existing_type=sa.Text(), nullable=False)
        table.drop_column("ladder")
