"""The clock: what each server process went by, how moments of the log are corrected, what screens' browsers reckon."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply. Nothing that is there is corrected."""
    op.create_table(
        "clock_run",
        sa.Column("id", _NUMBER, sa.Identity(always=True), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("joins", sa.Integer(), nullable=False),
        sa.Column("boot", sa.Text(), nullable=False),
        sa.Column("boot_ms", sa.BigInteger(), nullable=False),
        sa.Column("anchor_at", sa.BigInteger(), nullable=False),
        sa.Column("behind_ms", sa.BigInteger(), nullable=False),
        sa.Column("behind_seq", sa.BigInteger(), nullable=False),
        sa.Column("stepped_ms", sa.BigInteger(), nullable=False),
        sa.Column("kept_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_run"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clock_correction",
        sa.Column("id", _NUMBER, sa.Identity(always=True), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_correction"),
        sqlite_autoincrement=True,
    )
    op.add_column("device", sa.Column("utc_offset_s", sa.Integer()))


def downgrade() -> None:
    """Undo. The log's moments are those that were written."""
    op.drop_column("device", "utc_offset_s")
    op.drop_table("clock_correction")
    op.drop_table("clock_run")
