"""Cards that were shown: none counts at first. Wrong PINs lock a person on one device, and no longer everywhere."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A visit, and wrong PINs typed for somebody and on a tablet."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    for key in ("staff:u_1", "device:d_1"):
        tables.put("throttle", key=key, failures=5, locked_until=9)


def upgraded(tables: Tables) -> None:
    """No card was shown; the tablet stays locked, the person is not."""
    found = tables.rows("SELECT id, card_device, card_at FROM visit")
    assert found == [{"id": "V1", "card_device": None, "card_at": None}]
    assert tables.rows("SELECT key FROM throttle") == [{"key": "device:d_1"}]
    tables.run("UPDATE visit SET card_device = 'd_1', card_at = 7")
    tables.put("throttle", key="staff:u_1@d_1", failures=5, locked_until=9)


def downgraded(tables: Tables) -> None:
    """The visit stays; whose PIN was guessed on which device, the old rule can't read."""
    assert tables.rows("SELECT id, number, state FROM visit") == [{"id": "V1", "number": 1, "state": "open"}]
    assert not {"card_device", "card_at"} & tables.columns("visit")
    assert tables.rows("SELECT key FROM throttle") == [{"key": "device:d_1"}]
