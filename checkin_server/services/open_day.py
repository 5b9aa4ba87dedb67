"""Opening and closing a service day. The day is what was opened, never "today's date"."""

from __future__ import annotations

from checkin_server.db import counters, days, events
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.plan import DayPlan
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
    venue.hall.forget()


def close_day(venue: Venue) -> str | None:
    """Close the open day and return its id, None when none is open: nobody is admitted or called any more.

    Who is at a counter can still be finished there.
    """
    now = venue.now()

    def do(tx: Tx) -> str | None:
        current = days.open_day(tx)
        if current is None:
            return None
        days.close(tx, current["id"])
        tx.emit("day_closed", now, service_day=current["id"])
        return str(current["id"])

    closed = venue.db.write(do)
    venue.hall.forget()
    return closed


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
