"""When a visitor was sent: not known of those who were on their way already."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """Somebody is on the way."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    tables.put_step(state="headed")


def upgraded(tables: Tables) -> None:
    """Still on the way, since when is not known; of the next it is."""
    assert tables.rows("SELECT id, state, headed_at FROM step") == [{"id": "S1", "state": "headed", "headed_at": None}]
    tables.run("UPDATE step SET headed_at = 7 WHERE id = 'S1'")


def downgraded(tables: Tables) -> None:
    """Still on the way."""
    assert tables.rows("SELECT id, state FROM step") == [{"id": "S1", "state": "headed"}]
    assert "headed_at" not in tables.columns("step")
