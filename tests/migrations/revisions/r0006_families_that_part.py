"""Visits of one family are linked: those of before belong to no family that split up."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Two visits."""
    tables.put_day(last_number=2)
    tables.put_member()
    tables.put_visit("V1", 1)
    tables.put_visit("V2", 2)


def upgraded(tables: Tables) -> None:
    """Neither is linked; from now on they can be."""
    assert tables.rows("SELECT id, link FROM visit ORDER BY id") == [
        {"id": "V1", "link": None},
        {"id": "V2", "link": None},
    ]
    tables.run("UPDATE visit SET link = 'L1'")
    assert tables.indexes("visit")["ix_visit_link"] == ["link"]


def downgraded(tables: Tables) -> None:
    """Both keep their numbers; that they are one family is forgotten."""
    assert tables.rows("SELECT id, number FROM visit ORDER BY id") == [
        {"id": "V1", "number": 1},
        {"id": "V2", "number": 2},
    ]
    assert "link" not in tables.columns("visit")
