"""What a rehearsed day looked like quarter by quarter: arrivals, visitors inside, waits, queues, busy counters.

Several seeds of the same day are averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from checkin_server.domain.plan import Plan
from checkin_server.rehearsal.figures import MINUTE, end_of, minutes_waited, share_at, waits_of
from checkin_server.rehearsal.record import Day

SLOT = 15 * MINUTE
Span = tuple[int, int]


def slots(days: Sequence[Day]) -> list[int]:
    """Return where the quarters begin, from before the first arrival to the end of the longest day."""
    first = min(min((v.arrived for v in day.visits), default=day.opens_at) for day in days)
    first = min(first, days[0].opens_at)
    last = max(day.ended_at for day in days)
    return list(range(first // SLOT * SLOT, last + SLOT, SLOT))


def arrivals(days: Sequence[Day], begins: Sequence[int]) -> list[float]:
    """Return how many visitors arrived in each quarter."""
    found = [0.0] * len(begins)
    for day in days:
        for visit in day.visits:
            found[(visit.arrived - begins[0]) // SLOT] += 1 / len(days)
    return found


def inside(days: Sequence[Day], begins: Sequence[int]) -> list[float]:
    """Return how many visitors were in the venue, on average over each quarter."""
    spans = ((visit.arrived, end_of(visit, day)) for day in days for visit in day.visits)
    return _present(spans, begins, len(days))


def waiting(days: Sequence[Day], begins: Sequence[int]) -> dict[str, list[float]]:
    """Return by service how many stood about before it, on average over each quarter."""
    spans: dict[str, list[Span]] = {service: [] for service in days[0].plan.services}
    for day in days:
        for visit in day.visits:
            for found in waits_of(visit, day):
                spans[found.service].append((found.since, found.until))
    return {service: _present(found, begins, len(days)) for service, found in spans.items()}


def waits(days: Sequence[Day], begins: Sequence[int], share: float | None = None) -> list[float | None]:
    """Return the mean wait in minutes of those who arrived in each quarter, or the value that `share` stay below.

    None where nobody arrived.
    """
    found: list[list[float]] = [[] for _ in begins]
    for day in days:
        for visit in day.visits:
            found[(visit.arrived - begins[0]) // SLOT].append(minutes_waited(visit, day))
    measure: Callable[[list[float]], float] = (
        (lambda values: sum(values) / len(values))
        if share is None
        else (lambda values: share_at(sorted(values), share))
    )
    return [measure(values) if values else None for values in found]


def use(days: Sequence[Day], begins: Sequence[int]) -> dict[str, list[float | None]]:
    """Return by booth the share of its open counters' time that went into service; None while none was open."""
    plan = days[0].plan
    busy: dict[str, list[Span]] = {booth: [] for booth in booths(plan)}
    manned: dict[str, list[Span]] = {booth: [] for booth in busy}
    for day in days:
        for counter, spans in day.open.items():
            if counter in plan.counters:
                manned[plan.counters[counter].booth] += spans
        for visit in day.visits:
            for stop in visit.stops:
                if stop.counter is not None and stop.started is not None:
                    ended = stop.ended if stop.ended is not None else end_of(visit, day)
                    busy[plan.counters[stop.counter].booth].append((stop.started, ended))
    shares: dict[str, list[float | None]] = {}
    for booth in busy:
        worked, there = _present(busy[booth], begins, 1), _present(manned[booth], begins, 1)
        shares[booth] = [
            min(1.0, w / t) if t > 0.01 else None  # less than ten seconds of a quarter is not open
            for w, t in zip(worked, there, strict=True)
        ]
    return shares


def booths(plan: Plan) -> list[str]:
    """Return the booths that have counters, in the plan's order."""
    return [booth for booth in plan.booths if any(c.booth == booth for c in plan.counters.values())]


def _present(spans: Iterable[Span], begins: Sequence[int], days: int) -> list[float]:
    """Return how many spans cover each quarter, a part of a quarter counting for its part."""
    found = [0.0] * len(begins)
    edges = [*begins, begins[-1] + SLOT]
    for since, until in spans:
        first = max(0, (since - begins[0]) // SLOT)
        for at, (begin, end) in enumerate(pairwise(edges[first:]), first):
            if begin >= until:
                break
            found[at] += max(0, min(end, until) - max(begin, since)) / SLOT / days
    return found
