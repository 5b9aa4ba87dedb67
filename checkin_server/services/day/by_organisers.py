"""Organisers open, close and end a day from the dashboard: the same as `riwaq day …`, as commands of a device."""

from __future__ import annotations

from collections.abc import Callable

from checkin_server.db.tx import Tx
from checkin_server.domain.plan import DayPlan
from checkin_server.domain.refusal import Refusal
from checkin_server.services.day import open_and_close
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue

Hours = Callable[[DayPlan, int], tuple[int, int]]
"""The hours that a planned day is opened for at a moment (milliseconds since 1970 UTC)."""


def planned_hours(planned: DayPlan, now: int) -> tuple[int, int]:
    """Return the hours of the plan, whatever time it is."""
    return planned.opens_at, planned.closes_at


def open_day(venue: Venue, actor: Actor, command_id: str, day: str, hours: Hours) -> Answer | Refusal:
    """Open a planned day, or go on with it: ``{day, state, ended, back}``; `ended` are earlier days that have now.

    Refused with ``unknown_day``, or ``wrong_state`` while another day is open in its hours.
    """
    command = Command("day open", day, command_id, {}, actor, venue.now())
    planned = next((one for one in venue.plan.days if one.id == day), None)

    def do(tx: Tx) -> Answer | Refusal:
        if planned is None:
            return Refusal("unknown_day", {"day": day})
        try:
            opened = open_and_close.opening(tx, venue, planned, hours(planned, command.now), command.now, actor)
        except open_and_close.DayStillOpen as error:
            return Refusal("wrong_state", {"state": "open", "day": error.day})
        return {"day": day, "state": "open", "ended": [one.day for one in opened.ended], "back": opened.back}

    return once(venue, command, do)


def close_day(venue: Venue, actor: Actor, command_id: str, *, at_once: bool) -> Answer | Refusal:
    """Close the open day, or with `at_once` end it: ``{day, state, inside, at_counters, ends_by}``.

    Who is at a counter is served to the end unless it is to end at once. Refused with ``wrong_state`` when there is
    nothing to close, or nothing to end.
    """
    command = Command("day close", "", command_id, {"now": at_once}, actor, venue.now())

    def do(tx: Tx) -> Answer | Refusal:
        closed = open_and_close.closing(tx, venue, command.now, anyway=True, at_once=at_once, by=actor)
        if closed is None:
            return Refusal("wrong_state", {"state": "day_closed"})
        return {
            "day": closed.day,
            "state": "closing" if closed.ended is None else "closed",
            "inside": closed.inside,
            "at_counters": closed.at_counters,
            "ends_by": rfc3339(closed.ends_by),
        }

    return once(venue, command, do)
