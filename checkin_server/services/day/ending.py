"""The end of a day: what it leaves alive is settled, once, in one transaction.

A day that was closed goes on for those at counters. It ends with the last of them, some minutes later (the venue's
`day_end_minutes`), or when somebody says so; a day that was left open overnight ends when the next one opens. All of
these come here. A crash between closing and the end costs nothing: whoever looks next finds a closed day that has not
ended, in the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from checkin_server.db import counters, days, events, hall, print_jobs, staff, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import day as rules
from checkin_server.domain.steps import AT_COUNTER
from checkin_server.services import retention
from checkin_server.services.paper import stale
from checkin_server.services.routing import sending
from checkin_server.services.venue import Venue

By = Literal["last", "time", "now", "opening"]
"""Why a day ends: the last at a counter was finished, their time was over, somebody said so, the next day opens."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A day that has ended, and what was settled with it."""

    day: str
    incomplete: int
    """Visits that still wanted something; they ended as incomplete."""
    at_counters: int
    """Of them, those called or being served when it ended."""
    tickets: int
    """Tickets that had not begun to print, and never will."""


def times_of(day: Row) -> rules.Times:
    """Return a service day's row as the rules see it."""
    return rules.Times(
        day["opened_at"],
        day["opens_at"],
        day["closes_at"],
        day["state"] == "closed",
        day["closed_at"],
        day["ended_at"],
    )


def end(tx: Tx, venue: Venue, day: Row, now: int, by: By) -> Ended:
    """End a day of which the caller holds the row, and which is closed, or is closed by this.

    Nothing is learned from what ends here: no service of it was finished.
    """
    day_id = str(day["id"])
    before = rules.belongs_to_next(times_of(day), now, venue.plan.day_end_minutes)
    if day["state"] == "open":
        days.close(tx, day_id, now)
        inside, busy = hall.visits_with_open_steps(tx, day_id), len(hall.at_counters(tx, day_id))
        tx.emit("day_closed", now, {"inside": inside, "at_counters": busy}, service_day=day_id)
    # Counters first: an action at one of them is done before this, or after it.
    working = counters.lock_working(tx, before + 1) if days.open_day(tx) is None else []
    left = steps.left_of_day(tx, day_id)
    at_counters = sum(1 for row in left if row["state"] in AT_COUNTER)
    steps.end_with_day(tx, day_id, now)
    incomplete = 0
    for visit, rows in groupby(left, key=lambda row: str(row["visit"])):
        incomplete += int(visits.end_with_day(tx, visit, now))
        _tell_visit(tx, day_id, visit, list(rows), now)
    visits.end_choosing(tx, day_id, now)
    _close_counters(tx, working, now)
    tickets = sum(stale.fail(tx, row, now) for row in print_jobs.queued_of_day(tx, day_id))
    if days.open_day(tx) is None:
        staff.end_sessions_before(tx, before + 1, now)
    days.end(tx, day_id, now)
    retention.plan_day(tx, venue.plan, day_id, now, now, again=True)
    ended = Ended(day_id, incomplete, at_counters, tickets)
    tx.emit(
        "day_ended",
        now,
        {"by": by, "incomplete": incomplete, "at_counters": at_counters, "tickets": tickets},
        service_day=day_id,
    )
    return ended


def close_forgotten(tx: Tx, now: int) -> None:
    """Close the counters that were opened in the evening, after their day had ended, as a new day opens."""
    _close_counters(tx, counters.lock_working(tx, rules.early_bird(now)), now)


def _tell_visit(tx: Tx, day: str, visit: str, rows: Iterable[Row], now: int) -> None:
    rows = list(rows)
    tx.emit(
        "visit_ended",
        now,
        {
            "outcome": "incomplete",
            "steps": [
                {"step": row["id"], "service": row["service"], "state": row["state"], "counter": row["counter"]}
                for row in rows
            ],
        },
        service_day=day,
        visit=visit,
        number=rows[0]["number"],
    )


def _close_counters(tx: Tx, working: Iterable[Row], now: int) -> None:
    """Close the counters that still stand open: in the morning they would count as open, with nobody there."""
    for row in working:
        counters.set_state(tx, row["id"], "closed", None, None, now)
        tx.emit("counter_closed", now, {"reason": "day_ended"}, counter=row["id"], staff=row["staff"])


def bring_back(tx: Tx, venue: Venue, day: Row) -> int:
    """Let the visits of a day that ended be inside again as it is opened once more; return how many.

    They have their numbers and their old places; who was at a counter waits again, what was set aside still is.
    """
    if day["ended_at"] is None:
        return 0
    back, now = 0, venue.now()
    for told in events.ended_with_day(tx, day["id"], day["ended_at"]):
        if not visits.let_in_again(tx, told["visit"]):
            continue
        back += 1
        ended = json.loads(told["data"])["steps"]
        for was in ended:
            steps.bring_back(tx, was["step"], "parked" if was["state"] == "parked" else "waiting")
        tx.emit("visit_brought_back", now, {"steps": ended}, service_day=day["id"], visit=told["visit"])
    visits.let_choose_again(tx, day["id"], day["ended_at"])
    return back


def end_if_last(tx: Tx, venue: Venue, now: int) -> None:
    """End the closing day when nobody is at a counter any more: within the action that let the last one go."""
    for day in days.closing_days(tx):
        if not hall.at_counters(tx, day["id"]):
            end(tx, venue, day, now, "last")


def look_after(venue: Venue) -> list[Ended]:
    """End what is due; to be called about once a second. Also ends what a crash or an older release left."""
    now = venue.now()

    def do(tx: Tx) -> list[Ended]:
        unended = days.lock_unended(tx)
        for day in unended:
            release_headed(tx, str(day["id"]), now)  # sent in the very moment of closing
        return [_end_one(tx, venue, day, now) for day in unended if _due(tx, venue, day, now)]

    def due(tx: Tx) -> bool:
        return any(_due(tx, venue, day, now) or hall.headed(tx, day["id"]) for day in days.closing_days(tx))

    if not venue.db.read(due):
        return []
    return venue.db.write(do)


def _due(tx: Tx, venue: Venue, day: Row, now: int) -> bool:
    until = rules.ends_by(times_of(day), venue.plan.day_end_minutes)
    return (until is not None and now >= until) or not hall.at_counters(tx, day["id"])


def _end_one(tx: Tx, venue: Venue, day: Row, now: int) -> Ended:
    return end(tx, venue, day, now, "time" if hall.at_counters(tx, day["id"]) else "last")


def release_headed(tx: Tx, day: str, now: int) -> None:
    """Let everybody go who is on the way to a counter: none will call them."""
    for row in hall.headed(tx, day):
        visit = visits.lock(tx, row["visit"])
        if visit is not None:
            sending.release(tx, visit, "day_closed", now)
