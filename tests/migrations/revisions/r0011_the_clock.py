"""The clock: no moment is corrected by the upgrade, and no browser has said yet what it reckons."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """An event, and a paired screen."""
    tables.put("event", at=5, kind="clock_set", data="{}")
    tables.put("device", id="d_1", role="kiosk", station="K1", token_hash="h", created_at=1)


def upgraded(tables: Tables) -> None:
    """Both stand as they were; a run and a correction can be kept."""
    assert tables.rows("SELECT at FROM event") == [{"at": 5}]
    assert tables.rows("SELECT id, utc_offset_s FROM device") == [{"id": "d_1", "utc_offset_s": None}]
    nothing = {"joins": 0, "behind_ms": 0, "behind_seq": 0, "stepped_ms": 0, "kept_ms": 0}
    tables.put("clock_run", first_seq=2, began_at=6, boot="b", boot_ms=7, anchor_at=8, **nothing)
    tables.put("clock_correction", first_seq=1, last_seq=1, offset_ms=-3)
    assert tables.rows("SELECT offset_ms FROM clock_correction WHERE first_seq <= 1") == [{"offset_ms": -3}]


def downgraded(tables: Tables) -> None:
    """The log says what was written."""
    assert tables.rows("SELECT at FROM event") == [{"at": 5}]
    assert "utc_offset_s" not in tables.columns("device")
