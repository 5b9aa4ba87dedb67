"""The row by which a running server knows that its store takes what it is given."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Nothing of before is touched."""
    tables.put("event", at=5, kind="clock_set", data="{}")


def upgraded(tables: Tables) -> None:
    """There is room for the row, and none in it yet."""
    assert tables.rows("SELECT * FROM probe") == []
    tables.put("probe", id=1, at=7)


def downgraded(tables: Tables) -> None:
    """The table is gone, the log is there."""
    assert "probe" not in tables.names()
    assert [row["at"] for row in tables.rows("SELECT at FROM event")] == [5]
