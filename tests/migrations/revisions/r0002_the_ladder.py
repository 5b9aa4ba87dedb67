"""A ticket's way from printer to printer: old jobs keep what they say; test prints belong to no visit and no day."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.tables import Tables

_JOBS = "SELECT * FROM print_job ORDER BY id"
_KEPT = "SELECT id, visit, printer, kind, state, spec, attempts, not_before, error FROM print_job ORDER BY id"


def load(tables: Tables) -> None:
    """A ticket nobody knows the end of, and one that waits."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.put_job("p1", "uncertain")
    tables.put_job("p2", "queued")


def upgraded(tables: Tables) -> None:
    """Both are there with no further printer; from now on a job must say where it may go."""
    assert [(row["id"], row["state"], row["ladder"]) for row in tables.rows(_JOBS)] == [
        ("p1", "uncertain", "[]"),
        ("p2", "queued", "[]"),
    ]
    values = {
        "printer": "P1", "kind": "test", "state": "queued", "spec": "{}", "attempts": 0, "not_before": 0,
        "created_at": 9, "updated_at": 9,
    }  # fmt: skip
    tables.put("print_job", id="p3", ladder="[]", **values)
    with pytest.raises(IntegrityError):
        tables.put("print_job", id="p4", **values)  # the default was for the old rows only
    with pytest.raises(IntegrityError):
        # Rebuilding the table kept its foreign key.
        tables.run("UPDATE print_job SET visit = 'V2' WHERE id = 'p1'")


def downgraded(tables: Tables) -> None:
    """The test print went, for which the older schema has no place, and nothing else."""
    assert [(row["id"], row["state"]) for row in tables.rows(_KEPT)] == [("p1", "uncertain"), ("p2", "queued")]
    assert "ladder" not in tables.columns("print_job")
