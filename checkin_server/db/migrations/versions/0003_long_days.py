"""Indexes that keep counting cheap when thousands have come: what screens count is read without the tables' rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("ix_step_queue", "ix_step_counter", "ix_step_called_at"):
        op.drop_index(name, table_name="step")
    op.create_index("ix_step_queue", "step", ["service_day", "service", "state", "since", "visit"])
    for name, columns, where in (
        ("ix_step_counter", ["counter", "ended_at"], "counter IS NOT NULL"),
        ("ix_step_called_at", ["service_day", "called_at"], "called_at IS NOT NULL"),
    ):
        op.create_index(name, "step", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_print_job_day", "print_job", ["service_day", "printer", "state", "updated_at"])
    tests = sa.text("kind = 'test'")
    op.create_index("ix_print_job_test", "print_job", ["created_at"], sqlite_where=tests, postgresql_where=tests)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_print_job_test", table_name="print_job")
    op.drop_index("ix_print_job_day", table_name="print_job")
    for name in ("ix_step_queue", "ix_step_counter", "ix_step_called_at"):
        op.drop_index(name, table_name="step")
    op.create_index("ix_step_queue", "step", ["service_day", "service", "state", "since"])
    op.create_index("ix_step_counter", "step", ["counter", "ended_at"])
    op.create_index("ix_step_called_at", "step", ["service_day", "called_at"])
