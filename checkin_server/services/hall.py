"""The hall at a glance: per service how many wait, how many are served, how many counters are open."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from checkin_server.db import counters, days, hall
from checkin_server.db.database import Database
from checkin_server.db.tx import Event, Row, Tx
from checkin_server.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Queue:
    """One service, now."""

    service: str
    waiting: int
    """Also those on the way."""
    headed: int
    """On the way: sent to the zone, not called yet."""
    at_counters: int
    serving: int
    served: int
    no_show: int
    counters_open: int


@dataclass(frozen=True, slots=True)
class Hall:
    """All services, all counters and the day, at one moment; services too that are gone and that somebody chose."""

    day: Row | None
    """The day that is open."""
    queues: dict[str, Queue]
    """Of the day that is shown."""
    counters: dict[str, Row]
    shown: Row | None = None
    """The open day, else the one that was closed last: its figures stay until the next one opens."""
    known: frozenset[str] = frozenset()
    """Every day that was ever opened."""

    @property
    def running(self) -> Row | None:
        """The open day, or the one that is closing: those at counters are its visitors."""
        return self.shown if self.shown is not None and self.shown["ended_at"] is None else None


def look(tx: Tx, plan: Plan) -> Hall:
    """Read the hall."""
    known = days.every(tx)
    day = next((row for row in known if row["state"] == "open"), None)
    # As `days.last_closed`, of the few rows that are here already.
    shown = day or max(known, key=lambda row: (row["closed_at"] or row["opened_at"], row["id"]), default=None)
    states = counters.every(tx)
    by_service: dict[str, dict[str, int]] = {service: {} for service in plan.services}
    if shown is not None:
        for row in hall.step_counts(tx, shown["id"]):
            by_service.setdefault(row["service"], {})[row["state"]] = int(row["steps"])
    queues: dict[str, Queue] = {}
    for service, count in by_service.items():
        queues[service] = Queue(
            service=service,
            waiting=count.get("waiting", 0) + count.get("headed", 0),
            headed=count.get("headed", 0),
            at_counters=count.get("called", 0) + count.get("serving", 0),
            serving=count.get("serving", 0),
            served=count.get("served", 0),
            no_show=count.get("no_show", 0),
            counters_open=sum(
                1 for c in plan.counters_of(service) if c.id in states and states[c.id]["state"] == "open"
            ),
        )
    return Hall(day, queues, states, shown, frozenset(str(row["id"]) for row in known))


class HallWatch:
    """Keeps the last look, so that no scan pays for counting the whole hall."""

    _FRESH_S = 0.5
    _AT_ONCE = ("counter_", "day_", "clock_")

    def __init__(self, plan: Plan, db: Database) -> None:
        self._plan = plan
        self._db = db
        self._lock = threading.Lock()
        self._seen: Hall | None = None
        self._at = 0.0
        self._changed = True
        self._stale = True
        db.feed.follow(self._hear, self.forget)

    def now(self) -> Hall:
        """Return a look that is at most half a second old: good enough for an estimate on a ticket."""
        with self._lock:
            if self._seen is None or self._stale or time.monotonic() - self._at > self._FRESH_S:
                return self._look()
            return self._seen

    def fresh(self) -> Hall:
        """Return a look that shows everything that was committed, as far as this process knows: for screens."""
        with self._lock:
            if self._seen is None or self._stale or self._changed or time.monotonic() - self._at > self._FRESH_S:
                return self._look()
            return self._seen

    def forget(self) -> None:
        """Look again at the next call."""
        # Marked and not removed: somebody may be about to return what was seen, or be looking at this moment.
        self._stale = True

    def _look(self) -> Hall:
        self._changed = self._stale = False
        self._at = time.monotonic()
        self._seen = self._db.read(lambda tx: look(tx, self._plan))
        return self._seen

    def _hear(self, events: Sequence[Event]) -> None:
        self._changed = True
        if any(event.kind.startswith(self._AT_ONCE) for event in events):
            self.forget()
