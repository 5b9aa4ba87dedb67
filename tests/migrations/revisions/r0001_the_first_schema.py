"""Nothing is there before it, and nothing after it was taken back."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Begin with no table at all."""
    assert tables.names() == set()


def upgraded(tables: Tables) -> None:
    """A whole visit has its place: day, member, visit, step, ticket, event."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.put_step()
    tables.put_job()
    tables.put("event", at=5, kind="services_chosen", service_day="2019-12-27", visit="V1", number=1, data="{}")
    tables.put("event", at=6, kind="visit_left", service_day="2019-12-27", visit="V1", number=1, data="{}")
    assert [row["seq"] for row in tables.rows("SELECT seq FROM event ORDER BY seq")] == [1, 2]


def downgraded(tables: Tables) -> None:
    """Every table is gone."""
    assert tables.names() == set()
