"""How long it will take: honest ranges, never a single figure. The day's own come from the router's look-ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


def spoken_minutes(wait: Wait) -> tuple[int, int]:
    """Return a wait as people say it: a range of whole minutes, above ten in steps of five.

    Ranges instead of false precision: people remember a single figure as a promise. The screens' `range` in `waits.js`
    is the same rule.
    """
    low = wait.p50 // 60
    high = max(low + 1, -(-wait.p90 // 60))
    return (low, high) if high <= 10 else (low // 5 * 5, -(-high // 5) * 5)
