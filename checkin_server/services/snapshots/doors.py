"""Whether anybody is let in, and when the doors open next: the same on every screen."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checkin_server.domain import day as rules
from checkin_server.services.day.ending import times_of
from checkin_server.services.hall import Hall
from checkin_server.services.shapes import Time
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue


class Doors(TypedDict):
    """Whether newcomers are let in, and when they are next."""

    state: Literal["open", "early", "over", "none"]
    """``early``: the open day's hours begin later; ``over``: its hours are over or it was closed; ``none``: no day was
    opened yet."""
    ended: bool
    """Whether nobody is served any more either: the day that was closed has ended."""
    day: str | None
    """The day that is spoken of."""
    opens_at: Time | None
    """When the doors open: of the open day, else of the next that is planned; null when none is."""
    closes_at: Time | None
    stands_open: bool
    """Whether any counter is open, or only paused."""


def doors(venue: Venue, hall: Hall, now: int) -> Doors:
    """Return how the doors stand."""
    times = None if hall.shown is None else times_of(hall.shown)
    state = rules.doors(times, now)
    opens_at = closes_at = None
    if hall.shown is not None and state in ("open", "early"):
        opens_at, closes_at = hall.shown["opens_at"], hall.shown["closes_at"]
    elif (following := rules.next_opening(venue.plan.days, hall.known, now)) is not None:
        opens_at, closes_at = following.opens_at, following.closes_at
    return {
        "state": state,
        "ended": times is not None and rules.phase(times) == "ended",
        "day": None if hall.shown is None else hall.shown["id"],
        "opens_at": rfc3339(opens_at),
        "closes_at": rfc3339(closes_at),
        "stands_open": any(row["state"] != "closed" for row in hall.counters.values()),
    }


def left_open(venue: Venue, hall: Hall, now: int) -> bool:
    """Whether the open day was forgotten: its hours have long been over."""
    return hall.day is not None and rules.left_open(times_of(hall.day), now, venue.plan.day_end_minutes)
