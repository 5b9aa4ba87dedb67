"""Printers that lose tickets: nothing is held against any at first, and all of it is forgotten on the way back."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A venue whose printers have printed."""
    tables.put("event", at=5, kind="ticket_uncertain", data='{"printer": "P1"}')


def upgraded(tables: Tables) -> None:
    """The new table is there, with one row a printer."""
    assert tables.rows("SELECT * FROM printer_doubt") == []
    tables.put("printer_doubt", printer="P1", uncertain=2, since=7, error="no_answer", judged=None)
    assert tables.rows("SELECT uncertain, since FROM printer_doubt") == [{"uncertain": 2, "since": 7}]


def downgraded(tables: Tables) -> None:
    """It is gone, and what was there stays."""
    assert "printer_doubt" not in tables.names()
    assert [row["at"] for row in tables.rows("SELECT at FROM event")] == [5]
