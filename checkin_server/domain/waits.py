"""How long it will take: honest ranges, never a single figure. The day's own come from the router's look-ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

_SPREAD = 0.6
"""Coefficient of variation of one service, as in the routing study's simulated days."""
_AT_ONCE_S = 60
"""With an idle counter nine in ten are called within a minute: a clerk has to press *Next*."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until service: half are called by `p50`, nine in ten by `p90`."""

    p50: int
    p90: int


def estimate(ahead: int, busy: int, counters: int, mean_seconds: float) -> Wait | None:
    """Estimate the wait behind `ahead` visitors at `counters` open counters, `busy` of them serving.

    None when no counter is open: a closed service has no waiting time ("closed, time unknown"). The wait is the time
    until `ahead + 1 - idle` services have ended at the counters' common rate; its spread shrinks with their number.
    """
    if counters <= 0:
        return None
    idle = max(0, counters - busy)
    services = ahead + 1 - idle
    if services <= 0:
        return Wait(0, _AT_ONCE_S)
    # A counter that is serving is half through on average.
    mean = (services - 0.5) * mean_seconds / counters
    spread = _SPREAD * mean_seconds * math.sqrt(services) / counters
    # Behind somebody it is never sooner than with an idle counter, however quick the service.
    p90 = max(_AT_ONCE_S, round(mean + 1.28 * spread + 30))
    return Wait(round(max(0.0, mean - 0.1 * spread)), p90)


_IN_MINUTES = 90
"""Up to so many minutes people reckon in minutes; above, in hours."""
_HALF_HOUR_S = 30 * 60
_LONG = 8
"""Half hours from which on the end of a range says nothing that a visitor could go by."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A wait as people say it: `low` to `high` of a unit; with `over`, more than `low` and nobody knows how much."""

    unit: Literal["minutes", "half hours"]
    low: int
    high: int
    over: bool = False
    part: Part | None = None
    """With `over`, the part of this day in which it will be, where the day is long enough."""


Part = Literal["morning", "afternoon", "evening"]
_NOON, _EVENING, _MIDNIGHT = 12 * 60, 18 * 60, 24 * 60


def _part_of_day(minute: int) -> Part | None:
    if minute >= _MIDNIGHT:
        return None
    return "morning" if minute < _NOON else "afternoon" if minute < _EVENING else "evening"


def spoken(wait: Wait, minute: int | None = None) -> Spoken:
    """Return a wait as people say it: a range of whole minutes, above ten in steps of five, above 90 in half hours.

    Ranges instead of false precision: people remember a single figure as a promise. What is further off is a part of
    the day, where `minute` says what time it is: minutes since midnight at the venue. The screens' `spoken` in
    `waits.js` is the same rule; `tests/waits.json` holds both to it.
    """
    low = wait.p50 // 60
    high = max(low + 1, -(-wait.p90 // 60))
    if high > 10:
        low, high = low // 5 * 5, -(-high // 5) * 5
    if high <= _IN_MINUTES:
        return Spoken("minutes", low, high)
    low = wait.p50 // _HALF_HOUR_S
    over = low >= _LONG
    part = _part_of_day(minute + wait.p50 // 60) if over and minute is not None else None
    return Spoken("half hours", low, max(low + 1, -(-wait.p90 // _HALF_HOUR_S)), over=over, part=part)
