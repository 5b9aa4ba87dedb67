"""What is personal in events leaves them and can come back; a visit may be nobody's."""

from __future__ import annotations

import hashlib
import json

from tests.migrations.tables import Tables


def load(tables: Tables) -> None:
    """A search, two breaks (one of them the day's end), a call out of turn, and one that somebody's need explains."""
    tables.put_day()
    tables.put_member()
    tables.put_visit()
    for at, (kind, data) in enumerate(
        (
            ("members_searched", {"reason": "no card with her", "members": ["M1", "M2"]}),
            ("counter_paused", {"reason": "prayer"}),
            ("counter_closed", {"reason": "day_ended"}),
            ("visitor_called", {"why": {"code": "out_of_turn", "ahead": 2, "reason": "a child is ill"}}),
            ("visitor_called", {"why": {"code": "priority", "reason": "wheelchair"}}),
        )
    ):
        tables.put("event", at=at, kind=kind, data=json.dumps(data))


def upgraded(tables: Tables) -> None:
    """Ids and typed words lie beside, their digests in the events; codes of our own stay."""
    beside = tables.rows("SELECT event, part, kind, content, salt FROM event_personal ORDER BY event, part")
    events = {row["seq"]: json.loads(row["data"]) for row in tables.rows("SELECT seq, data FROM event")}
    assert [(row["part"], row["kind"], row["content"]) for row in beside] == [
        ("member.1", "member", "M1"),
        ("member.2", "member", "M2"),
        ("reason", "typed", "no card with her"),
        ("reason", "typed", "prayer"),
        ("reason", "typed", "a child is ill"),
    ]
    for row in beside:
        said = json.dumps([row["salt"], row["part"], row["content"]], ensure_ascii=False)
        assert events[row["event"]]["personal"][row["part"]] == hashlib.sha256(said.encode()).hexdigest()
    told = [{name: value for name, value in data.items() if name != "personal"} for _, data in sorted(events.items())]
    assert told == [
        {},
        {},
        {"reason": "day_ended"},
        {"why": {"code": "out_of_turn", "ahead": 2}},
        {"why": {"code": "priority", "reason": "wheelchair"}},
    ]
    tables.run("UPDATE visit SET member = NULL")


def downgraded(tables: Tables) -> None:
    """Everything stands in the events again, and the visit that was nobody's belongs to somebody called so."""
    assert [json.loads(row["data"]) for row in tables.rows("SELECT data FROM event ORDER BY seq")] == [
        {"reason": "no card with her", "members": ["M1", "M2"]},
        {"reason": "prayer"},
        {"reason": "day_ended"},
        {"why": {"code": "out_of_turn", "ahead": 2, "reason": "a child is ill"}},
        {"why": {"code": "priority", "reason": "wheelchair"}},
    ]
    assert tables.rows("SELECT member FROM visit") == [{"member": "forgotten"}]
    assert not {"event_personal", "purge"} & tables.names()
