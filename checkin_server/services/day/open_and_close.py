"""Opening and closing a service day. The day is what was opened, never "today's date"."""

from __future__ import annotations

from dataclasses import dataclass

from checkin_server.db import counters, days, events, hall, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.plan import DayPlan
from checkin_server.services.routing import sending
from checkin_server.services.venue import Venue


def open_day(venue: Venue, planned: DayPlan, opens_at: int, closes_at: int) -> None:
    """Open a planned day for these hours (milliseconds since 1970 UTC). Raises ValueError while another is open.

    Opening the open day again only changes its hours: a day goes on after a restart.
    """
    now = venue.now()

    def do(tx: Tx) -> None:
        current = days.open_day(tx)
        if current is not None and current["id"] != planned.id:
            raise ValueError(f"day {current['id']} is still open; close it first")
        if days.find(tx, planned.id) is None:
            days.add(
                tx,
                id=planned.id,
                state="open",
                opens_at=opens_at,
                closes_at=closes_at,
                capacity=planned.capacity,
                admitted=0,
                last_number=0,
                opened_at=now,
            )
            tx.emit("day_opened", now, {"opens_at": opens_at, "closes_at": closes_at}, service_day=planned.id)
        else:
            days.set_hours(tx, planned.id, "open", opens_at, closes_at)
            tx.emit("day_hours_set", now, {"opens_at": opens_at, "closes_at": closes_at}, service_day=planned.id)
        for counter in venue.plan.counters:
            counters.ensure(tx, counter, now)

    venue.db.write(do)


class StillBusy(Exception):
    """Somebody is called or served; nothing was closed."""

    def __init__(self, at_counters: int) -> None:
        super().__init__(f"{at_counters} called or being served")
        self.at_counters = at_counters


@dataclass(frozen=True, slots=True)
class Closed:
    """A day that was closed, and what it leaves."""

    day: str
    inside: int
    """Visits that still wanted something."""
    at_counters: int
    """Of their steps, those called or being served: they can still be finished."""


def close_day(venue: Venue, *, anyway: bool = False) -> Closed | None:
    """Close the open day; None when none is open. Nobody is admitted or called any more.

    Who is at a counter can still be finished there. Raises `StillBusy` when somebody is, unless `anyway`.
    """
    now = venue.now()

    def do(tx: Tx) -> Closed | None:
        current = days.open_day(tx)
        if current is None:
            return None
        day = str(current["id"])
        at_counters = len(hall.at_counters(tx, day))
        if at_counters and not anyway:
            raise StillBusy(at_counters)
        inside = hall.visits_with_open_steps(tx, day)
        for row in hall.headed(tx, day):
            visit = visits.lock(tx, row["visit"])
            if visit is not None:
                sending.release(tx, visit, "day_closed", now)
        days.close(tx, day)
        tx.emit("day_closed", now, {"inside": inside, "at_counters": at_counters}, service_day=day)
        return Closed(day, inside, at_counters)

    return venue.db.write(do)


def known_days(venue: Venue) -> list[Row]:
    """Return the days that were ever opened, in the order of their dates."""
    return venue.db.read(days.every)


def current_day(venue: Venue) -> Row | None:
    """Return the open day."""
    return venue.db.read(days.open_day)


def note_clock(venue: Venue) -> None:
    """Note in the log that a virtual clock was set, so that a restart goes on from there."""

    def do(tx: Tx) -> None:
        day = days.open_day(tx)
        tx.emit("clock_set", venue.now(), service_day=day["id"] if day else None)

    venue.db.write(do)


def last_moment(venue: Venue) -> int:
    """Return the time of the newest event, 0 when nothing has happened: where a virtual clock goes on."""
    return venue.db.read(events.last_at)
