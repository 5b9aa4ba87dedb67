"""The floor as the router sees it: who is where, which counters are open, and who is free for which service.

Kept up to date change by change, never searched as a whole: each service has its free visits in the order of their
keys, its ready area and its counters. Times are milliseconds since 1970 UTC, durations milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heappop, heappush

from checkin_server.domain.plan import Plan
from checkin_server.domain.routing.facts import StepFacts, VisitFacts
from checkin_server.domain.routing.learning import Learner
from checkin_server.domain.routing.pieces import AWAY, FREE, HEADED, Arrival, Counter, Queue, Step, Visit, Walker
from checkin_server.domain.steps import AWAITING, NOT_AT_COUNTER, PLACED

MINUTE = 60_000


class Floor:
    """Everything the router knows. Change it only through its methods."""

    def __init__(self, plan: Plan, learner: Learner | None = None) -> None:
        self.plan = plan
        self.learner = learner or Learner(plan)
        self.visits: dict[str, Visit] = {}
        self.steps: dict[str, Step] = {}
        self.queues: dict[str, Queue] = {}
        self.counters: dict[str, Counter] = {}
        self.dirty: set[str] = set()
        """Services whose ready area may have room since it was last looked at."""
        self.fresh: dict[str, Visit] = {}
        """Visits that became free since."""
        self.arrived: dict[str, Arrival] = {}
        """Who came today, by visit: the look-ahead expects the like of those who came lately to go on coming."""
        self._reckoned, self.changes = -1, 0
        """The minute whose keys all have; how often a counter was opened or closed."""
        self._links: dict[str, set[str]] = {}
        self._wake: list[tuple[int, str]] = []
        self._cap = plan.routing.cap_minutes * MINUTE
        self._share = plan.routing.work_weight
        for service in plan.services:
            self._queue(service)
        for counter in plan.counters:
            self._counter(counter)

    # ------------------------------------------------------------------ counters

    def _queue(self, service: str) -> Queue:
        if service not in self.queues:
            self.queues[service] = Queue(service, self.plan.zone_of(service))
        return self.queues[service]

    def _counter(self, counter: str) -> Counter:
        known = self.counters.get(counter)
        if known is None:
            planned = self.plan.counters.get(counter)
            services = planned.services if planned else ()
            booth = self.plan.booths.get(planned.booth) if planned else None
            known = self.counters[counter] = Counter(counter, services, booth.zone if booth else "")
            for service in services:
                self._queue(service).counters.append(known)
        return known

    def set_counter(self, counter: str, is_open: bool, now: int) -> list[Step]:
        """Open a counter, or pause or close it; whoever is being served there is not touched.

        Returns the steps that were released from the ready areas of services that lost their last counter.
        """
        known = self._counter(counter)
        if known.open == is_open:
            return []
        known.open = is_open
        known.since = now
        self.changes += 1
        released: list[Step] = []
        for service in known.services:
            queue = self.queues[service]
            queue.open += 1 if is_open else -1
            self.dirty.add(service)
            if queue.open == 0:
                for step in list(queue.headed.values()):
                    self.release(step.id, now)
                    released.append(step)
        return released

    # ------------------------------------------------------------------ visits

    def put(self, facts: VisitFacts, now: int) -> None:
        """Make a visit be as these facts say, whatever was known of it. One without open steps is taken out."""
        self.drop(facts.id, now)
        if not facts.steps:
            return
        if facts.id not in self.arrived:
            self.remember(facts)
        visit = Visit(facts, self.learner.party_factor(facts.party), self.head_start_of(facts))
        self.visits[visit.id] = visit
        if visit.link:
            self._links.setdefault(visit.link, set()).add(visit.id)
        for one in facts.steps:
            self._add(visit, one, now)
        if visit.placed is not None:
            step = visit.placed
            step.key = step.since + min(self._cap, self.debits(visit)[step.service]) - visit.head_start
        self._settle(visit, now)

    def head_start_of(self, facts: VisitFacts) -> float:
        """Milliseconds by which a visit is as if it had come sooner: category, needs, and what was given by hand."""
        start = self.plan.head_start_minutes(facts.category, facts.needs)
        return min(start + max(0.0, facts.extra_head_start), self.plan.routing.head_start_limit_minutes) * MINUTE

    def remember(self, facts: VisitFacts) -> None:
        """Keep in mind that a visit came and all that it wanted; it need not be inside any more."""
        # Nobody who is still to come will want what the plan has no more.
        services = tuple(one.service for one in facts.steps if one.service in self.plan.services)
        if services:
            at = min(one.since for one in facts.steps)
            factor, start = self.learner.party_factor(facts.party), self.head_start_of(facts)
            self.arrived[facts.id] = Arrival(at, services, facts.category, factor, start, facts.zone)

    def drop(self, visit: str, now: int) -> None:
        """Take a visit out."""
        known = self.visits.pop(visit, None)
        if known is None:
            return
        self._unlist(known)
        self.fresh.pop(visit, None)
        if known.link:
            together = self._links.get(known.link, set())
            together.discard(visit)
            if not together:
                self._links.pop(known.link, None)
            self._beside(known)
        for step in list(known.steps.values()):
            self._forget(step, now)

    def _add(self, visit: Visit, facts: StepFacts, now: int) -> None:
        step = Step(facts, visit)
        queue = self._queue(step.service)
        visit.steps[step.service] = step
        self.steps[step.id] = step
        if step.state in AWAITING:
            queue.work += visit.factor
            queue.waiting += 1
        if step.state in PLACED:
            visit.placed = step
            if step.state == "headed":
                step.due = step.at + round(self.walk(visit, queue.zone, step.origin or visit.zone))
                queue.headed[step.id] = step
                self.dirty.add(step.service)
            elif step.counter is not None:
                counter = self._counter(step.counter)
                counter.step = step
                counter.since = step.at
                self.dirty.update(counter.services)
                if step.state == "called":
                    step.due = step.at + round(self.walk(visit, queue.zone, step.origin or visit.zone))
        elif step.state == "waiting":
            self.dirty.add(step.service)

    def _forget(self, step: Step, now: int) -> None:
        """A step ends, or its visit goes."""
        queue = self.queues[step.service]
        if step.state in AWAITING:
            queue.work -= step.visit.factor
            queue.waiting -= 1
            if not queue.waiting:
                queue.work = 0.0  # no drift of floats over a long day
        self._unplace(step, now)
        step.visit.steps.pop(step.service, None)
        self.steps.pop(step.id, None)

    def _unplace(self, step: Step, now: int) -> None:
        queue = self.queues[step.service]
        if queue.headed.pop(step.id, None) is not None:
            self.dirty.add(step.service)
        if step.counter is not None:
            counter = self._counter(step.counter)
            if counter.step is step:
                counter.step = None
                counter.since = now
                self.dirty.update(counter.services)
        if step.visit.placed is step:
            step.visit.placed = None

    def _settle(self, visit: Visit, now: int) -> None:
        """Find out where a visit is now, and list it with its keys if it is free."""
        self._unlist(visit)
        placed = visit.placed
        if placed is not None:
            visit.mode = placed.state
        elif visit.not_before > now:
            visit.mode = AWAY
            heappush(self._wake, (visit.not_before, visit.id))
        else:
            visit.mode = FREE
            self._list(visit)
            self.fresh[visit.id] = visit
        if visit.link:
            self._beside(visit)

    def _beside(self, visit: Visit) -> None:
        """What a visit still has to do has changed: the others of its family that are free get their keys anew.

        So the order in which a family's visits are told of makes no difference, and nobody is put back for somebody who
        has finished or left.
        """
        for other_id in self._links.get(visit.link, ()):
            other = self.visits[other_id]
            if other_id == visit.id or other.mode != FREE:
                continue
            fresh = self.fresh.get(other_id)
            self._unlist(other)
            self._list(other)
            if fresh is not None:
                self.fresh[other_id] = fresh

    def debits(self, visit: Visit) -> dict[str, float]:
        """By remaining service, what work still to do puts the visit back: half of `W + T`, before the cap.

        `W` is the service time it still needs, `T` the backlogs of its other services together.
        """
        queues, learner = self.queues, self.learner
        left = together = 0.0
        backlogs: dict[str, float] = {}
        for service, step in visit.steps.items():
            if step.state == "parked":
                continue
            mean = learner.mean.get(service) or learner.mean_of(service)
            left += mean * visit.factor
            queue = queues[service]
            backlog = backlogs[service] = queue.work * mean / (queue.open or 1)
            together += backlog
        share = self._share
        return {service: share * (left + together - backlogs.get(service, 0.0)) for service in visit.steps}

    def _list(self, visit: Visit) -> None:
        debits = self._put_back(visit)
        for step in visit.steps.values():
            if step.state != "waiting" or not self.eligible(step):
                continue
            step.key = step.since + min(self._cap, debits[step.service]) - visit.head_start
            step.listed = True
            insort(self.queues[step.service].free, (step.key, visit.number, step.id, step))
            self.dirty.add(step.service)

    def _put_back(self, visit: Visit) -> dict[str, float]:
        """By remaining service, what puts the visit back before the cap; its family counts."""
        debits = self.debits(visit)
        if visit.link:
            # The family leaves together: whoever is done sooner waits for the others.
            for other in self._links.get(visit.link, ()):
                if other != visit.id:
                    behind = max(self.debits(self.visits[other]).values(), default=0.0)
                    debits = {service: max(debit, behind) for service, debit in debits.items()}
        return debits

    def keys(self) -> dict[str, float]:
        """By step, the keys of those who are free or have been sent, as they are at this moment.

        They hang on nothing but where everybody stands: not on when a visit was looked at last.
        """
        found: dict[str, float] = {}
        for visit in self.visits.values():
            if visit.mode == FREE:
                steps = [step for step in visit.steps.values() if step.listed]
            elif visit.mode == HEADED and visit.placed is not None:
                steps = [visit.placed]
            else:
                continue
            debits = self._put_back(visit)
            for step in steps:
                found[step.id] = step.since + min(self._cap, debits[step.service]) - visit.head_start
        return found

    def reckon(self) -> None:
        """Give all who are free or have been sent the keys of this moment: backlogs have changed since."""
        for step_id, key in self.keys().items():
            self.steps[step_id].key = key
        for queue in self.queues.values():
            queue.free = sorted((step.key, number, name, step) for _, number, name, step in queue.free)

    def _unlist(self, visit: Visit) -> None:
        for step in visit.steps.values():
            if step.listed:
                free = self.queues[step.service].free
                at = bisect_left(free, (step.key, visit.number, step.id))
                del free[at]
                step.listed = False
        self.fresh.pop(visit.id, None)

    def eligible(self, step: Step) -> bool:
        """Whether nothing that must come before it is still open. What was given up after misses blocks nobody."""
        service = self.plan.services.get(step.service)
        if service is None or not service.after:
            return True
        return not any(first in step.visit.steps for first in service.after)

    # ------------------------------------------------------------------ what happens to a step

    def head(self, step: str, now: int) -> None:
        """A visitor is told to walk to a service's ready area."""
        self._move(self.steps[step], "headed", None, now)

    def call(self, step: str, counter: str, now: int) -> None:
        """A counter calls."""
        self._move(self.steps[step], "called", counter, now)

    def start(self, step: str, now: int) -> None:
        """The visitor has come: the service begins."""
        known = self.steps[step]
        self._move(known, "serving", known.counter, now)
        known.visit.zone = self.queues[known.service].zone

    def _move(self, step: Step, state: str, counter: str | None, now: int) -> None:
        visit, queue = step.visit, self.queues[step.service]
        if state == "headed" or (state == "called" and step.state != "headed"):
            step.origin = visit.zone
            step.due = now + round(self.walk(visit, queue.zone, visit.zone))
        if step.state in AWAITING and state not in AWAITING:
            queue.work -= visit.factor
            queue.waiting -= 1
        self._unlist(visit)
        if step.state == "headed":
            queue.headed.pop(step.id, None)
            self.dirty.add(step.service)
        if state == "headed":
            step.sent = now
        step.state, step.counter, step.at = state, counter, now
        visit.placed, visit.mode = step, state
        if state == "headed":
            queue.headed[step.id] = step
        elif counter is not None:
            known = self._counter(counter)
            known.step = step
            known.since = now
            self.dirty.update(known.services)

    def release(self, step: str, now: int, not_before: int = 0) -> None:
        """Take a visitor back out of a ready area or a call; the place in the queue stays.

        After a missed call `not_before` is the end of the rest.
        """
        known = self.steps[step]
        visit, queue = known.visit, self.queues[known.service]
        if known.state not in NOT_AT_COUNTER:
            queue.work += visit.factor
            queue.waiting += 1
        self._unplace(known, now)
        known.state, known.counter, known.at, known.sent = "waiting", None, now, None
        visit.not_before = max(visit.not_before, not_before)
        self._settle(visit, now)

    def end(self, step: str, now: int) -> None:
        """A step has ended: served, given up, cancelled. The visit goes when it was the last."""
        known = self.steps[step]
        visit = known.visit
        self._unlist(visit)
        self._forget(known, now)
        if visit.steps:
            self._settle(visit, now)
        else:
            self.drop(visit.id, now)

    def hold(self, visit: str, until: int, now: int) -> None:
        """The visit keeps its places and is not called before `until`."""
        known = self.visits[visit]
        known.not_before = until
        if known.placed is not None and known.placed.state == "headed":
            self.release(known.placed.id, now)
        elif known.placed is None:
            self._settle(known, now)

    def end_hold(self, visit: str, now: int) -> None:
        """End a hold early."""
        self.visits[visit].not_before = 0
        self._settle(self.visits[visit], now)

    def advance(self, now: int) -> None:
        """Let time pass: holds and rests end, and in every minute of the day all keys are reckoned anew once."""
        if now // MINUTE != self._reckoned:
            self._reckoned = now // MINUTE
            self.reckon()
        while self._wake and self._wake[0][0] <= now:
            _, visit = heappop(self._wake)
            known = self.visits.get(visit)
            if known is not None and known.mode == AWAY and known.not_before <= now:
                self._settle(known, now)

    # ------------------------------------------------------------------ measures

    def walk(self, visit: Walker, to: str, origin: str | None = None) -> float:
        """Milliseconds the visitor is expected to walk to a zone."""
        minutes = self.plan.walk_minutes(visit.zone if origin is None else origin, to)
        return minutes * MINUTE * self.learner.pace(visit.category)

    def backlog(self, service: str) -> float:
        """Milliseconds of waiting work per open counter; per one counter when none is open."""
        return self.queues[service].work * self.learner.mean_of(service) / (self.queues[service].open or 1)
