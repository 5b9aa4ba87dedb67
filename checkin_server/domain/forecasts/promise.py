"""The last ticket: how many more a service can take so that everybody with a ticket is served by closing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from checkin_server.domain.forecasts.look_ahead import Outlook
from checkin_server.domain.routing.floor import MINUTE, Floor

_CAUTION = 1.28
"""Standard deviations of the remaining work kept in hand: nine in ten promises hold."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What one service can still promise."""

    service: str
    state: str
    """``open``; ``filling``: fewer places than are expected to be asked for; ``full``; ``unknown``: no open counter."""
    places: int | None
    """How many more can be served by closing; None when unknown."""
    until: int | None
    """When the last ticket has to be given out at the present rate; None when unknown."""
    served_by: int | None
    """When the last of those who hold a ticket now is expected to have been served."""
    late: int
    """Steps of those inside that are expected to be called after closing."""


def promises(floor: Floor, outlook: Outlook, closes_at: int, per_hour: dict[str, float] | None = None) -> list[Promise]:
    """Return each planned service's promise. `per_hour`: tickets asked for lately, by service."""
    late: dict[str, int] = {}
    for step_id, called in outlook.calls.items():
        step = floor.steps.get(step_id)
        if step is not None and called > closes_at:
            late[step.service] = late.get(step.service, 0) + 1
    return [
        _promise(floor, outlook, closes_at, service, late.get(service, 0), (per_hour or {}).get(service, 0.0))
        for service in floor.plan.services
    ]


def _promise(floor: Floor, outlook: Outlook, closes_at: int, service: str, late: int, per_hour: float) -> Promise:
    free = outlook.counters_free.get(service, [])
    if not free:
        waiting = floor.queues[service].waiting if service in floor.queues else 0
        return Promise(service, "unknown", None, None, None, waiting)
    mean = floor.learner.mean_of(service)
    # A counter that gives several services will not give all its time to this one.
    shares = [counter.share for counter in floor.queues[service].counters if counter.open] or [1.0]
    share = sum(shares) / len(shares)
    left = sum(max(0.0, closes_at - at) for at in free) * share
    # What is still to be done before closing, those inside included, varies; its spread is kept in hand.
    services = max(1.0, sum(max(0.0, closes_at - outlook.at) for _ in free) / mean)
    spread = mean * math.sqrt(services * math.expm1(floor.learner.variance))
    places = max(0, math.floor((left - _CAUTION * spread) / mean)) if not late else 0
    until = closes_at
    if per_hour > 0:
        until = min(closes_at, outlook.at + round(places / per_hour * 60 * MINUTE))
    elif not places:
        until = outlook.at
    wanted = per_hour * max(0, closes_at - outlook.at) / (60 * MINUTE)
    state = "full" if not places else "filling" if places < wanted else "open"
    return Promise(service, state, places, until, round(outlook.ends.get(service, outlook.at)), late)
