"""Priority by hand: nobody of before has any."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A visit."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()


def upgraded(tables: Tables) -> None:
    """It has none; from now on it can be given."""
    found = tables.rows("SELECT id, priority, priority_minutes FROM visit")
    assert found == [{"id": "V1", "priority": None, "priority_minutes": None}]
    tables.run("UPDATE visit SET priority = 'ill', priority_minutes = 30")


def downgraded(tables: Tables) -> None:
    """The visit stays without it."""
    assert tables.rows("SELECT id, number, state FROM visit") == [{"id": "V1", "number": 1, "state": "open"}]
    assert not {"priority", "priority_minutes"} & tables.columns("visit")
