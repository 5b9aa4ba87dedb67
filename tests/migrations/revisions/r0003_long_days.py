"""Indexes only: the same rows before and after, and each index with its columns."""

from __future__ import annotations

from tests.migrations.tables import Tables

_STEPS = "SELECT id, visit, service, state, since, counter, ended_at FROM step ORDER BY id"
_EXPECTED = [
    {"id": "S1", "visit": "V1", "service": "bank", "state": "served", "since": 5, "counter": "bank-1", "ended_at": 9}
]


def load(tables: Tables) -> None:
    """A stop that was served."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.put_step(state="served", counter="bank-1", ended_at=9)


def upgraded(tables: Tables) -> None:
    """The queue's index knows the visit; print jobs are found by day."""
    assert tables.rows(_STEPS) == _EXPECTED
    assert tables.indexes("step")["ix_step_queue"] == ["service_day", "service", "state", "since", "visit"]
    assert tables.indexes("step")["ix_step_called_at"] == ["service_day", "called_at"]
    assert "ix_print_job_day" in tables.indexes("print_job")


def downgraded(tables: Tables) -> None:
    """The older release's indexes are back."""
    assert tables.rows(_STEPS) == _EXPECTED
    assert tables.indexes("step")["ix_step_queue"] == ["service_day", "service", "state", "since"]
    assert "ix_print_job_day" not in tables.indexes("print_job")
