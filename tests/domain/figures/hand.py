"""Days written by hand, event by event, whose figures can be worked out on paper."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from checkin_server.domain.fairness.log import Fairness
from checkin_server.domain.figures.day import Day
from checkin_server.domain.figures.facts import Event
from checkin_server.domain.figures.period import Held, Period, Played, Row
from checkin_server.domain.figures.report import rows_of

MINUTE = 60_000
OPENS = 1_577_433_600_000
"""27 December 2019, 8:00 UTC."""
PLAN: dict[str, Any] = {
    "call_target_minutes": 20,
    "categories": [{"id": "active"}, {"id": "child"}],
    "units": [{"id": "rabat"}],
    "booths": [{"id": "bank"}, {"id": "desk"}],
    "services": [{"id": "bank", "booth": "bank"}, {"id": "advice", "booth": "desk"}],
    "counters": [
        {"id": "b1", "booth": "bank", "services": ["bank"]},
        {"id": "b2", "booth": "bank", "services": ["bank"]},
        {"id": "d1", "booth": "desk", "services": ["advice"]},
    ],
    "printers": [],
    "offers": [],
}


class Log:
    """A log that is played as it is written: minutes after opening."""

    def __init__(self, opens: int = OPENS, plan: dict[str, Any] = PLAN) -> None:
        self.opens = opens
        self.plan = plan
        self.day = Day("2019-12-27", rest_minutes=2)
        self.seq = 0
        self(0, "day_opened", opens_at=opens, closes_at=opens + 480 * MINUTE)

    def __call__(self, minute: float, kind: str, visit: str | None = None, /, **data: Any) -> None:
        """Write one event; `service` and `counter` are columns, a visit's number is the one in its name."""
        self.seq += 1
        service, counter = data.pop("service", None), data.pop("counter", None)
        step = f"{visit}/{service}" if visit and service else None
        number = int(visit[1:]) if visit else None
        at = self.opens + round(minute * MINUTE)
        self.day.see(Event(at, kind, visit, step, service, counter, number, "d_kiosk", None, data, self.seq))

    def come(self, minute: float, visit: str, *services: str, people: int = 1, party: Any = None) -> None:
        """Somebody checks in and chooses."""
        self(minute, "member_admitted", visit, category="active", unit="rabat", locale="fr")
        self.choose(minute, visit, *services, people=people, party=party)

    def choose(self, minute: float, visit: str, *services: str, people: int = 1, party: Any = None) -> None:
        """Somebody chooses services, or other people."""
        self(minute, "services_chosen", visit, added=services, dropped=(), back=(), party_size=people, party=party)

    def at(self, counter: str, service: str, visit: str, *deeds: tuple[float, str]) -> None:
        """Counters act on a visit: `call`, `recall`, `start`, `quick`, `finish`, `miss`, `gone`, `park`, `resume`."""
        for minute, deed in deeds:
            kind, data = _DEEDS[deed]
            self(minute, kind, visit, service=service, counter=counter, **data)

    def undo(self, minute: float, counter: str, action: str, visit: str | None = None) -> None:
        """The counter's last action is undone."""
        self(minute, "action_undone", visit, counter=counter, action=action, command="c", state=None)

    def end(self, minute: float) -> None:
        """The day ends."""
        self(minute, "day_ended", by="last", incomplete=0, at_counters=0, tickets=0)

    def period(self, zone: tzinfo = UTC) -> Period:
        """Return the day as a period."""
        played = Played(self.day, Held([(0, self.plan)]), Fairness(90, {}, 2))
        return Period([played], lambda at: datetime.fromtimestamp(at / 1000, zone))

    def row(self, dataset: str, **key: str) -> Row:
        """Return the one row of a dataset with this key."""
        rows = [row for row in rows_of(dataset, self.period()) if key.items() <= row.items()]
        assert len(rows) == 1, rows
        return rows[0]

    def one(self, dataset: str, column: str, **key: str) -> Any:
        """Return one figure."""
        return self.row(dataset, **key)[column]


_DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "call": ("visitor_called", {}),
    "recall": ("visitor_recalled", {}),
    "start": ("service_started", {}),
    "quick": ("service_started", {"quick": True}),
    "finish": ("service_finished", {"outcome": "served"}),
    "miss": ("visitor_missed", {"state": "waiting"}),
    "gone": ("visitor_missed", {"state": "no_show"}),
    "park": ("step_parked", {}),
    "resume": ("step_resumed", {}),
}
