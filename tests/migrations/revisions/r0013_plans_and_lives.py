"""Plans and lives: what was there before names no plan, what comes names its own."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A day and an event of before."""
    tables.put_day()
    tables.put("event", at=5, kind="day_opened", service_day="2019-12-27", data="{}")


def upgraded(tables: Tables) -> None:
    """Both stay, of no plan; a plan and a life can be written, and named."""
    assert tables.rows("SELECT plan FROM service_day") == [{"plan": None}]
    assert tables.rows("SELECT plan FROM event") == [{"plan": None}]
    tables.put("plan", hash="abc", turn=1, first_at=6, since=6, document="{}")
    tables.put("life", id="l1", turn=1, cause="made", at=6, marked=0)
    tables.put("event", at=6, kind="plan_in_force", data="{}", plan="abc")
    tables.run("UPDATE service_day SET plan = 'abc'")


def downgraded(tables: Tables) -> None:
    """The day and both events stay."""
    assert [row["at"] for row in tables.rows("SELECT at FROM event ORDER BY seq")] == [5, 6]
    assert [row["id"] for row in tables.rows("SELECT id FROM service_day")] == ["2019-12-27"]
    assert "plan" not in tables.columns("event") | tables.columns("service_day")
    assert not {"plan", "life"} & tables.names()
