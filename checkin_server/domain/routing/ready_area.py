"""How much room there is before a service: how many its counters can soon begin with, less those sent already.

Pure figures of a floor. The answer hangs on how far away whoever would be sent is: who needs five minutes to get there
must leave while counters still have five minutes to do, and short services end several times within that. Times are
milliseconds since 1970 UTC, durations milliseconds.
"""

from __future__ import annotations

from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.pieces import Queue, Step

TURN_MS = 20_000
"""From the end of a service until the next visitor, who stands ready, is being served."""
_BEFORE, _WALKS = 1.0 * MINUTE, 1.2
"""Everybody is sent so long before they are needed, and so many walks."""
_THRICE = 3.0
"""By so much the plan's lead is longer for who can go nowhere else: their last stop, or one that comes before all."""


def lead(floor: Floor, step: Step) -> float:
    """How long before a counter is free the step's visitor is sent: by the way to go, and never less than the plan's.

    Who stands ready can be sent nowhere else. That costs nothing when they have nowhere else to go: they leave sooner,
    and no counter waits for them. Of the others no more are sent than are needed.
    """
    least, walk = floor.plan.routing.lead_minutes * MINUTE, floor.walk(step.visit, floor.queues[step.service].zone)
    if not any(other.listed for other in step.visit.steps.values() if other is not step):
        least *= _THRICE
    return max(least, _BEFORE + _WALKS * walk)


def openings(floor: Floor, service: str, now: int, within: float) -> float:
    """Expected number of visitors whom the service's open counters can begin with within so many milliseconds.

    A counter that is busy counts when its service is over, each counter for as many as follow one another.
    """
    learner = floor.learner
    count = 0.0
    for counter in floor.queues[service].counters:
        if not counter.open:
            continue
        step = counter.step
        if step is None:
            usual = learner.expected(service, counter.id)
            count += 1.0 + learner.services_within(within / (usual + TURN_MS))
            continue
        expected = learner.expected(step.service, counter.id, step.visit.factor)
        since = now - step.at if step.state == "serving" else 0
        left = within if step.state == "serving" else within - max(0, step.due - now)
        count += learner.starts_within(expected, since, left, TURN_MS)
    return count


def sent(floor: Floor, service: str, *, surely: bool = False) -> float:
    """How many of those who have been sent will take a counter of this service.

    A counter that gives several services takes one visitor at a time, whichever service they come for. `surely`: only
    as far as they can be expected to stand there: of whom it is not known whether they go where they are sent, the
    share that does.
    """
    count = 0.0
    for beside, share in sharing(floor, floor.queues[service]):
        if beside.headed:
            steps = beside.headed.values()
            count += share * (sum(_follows(floor, step) for step in steps) if surely else len(steps))
    return count


def _follows(floor: Floor, step: Step) -> float:
    """Who was once not there is called ahead, as in a call, and comes."""
    return 1.0 if floor.learner.heeds(step.visit.id) is not None else 1.0 - floor.learner.ignored_share


def room(floor: Floor, step: Step, now: int) -> float:
    """How many more may be sent to a step's ready area, were it this one; from a half on there is room for it."""
    queue = floor.queues[step.service]
    if not queue.open:
        return 0.0
    expected = openings(floor, step.service, now, lead(floor, step))
    return expected + floor.plan.routing.spare - sent(floor, step.service, surely=True)


def idle(floor: Floor, service: str) -> float:
    """How many idle counters of a service nobody has been sent to yet."""
    return floor.queues[service].idle() - sent(floor, service)


def sharing(floor: Floor, queue: Queue) -> list[tuple[Queue, float]]:
    """The queue itself and those that share open counters with it, with the share of their counters that are shared."""
    if queue.shared_at != floor.changes:
        queue.shared_at = floor.changes
        mine = {counter.id for counter in queue.counters if counter.open}
        queue.shared = [(queue, 1.0)]
        for name in sorted({name for c in queue.counters if c.open for name in c.services} - {queue.service}):
            theirs = [counter.id for counter in floor.queues[name].counters if counter.open]
            queue.shared.append((floor.queues[name], sum(one in mine for one in theirs) / len(theirs)))
    return queue.shared


def together(floor: Floor, services: list[str]) -> list[list[str]]:
    """Put services that share counters together, the others alone; in the order given."""
    left, groups = dict.fromkeys(services), []
    while left:
        group, new = [], [next(iter(left))]
        while new:
            name = new.pop()
            if name in left:
                del left[name]
                group.append(name)
                new += [beside.service for beside, _ in sharing(floor, floor.queues[name])]
        groups.append(group)
    return groups
