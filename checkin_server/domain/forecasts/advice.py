"""What an organiser could change, and what it would bring: the look-ahead played once more with the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checkin_server.domain.forecasts.look_ahead import Outlook, look_ahead
from checkin_server.domain.routing.floor import MINUTE, Floor

_WORTH_MS = 1.0 * MINUTE
"""A change that saves less than a minute on average is not worth a message."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Open one more counter of a service, or divert one to it."""

    kind: str
    """``open``: a counter of the plan that is closed or paused; ``add``: one more than the plan has; ``divert``."""
    service: str
    counter: str | None
    """The counter to open or divert; None for ``add``."""
    taken_from: str | None
    """The service that a diverted counter leaves."""
    before_ms: int
    """Mean time that those inside still wait, as things are."""
    after_ms: int
    """The same with the change."""


def advise(
    floor: Floor,
    now: int,
    outlook: Outlook | None = None,
    most: int = 3,
    look: Callable[..., Outlook] = look_ahead,
) -> list[Advice]:
    """Return the changes that shorten waiting most, best first; each costs one look-ahead, so ask once a minute.

    `look` is `look_ahead`, or what does the same with pauses.
    """
    outlook = outlook or look(floor, now)
    if not outlook.visits:
        return []
    loaded = sorted(
        (service for service, queue in floor.queues.items() if queue.waiting), key=floor.backlog, reverse=True
    )[:most]
    found: list[Advice] = []
    for service in loaded:
        after = look(floor, now, extra={service: 1})
        queue = floor.queues[service]
        if not queue.open:
            # Nobody there has a time at all without it: averages over different visitors can't be compared.
            closed = next((counter.id for counter in queue.counters), None)
            kind = "open" if closed else "add"
            found.append(Advice(kind, service, closed, None, round(outlook.wait_ms), round(after.wait_ms)))
            continue
        if outlook.wait_ms - after.wait_ms < _WORTH_MS:
            continue
        shut = next((counter.id for counter in queue.counters if not counter.open), None)
        kind = "open" if shut else "add"
        found.append(Advice(kind, service, shut, None, round(outlook.wait_ms), round(after.wait_ms)))
        if shut is None and (diverted := _divert(floor, now, service, outlook, look)) is not None:
            found.append(diverted)
    return sorted(found, key=lambda one: one.after_ms - one.before_ms)


def _divert(floor: Floor, now: int, to: str, outlook: Outlook, look: Callable[..., Outlook]) -> Advice | None:
    """Take a counter from the service that has the shortest backlog and more than one counter."""
    spare = [service for service, queue in floor.queues.items() if service != to and queue.open > 1 and queue.counters]
    if not spare:
        return None
    lender = min(spare, key=floor.backlog)
    counter = next((c for c in floor.queues[lender].counters if c.open and c.services == (lender,)), None)
    if counter is None:
        return None
    after = look(floor, now, extra={to: 1}, without={counter.id})
    if outlook.wait_ms - after.wait_ms < _WORTH_MS:
        return None
    return Advice("divert", to, counter.id, lender, round(outlook.wait_ms), round(after.wait_ms))
