"""Small days written by hand, in minutes after opening."""

from __future__ import annotations

from checkin_server.domain.plan import Plan
from checkin_server.rehearsal.record import Day, Stop, Visited

MINUTE = 60_000


def at(plan: Plan, minutes: float) -> int:
    """Minutes after opening as a moment."""
    return plan.days[0].opens_at + round(minutes * MINUTE)


def stop(
    plan: Plan, service: str, *, asked: float, called: float | None, started: float | None, ended: float | None
) -> Stop:
    """A stop at the first counter that gives the service; from the call on the visitor walks."""
    return Stop(
        service,
        at(plan, asked),
        [] if called is None else [at(plan, called)],
        plan.counters_of(service)[0].id if called is not None else None,
        None if started is None else at(plan, started),
        None if ended is None else at(plan, ended),
        walk=round((started - called) * MINUTE) if called is not None and started is not None else 0,
    )


def visited(plan: Plan, name: str, arrived: float, left: float | None, *stops: Stop) -> Visited:
    """A visit."""
    return Visited(name, "active", 1, at(plan, arrived), None if left is None else at(plan, left), list(stops))


def day(plan: Plan, *visits: Visited, policy: str = "riwaq") -> Day:
    """A day on which every counter was open from opening to closing."""
    hours = (plan.days[0].opens_at, plan.days[0].closes_at)
    return Day(plan, policy, *hours, visits, {counter: [hours] for counter in plan.counters})
