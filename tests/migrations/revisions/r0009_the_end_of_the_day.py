"""The end of the day: a day that was closed before has not ended yet."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A day that was closed with somebody inside."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.run("UPDATE service_day SET state = 'closed'")


def upgraded(tables: Tables) -> None:
    """Nobody wrote down when; the server ends it."""
    found = tables.rows("SELECT state, closed_at, ended_at FROM service_day")
    assert found == [{"state": "closed", "closed_at": None, "ended_at": None}]
    tables.run("UPDATE service_day SET closed_at = 5, ended_at = 7")


def downgraded(tables: Tables) -> None:
    """The day stays closed."""
    assert tables.rows("SELECT state FROM service_day") == [{"state": "closed"}]
    assert not {"closed_at", "ended_at"} & tables.columns("service_day")
