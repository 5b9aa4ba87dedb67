"""The order of the log: what was there precedes what comes, in the order it had."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Two events of before."""
    for at in (5, 6):
        tables.put("event", at=at, kind="clock_set", data="{}")


def upgraded(tables: Tables) -> None:
    """They come first, and a new one behind them, by its transaction where several write at once."""
    assert [row["xid"] for row in tables.rows("SELECT xid FROM event")] == [0, 0]
    tables.put("event", at=7, kind="clock_set", data="{}")
    found = tables.rows("SELECT at, xid FROM event ORDER BY xid, seq")
    assert [row["at"] for row in found] == [5, 6, 7]
    assert (found[-1]["xid"] > 0) == tables.is_postgres()
    assert ("ix_event_xid_seq" in tables.indexes("event")) == tables.is_postgres()


def downgraded(tables: Tables) -> None:
    """All three stay, in the order of their numbers."""
    assert [row["at"] for row in tables.rows("SELECT at FROM event ORDER BY seq")] == [5, 6, 7]
    assert "xid" not in tables.columns("event")
    assert "ix_event_xid_seq" not in tables.indexes("event")
