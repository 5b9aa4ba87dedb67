"""What counters remember: the last action, private notes, a step for one counter."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.tables import Tables

_NOTE = {
    "step": "S1", "booth": "bank", "counter": "bank-1", "staff": None, "text": "brings the form", "at": 8,
}  # fmt: skip


def load(tables: Tables) -> None:
    """A stop that waits."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.put_step()


def upgraded(tables: Tables) -> None:
    """It is for every counter; notes belong to a visit that exists, and one action is kept a counter."""
    assert tables.rows("SELECT id, for_counter FROM step") == [{"id": "S1", "for_counter": None}]
    tables.put("note", id="n1", visit="V1", **_NOTE)
    with pytest.raises(IntegrityError):
        tables.put("note", id="n2", visit="V-nobody", **_NOTE)
    action = {"counter": "bank-1", "command": "c1", "action": "finish", "at": 9, "before": "{}", "after": "{}"}
    tables.put("last_action", **action)
    with pytest.raises(IntegrityError):
        tables.put("last_action", **{**action, "command": "c2"})


def downgraded(tables: Tables) -> None:
    """Notes and last actions go with their tables, the stop stays."""
    assert not {"note", "last_action"} & tables.names()
    assert tables.rows("SELECT id, state FROM step") == [{"id": "S1", "state": "waiting"}]
