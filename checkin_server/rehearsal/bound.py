"""A time in the venue that no way of calling can beat, on average: honest, and loose.

Each visit is counted at one of its services, the most loaded one. There, all visits counted at it are served by one
clerk as quick as the service's counters together, who knows how long each will take, may break off, and always serves
whoever is nearest the end: nothing has a smaller mean time (Schrage 1968). Everything else costs nothing: the visits
counted elsewhere, breaks, walking back. Nor is a visit ever shorter than its services and the walk to the first.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush

from checkin_server.rehearsal.days import MINUTE, SimDay, Visitor


def lower_bound_minutes(day: SimDay) -> float:
    """Return the mean time in the venue, in minutes, that nobody can beat on this day; 0 without visitors."""
    if not day.visitors:
        return 0.0
    slowness = {shift.counter: shift.true_slowness for shift in day.shifts}
    speeds = {
        service: [1 / slowness[c.id] for c in day.plan.counters_of(service) if c.id in slowness]
        for service in day.plan.services
    }
    work: dict[str, float] = defaultdict(float)
    for visitor in day.visitors:
        for service in visitor.wants:
            work[service] += visitor.true_service_ms[service]
    load = {service: work[service] / sum(speed) for service, speed in speeds.items() if speed}
    counted: dict[str, list[Visitor]] = defaultdict(list)
    total = 0.0
    for visitor in day.visitors:
        there = [service for service in visitor.wants if service in load]
        if there:
            counted[max(there, key=lambda service: (load[service], service))].append(visitor)
    for service, visitors in counted.items():
        alone = sum(_alone(day, visitor, speeds) for visitor in visitors)
        queued = _nearest_the_end_first(
            [(visitor.arrives, visitor.true_service_ms[service]) for visitor in visitors], sum(speeds[service])
        )
        total += max(alone, queued)
    return total / len(day.visitors) / MINUTE


def _alone(day: SimDay, visitor: Visitor, speeds: dict[str, list[float]]) -> float:
    """Milliseconds a visit takes in an empty hall: each service at its quickest counter, the shortest way in."""
    entrance = next((kiosk.zone for kiosk in day.plan.kiosks.values()), "")
    served = [service for service in visitor.wants if speeds.get(service)]
    services = sum(visitor.true_service_ms[service] / max(speeds[service]) for service in served)
    walk = min((day.true_walk(visitor, entrance, day.plan.zone_of(service)) for service in served), default=0)
    return services + walk


def _nearest_the_end_first(jobs: list[tuple[int, int]], speed: float) -> float:
    """Return the sum of all times from arrival to end, for jobs of (arrival, work) at one clerk of this speed."""
    waiting: list[tuple[float, int]] = []
    """What is left to do, and when they came."""
    now, total = 0.0, 0.0
    coming = sorted(jobs, reverse=True)
    while coming or waiting:
        if not waiting:
            now = max(now, coming[-1][0])
        while coming and coming[-1][0] <= now:
            arrived, needs = coming.pop()
            heappush(waiting, (needs, arrived))
        left, arrived = heappop(waiting)
        ends = now + left / speed
        if coming and coming[-1][0] < ends:
            heappush(waiting, (left - (coming[-1][0] - now) * speed, arrived))
            now = coming[-1][0]
        else:
            now = ends
            total += now - arrived
    return total
