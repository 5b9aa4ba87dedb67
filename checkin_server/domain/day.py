"""A service day's life: open, closing (nobody new is called), ended; and what stands in its way overnight.

Times are milliseconds since 1970 UTC. The day is what was opened, never "today's date".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from checkin_server.domain.plan import DayPlan

_MINUTE = 60_000
_COME_EARLY_MS = 4 * 60 * _MINUTE
Phase = Literal["open", "closing", "ended"]
Doors = Literal["open", "early", "over", "none"]


@dataclass(frozen=True, slots=True)
class Times:
    """When a day was opened, its hours, and when it was closed and ended (None: not yet)."""

    opened_at: int
    opens_at: int
    closes_at: int
    closed: bool
    closed_at: int | None = None
    """None also for days that were closed before this moment was written down."""
    ended_at: int | None = None


def phase(day: Times) -> Phase:
    """Return ``open``; ``closing`` while who is at a counter is served to the end; ``ended`` when all is over."""
    if not day.closed:
        return "open"
    return "closing" if day.ended_at is None else "ended"


def ends_by(day: Times, minutes: int) -> int | None:
    """Return when a closing day ends at the latest, `minutes` after it was closed; None unless it is closing."""
    return (day.closed_at or 0) + minutes * _MINUTE if phase(day) == "closing" else None


def left_open(day: Times, now: int, minutes: int) -> bool:
    """Whether a day was forgotten: it was open in its hours, and they have been over for `minutes`.

    A day that was opened when its hours were over already was meant to be: nobody forgot it.
    """
    return not day.closed and day.opened_at < day.closes_at and now >= day.closes_at + minutes * _MINUTE


def belongs_to_next(day: Times, now: int, minutes: int) -> int:
    """Return from when on what was begun (a counter opened, somebody signed in) is no part of a day that ends now.

    A day that was left open overnight had its end when it should have: who has come to work since came for the next.
    """
    return min(now, day.closes_at + minutes * _MINUTE) if left_open(day, now, minutes) else now


def early_bird(opened_at: int) -> int:
    """Return from when on a counter that stands open, or somebody signed in, is there for a day that opens now.

    Who opened a counter longer ago did so late in the evening, after the day had ended; nobody is there.
    """
    return opened_at - _COME_EARLY_MS


def next_opening(planned: Iterable[DayPlan], used: Collection[str], now: int) -> DayPlan | None:
    """Return the planned day that opens next: the first in time that was never opened and has its hours before it."""
    to_come = (day for day in planned if day.id not in used and day.closes_at > now)
    return min(to_come, key=lambda day: day.opens_at, default=None)


def doors(day: Times | None, now: int) -> Doors:
    """Return whether newcomers are let in: ``open``, ``early`` (later today), ``over`` or ``none`` (no day yet)."""
    if day is None:
        return "none"
    if day.closed or now >= day.closes_at:
        return "over"
    return "early" if now < day.opens_at else "open"
