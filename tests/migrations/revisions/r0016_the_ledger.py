"""Positions and hashes lie beside the log, which is not touched."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Two events of before."""
    for at in (1, 2):
        tables.put("event", at=at, kind="clock_set", data="{}")


def upgraded(tables: Tables) -> None:
    """None has a position yet; an event can get one, once."""
    assert tables.rows("SELECT position FROM ledger") == []
    (first, _) = (row["seq"] for row in tables.rows("SELECT seq FROM event ORDER BY seq"))
    tables.put("ledger", position=1, event=first, hash="0" * 64)


def downgraded(tables: Tables) -> None:
    """The log is as it was."""
    assert [row["at"] for row in tables.rows("SELECT at FROM event ORDER BY seq")] == [1, 2]
    assert "ledger" not in tables.names()
