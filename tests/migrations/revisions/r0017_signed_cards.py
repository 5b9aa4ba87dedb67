"""Signed cards: none is known at first; whoever showed one stays when the table goes."""

from __future__ import annotations

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A day with a visit."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()


def upgraded(tables: Tables) -> None:
    """One that was shown and one that has only ended can be kept."""
    assert tables.rows("SELECT card FROM signed_card") == []
    (member,) = tables.rows("SELECT id FROM member")
    shown = {"member": member["id"], "turn": 1, "revoked_at": None, "seen_place": "kiosk K1", "seen_at": 7}
    tables.put("signed_card", card="0A" * 8, **shown)
    ended = {"member": None, "turn": None, "revoked_at": 9, "seen_place": None, "seen_at": None}
    tables.put("signed_card", card="0B" * 8, **ended)


def downgraded(tables: Tables) -> None:
    """The member and the visit are as they were."""
    assert tables.rows("SELECT id, number FROM visit") == [{"id": "V1", "number": 1}]
    assert len(tables.rows("SELECT id FROM member")) == 1
