"""From the record of a day to its figures. One set of rules for every policy, and for the live rehearsal.

A visit's **wait** is its time in the venue less service and less walking: whatever is left is standing about. A
service's wait is the part of it that came before that service: from when the visitor was free (arrived, or done
elsewhere) to its start, less the walk there. So the services' waits of a visit add up to the visit's. The **service
level** is the dashboard's: the share of services called within the venue's target of being asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checkin_server.rehearsal.record import Day, Stop, Visited
from checkin_server.rehearsal.report import PolicyFigures, ServiceFigures, Spread

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stretch of time in which a visitor stood about before a service; milliseconds since 1970 UTC."""

    service: str
    since: int
    until: int
    stop: Stop


def share_at(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted `values` lie, interpolated as spreadsheets do."""
    place = (len(values) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def spread(values: Iterable[float]) -> Spread | None:
    """Return mean, median, 95th percentile and maximum; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return Spread(
        mean=sum(ordered) / len(ordered), p50=share_at(ordered, 0.5), p95=share_at(ordered, 0.95), max=ordered[-1]
    )


def end_of(visit: Visited, day: Day) -> int:
    """Return when a visit was over; one that is still inside counts until the last thing that happened to anybody."""
    return visit.left if visit.left is not None else day.ended_at


def minutes_inside(visit: Visited, day: Day) -> float:
    """Return the time in the venue."""
    return (end_of(visit, day) - visit.arrived) / MINUTE


def waits_of(visit: Visited, day: Day) -> Iterator[Waiting]:
    """Return when the visitor stood about and for which service, in the order of the day.

    Somebody who leaves (or is still there) with services not given waited for the first of these.
    """
    free = visit.arrived
    given = sorted((s for s in visit.stops if s.started is not None), key=lambda s: s.started or 0)
    for stop in given:
        assert stop.started is not None
        # Before a service was asked for nobody waits for it. Whether people walk before they are called or after
        # depends on the policy, so the walk is taken off as it was walked.
        since = max(free, stop.asked)
        yield Waiting(stop.service, since, max(since, stop.started - stop.walk), stop)
        free = stop.ended if stop.ended is not None else end_of(visit, day)
    waited_for = next((stop for stop in visit.stops if stop.started is None), None)
    if waited_for is not None and end_of(visit, day) > free:
        yield Waiting(waited_for.service, free, end_of(visit, day), waited_for)


def minutes_waited(visit: Visited, day: Day) -> float:
    """Return how long the visitor stood about in all."""
    return sum(w.until - w.since for w in waits_of(visit, day)) / MINUTE


def manned_minutes(day: Day, counters: Iterable[str]) -> float:
    """Return how long counters were open, together."""
    return sum(until - since for counter in counters for since, until in day.open.get(counter, ())) / MINUTE


def measure(days: Sequence[Day]) -> PolicyFigures:
    """Return the figures of one policy over the days (one a seed) that it was played on.

    Raises ValueError without a day.
    """
    if not days:
        raise ValueError("there is nothing to measure: no day was played")
    plan = days[0].plan
    target = plan.call_target_minutes * MINUTE
    stops = [stop for day in days for visit in day.visits for stop in visit.stops]
    visits = sum(len(day.visits) for day in days)
    called = [stop for stop in stops if stop.calls]
    before: dict[str, list[float]] = {service: [] for service in plan.services}
    for day in days:
        for visit in day.visits:
            for waiting in waits_of(visit, day):
                before[waiting.service].append((waiting.until - waiting.since) / MINUTE)
    in_time = sum(1 for stop in called if stop.calls[-1] - stop.asked <= target)
    return PolicyFigures(
        policy=days[0].policy,
        runs=len(days),
        seconds=sum(day.seconds for day in days) / len(days),
        visits=visits / len(days),
        services_asked=len(stops) / len(days),
        services_served=sum(1 for stop in stops if stop.served) / len(days),
        unserved=sum(1 for stop in stops if not stop.served) / len(days),
        after_closing=_after_closing(days),
        last_left_minutes=max((end_of(v, d) - d.closes_at) / MINUTE for d in days for v in d.visits) if visits else 0.0,
        wait=spread(minutes_waited(visit, day) for day in days for visit in day.visits),
        in_venue=spread(minutes_inside(visit, day) for day in days for visit in day.visits),
        service_level=in_time / len(called) if called else None,
        missed_calls_per_100=100 * sum(stop.misses for stop in stops) / visits if visits else 0.0,
        services=[_service(days, service, before[service]) for service in plan.services],
    )


def _after_closing(days: Sequence[Day]) -> float:
    late = sum(
        1
        for day in days
        for visit in day.visits
        for stop in visit.stops
        if stop.ended is not None and stop.ended > day.closes_at
    )
    return late / len(days)


def _service(days: Sequence[Day], service: str, before: Sequence[float]) -> ServiceFigures:
    plan = days[0].plan
    stops = [(day, stop) for day in days for visit in day.visits for stop in visit.stops if stop.service == service]
    served = [stop for _, stop in stops if stop.served]
    minutes = [((stop.ended or 0) - (stop.started or 0)) / MINUTE for stop in served]
    counters = {counter.id for counter in plan.counters_of(service)}
    open_minutes = sum(manned_minutes(day, counters) for day in days)
    # A counter of several services is used by all of them: its use is its own, whatever it serves.
    worked = sum(
        (stop.ended - stop.started) / MINUTE
        for day in days
        for visit in day.visits
        for stop in visit.stops
        if stop.counter in counters and stop.ended is not None and stop.started is not None
    )
    return ServiceFigures(
        service=service,
        name=plan.services[service].name["en"],
        counters=len(counters),
        asked=len(stops) / len(days),
        served=len(served) / len(days),
        unserved=(len(stops) - len(served)) / len(days),
        after_closing=sum(1 for day, s in stops if s.ended is not None and s.ended > day.closes_at) / len(days),
        wait=spread(before),
        service_minutes=sum(minutes) / len(minutes) if minutes else None,
        use=min(1.0, worked / open_minutes) if open_minutes else None,
        missed=sum(stop.misses for _, stop in stops) / len(days),
    )
