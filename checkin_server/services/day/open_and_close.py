"""Opening and closing a service day. The day is what was opened, never "today's date"."""

from __future__ import annotations

from dataclasses import dataclass, field

from checkin_server.db import counters, days, events, hall
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import day as rules
from checkin_server.domain.plan import DayPlan
from checkin_server.services.day import ending
from checkin_server.services.day.ending import Ended
from checkin_server.services.venue import Actor, Venue


class DayStillOpen(ValueError):
    """Another day is open, in its hours: two days' numbers would meet on the boards."""

    def __init__(self, day: str) -> None:
        super().__init__(f"day {day} is still open; close it first")
        self.day = day


@dataclass(frozen=True, slots=True)
class Opened:
    """A day that was opened, and what that did."""

    ended: tuple[Ended, ...] = ()
    """Earlier days that had not ended: they have now."""
    back: int = 0
    """Visits that had ended with this very day and are inside again."""


def open_day(venue: Venue, planned: DayPlan, opens_at: int, closes_at: int) -> Opened:
    """Open a planned day for these hours (milliseconds since 1970 UTC). Raises DayStillOpen while another is.

    Opening the open day again only changes its hours: a day goes on after a restart. One that was closed goes on as
    well, with its numbers, and those whom its end sent home are inside again. Nothing of an earlier day stays alive:
    one that was left open when its hours were over long ago ends now, and so does one that was still closing.
    """
    now = venue.now()
    return venue.db.write(lambda tx: opening(tx, venue, planned, (opens_at, closes_at), now))


# size: the transaction, the venue, the day and its hours; when, and which device asks (None: a command line)
def opening(
    tx: Tx, venue: Venue, planned: DayPlan, hours: tuple[int, int], now: int, by: Actor | None = None
) -> Opened:
    """Do the same in the caller's transaction; `by` whom, unless it is a command on the machine."""
    device, staff = (by.device, by.staff) if by else (None, None)
    ended = []
    current = days.lock_open_day(tx)
    if current is not None and current["id"] != planned.id:
        if not rules.left_open(ending.times_of(current), now, venue.plan.day_end_minutes):
            raise DayStillOpen(current["id"])
        ending.release_headed(tx, current["id"], now)
        ended.append(ending.end(tx, venue, current, now, "opening"))
    ended += [
        ending.end(tx, venue, earlier, now, "opening")
        for earlier in days.lock_unended(tx)
        if earlier["id"] != planned.id
    ]
    said: dict[str, int] = {"opens_at": hours[0], "closes_at": hours[1]}
    known = days.find(tx, planned.id)
    if known is None or known["ended_at"] is not None:
        ending.close_forgotten(tx, now)
    back = 0
    if known is None:
        # A copy that was brought back from before it was opened: numbers of the day may have been given.
        given = venue.numbers.highest(tx, planned.id)
        days.add(
            tx,
            id=planned.id,
            state="open",
            opens_at=hours[0],
            closes_at=hours[1],
            capacity=planned.capacity,
            admitted=0,
            last_number=given,
            opened_at=now,
        )
        if given:
            tx.emit("numbers_skipped", now, {"from": 1, "to": given}, service_day=planned.id)
        tx.emit("day_opened", now, said, service_day=planned.id, device=device, staff=staff)
    else:
        back = ending.bring_back(tx, venue, known)
        days.set_hours(tx, planned.id, "open", *hours)
        tx.emit("day_hours_set", now, said, service_day=planned.id, device=device, staff=staff)
    for counter in venue.plan.counters:
        counters.ensure(tx, counter, now)
    return Opened(tuple(ended), back)


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
    ends_by: int | None = field(default=None, compare=False)
    """When it ends at the latest (milliseconds since 1970 UTC); None when it has ended."""
    ended: Ended | None = field(default=None, compare=False)
    """What was settled, when it has ended: nobody was at a counter, or it was to end now."""


def close_day(venue: Venue, *, anyway: bool = False, now: bool = False) -> Closed | None:
    """Close the open day; None when there is nothing to close. Nobody is admitted, sent or called any more.

    Who is at a counter is served to the end there, and the day ends with the last of them (`services/day/ending.py`).
    Raises `StillBusy` when somebody is, unless `anyway`. With `now` the day ends at once, whoever is at a counter; also
    one that was closed before and has not ended.
    """
    moment = venue.now()
    return venue.db.write(lambda tx: closing(tx, venue, moment, anyway=anyway, at_once=now))


def closing(tx: Tx, venue: Venue, now: int, *, anyway: bool, at_once: bool, by: Actor | None = None) -> Closed | None:
    """Do the same in the caller's transaction."""
    current = days.lock_open_day(tx)
    if current is None:
        return _end_closing(tx, venue, now) if at_once else None
    day = str(current["id"])
    at_counters = len(hall.at_counters(tx, day))
    if at_counters and not (anyway or at_once):
        raise StillBusy(at_counters)
    inside = hall.visits_with_open_steps(tx, day)
    ending.release_headed(tx, day, now)
    days.close(tx, day, now)
    tx.emit(
        "day_closed",
        now,
        {"inside": inside, "at_counters": at_counters},
        service_day=day,
        device=by.device if by else None,
        staff=by.staff if by else None,
    )
    row = days.find(tx, day)
    assert row is not None
    if at_once or not at_counters:
        return Closed(day, inside, at_counters, ended=ending.end(tx, venue, row, now, "now" if at_once else "last"))
    return Closed(day, inside, at_counters, rules.ends_by(ending.times_of(row), venue.plan.day_end_minutes))


def _end_closing(tx: Tx, venue: Venue, now: int) -> Closed | None:
    """End what was closed before and has not ended; None when there is nothing."""
    closed = None
    for row in days.lock_unended(tx):
        day = str(row["id"])
        inside, at_counters = hall.visits_with_open_steps(tx, day), len(hall.at_counters(tx, day))
        closed = Closed(day, inside, at_counters, ended=ending.end(tx, venue, row, now, "now"))
    return closed


def known_days(venue: Venue) -> list[Row]:
    """Return the days that were ever opened, in the order of their dates."""
    return venue.db.read(days.every)


def current_day(venue: Venue) -> Row | None:
    """Return the open day."""
    return venue.db.read(days.open_day)


def closing_day(venue: Venue) -> Row | None:
    """Return the day that was closed and has not ended, if there is one."""
    return next(iter(venue.db.read(days.closing_days)), None)


def note_clock(venue: Venue) -> None:
    """Note in the log that a virtual clock was set, so that a restart goes on from there."""

    def do(tx: Tx) -> None:
        day = days.open_day(tx)
        tx.emit("clock_set", venue.now(), service_day=day["id"] if day else None)

    venue.db.write(do)


def last_moment(venue: Venue) -> int:
    """Return the time of the newest event, 0 when nothing has happened: where a virtual clock goes on."""
    return venue.db.read(events.last_at)
