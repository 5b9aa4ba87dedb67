"""Numbers from before a restore: nobody has one at first."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A visit."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()


def upgraded(tables: Tables) -> None:
    """Nothing is remembered; then it is, once."""
    found = tables.rows("SELECT id, old_number, waits_from FROM visit")
    assert found == [{"id": "V1", "old_number": None, "waits_from": None}]
    tables.run("UPDATE visit SET old_number = 23, waits_from = 7")


def downgraded(tables: Tables) -> None:
    """The visit stays with its own number."""
    assert tables.rows("SELECT id, number, state FROM visit") == [{"id": "V1", "number": 1, "state": "open"}]
    assert not {"old_number", "waits_from"} & tables.columns("visit")
