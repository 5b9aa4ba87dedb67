"""Who goes where next: pull with bounded credit (`docs/routing.md`).

Every service keeps a short *ready area* filled ahead of need; who is sent there has the smallest *virtual arrival
time*: the time of asking, put back by the work the visit still has to do, by at most the cap, and brought forward by
its head start. So nobody is overtaken by somebody who asked later than cap + head start after them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from checkin_server.domain.routing import ready_area
from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.pieces import FREE, Counter, Queue, Step, Visit
from checkin_server.domain.routing.why import Why, explain, waited

_NOBODY: frozenset[str] = frozenset()
_MINUTE_LOST = 3.0
"""What a minute that a counter would stand idle, or that a visitor has stood ready, counts against one of waiting.

Who stands ready can be called nowhere else. By their keys alone, whoever had been sent while nobody else was free would
be overtaken there by all who came since."""
_ROOM = 0.5 - 1e-9
"""Half a visitor of room lets one in: beside one on the way to an idle counter, another may stand ready."""


@dataclass(frozen=True, slots=True)
class Send:
    """Tell a visitor to walk to a service's ready area."""

    step: str
    visit: str
    number: int
    service: str
    zone: str
    why: Why
    walk: int
    """Milliseconds the walk should take."""
    aloud: bool = False
    """Call it aloud, like a call: this visitor was not where they had been sent before."""


@dataclass(frozen=True, slots=True)
class Call:
    """A counter calls a visitor."""

    step: str
    visit: str
    number: int
    service: str
    why: Why
    walk: int
    """Milliseconds until the visitor should be there: 0 when they should stand ready."""


def turn(key: float, due: float) -> float:
    """Return by what a counter chooses among those who have been sent to it: the smallest is called.

    `key`: their key; `due`: when they are there. Each minute that they are there earlier counts three of waiting.
    """
    return key + _MINUTE_LOST * due


class Router:
    """Decides on a floor. `call` and `send_to` only look; `sends` also moves those it sends."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    # ------------------------------------------------------------------ whom a counter calls

    def call(self, counter: str, now: int, skip: Collection[str] = _NOBODY) -> Call | None:
        """Return whom an idle open counter calls: by `turn` of those who stand ready, else of those on the way.

        With nobody on the way, the best free visit. `skip` names visits that were lost to somebody quicker. None when
        nobody can come, or when the counter is not open or still has a visitor.
        """
        floor = self.floor
        known = floor.counters.get(counter)
        if known is None or not known.open or known.step is not None:
            return None
        ready: Step | None = None
        coming: Step | None = None
        beside: list[Step] = []
        on_the_way: list[Step] = []
        for service in known.services:
            for step in floor.queues[service].headed.values():
                if step.visit.id in skip:
                    continue
                if step.due <= now:
                    beside.append(step)
                    if ready is None or self._before(step, ready):
                        ready = step
                else:
                    on_the_way.append(step)
                    if coming is None or self._before(step, coming):
                        coming = step
        chosen = ready or coming
        if chosen is not None:
            others = [step for step in (beside if ready else on_the_way) if step is not chosen]
            if ready is not None and any(step.key < ready.key for step in others):
                return self._called(chosen, others, now, 0, stood=True)
            others += self._front(known.services, skip)
            return self._called(chosen, others, now, max(0, chosen.due - now))
        best: Step | None = None
        best_key = 0.0
        seen: list[Step] = []
        for service in known.services:
            found = self._best(floor.queues[service], skip, seen)
            if found is not None and (best is None or found[0] < best_key):
                best_key, best = found
        if best is None:
            return None
        walk = round(floor.walk(best.visit, known.zone))
        return self._called(best, [step for step in seen if step is not best], now, walk)

    @staticmethod
    def _before(step: Step, other: Step) -> bool:
        this, that = turn(step.key, step.due), turn(other.key, other.due)
        return (this, step.visit.number) < (that, other.visit.number)

    def _called(self, step: Step, others: list[Step], now: int, walk: int, *, stood: bool = False) -> Call:
        why = Why("stood_longest", {"minutes": waited(step, now)}) if stood else explain(self.floor, step, others, now)
        return Call(step.id, step.visit.id, step.visit.number, step.service, why, walk)

    def _front(self, services: tuple[str, ...], skip: Collection[str]) -> list[Step]:
        front: list[Step] = []
        for service in services:
            front += [entry[3] for entry in self.floor.queues[service].free[: self.floor.plan.routing.look]]
        return [step for step in front if step.visit.id not in skip]

    # ------------------------------------------------------------------ who is sent

    def send_to(self, service: str, now: int, skip: Collection[str] = _NOBODY) -> Send | None:
        """Return who would be sent to the service next, or None when nobody is free or the ready area is full."""
        return self._pull([service], now, skip)

    def _pull(self, services: Sequence[str], now: int, skip: Collection[str] = _NOBODY) -> Send | None:
        """Of services that share counters, who is sent next: the smallest key among those that have room."""
        floor = self.floor
        best: Step | None = None
        best_key = 0.0
        considered: list[Step] = []
        for service in services:
            queue = floor.queues[service]
            seen: list[Step] = []
            found = self._best(queue, skip, seen) if queue.free else None
            if found is None or (best is not None and best_key <= found[0]):
                continue
            if ready_area.room(floor, found[1], now) >= _ROOM:
                (best_key, best), considered = found, seen
        if best is None:
            return None
        return self._send(best, explain(floor, best, [step for step in considered if step is not best], now))

    def sends(self, now: int) -> list[Send]:
        """Refill the ready areas that may have room, and move those who are sent.

        First each visit that has just become free goes to an idle counter, if one of its services has one; then every
        service with room pulls its best, the longest backlog first. Services that share counters pull together.
        """
        floor = self.floor
        floor.advance(now)
        if not floor.dirty:
            floor.fresh.clear()
            return []
        sent: list[Send] = []
        if floor.fresh:
            for visit in sorted(floor.fresh.values(), key=lambda one: (self._earliest(one), one.number)):
                if visit.mode == FREE and (send := self._to_idle(visit, now)) is not None:
                    floor.head(send.step, now)
                    sent.append(send)
            floor.fresh.clear()
        wanting = [service for service in floor.dirty if floor.queues[service].free]
        wanting.sort(key=lambda one: (-floor.backlog(one), one))
        for group in ready_area.together(floor, wanting):
            while (send := self._pull(group, now)) is not None:
                floor.head(send.step, now)
                sent.append(send)
        # Sending takes visitors out of queues and makes room nowhere.
        floor.dirty.clear()
        return sent

    def tick(self, now: int) -> list[Send]:
        """Let time pass (holds end, services near their end open room) and refill: every few seconds."""
        self.floor.dirty.update(service for service, queue in self.floor.queues.items() if queue.free and queue.open)
        return self.sends(now)

    def _to_idle(self, visit: Visit, now: int) -> Send | None:
        """An idle counter takes a visit that has become free: nearest first, then the longest backlog."""
        floor = self.floor
        best: tuple[float, float, str] | None = None
        for step in visit.steps.values():
            if not step.listed:
                continue
            queue = floor.queues[step.service]
            if not queue.open or ready_area.idle(floor, step.service) < _ROOM:
                continue
            if queue.free[0][3] is not step:
                continue  # somebody else is before this visit there: the ready area pulls them first
            candidate = (floor.walk(visit, queue.zone), -floor.backlog(step.service), step.service)
            if best is None or candidate < best:
                best = candidate
        if best is None:
            return None
        step = visit.steps[best[2]]
        why = Why("free_counter", {"minutes": waited(step, now), "walk": round(best[0] / MINUTE, 1)})
        return self._send(step, why)

    def _send(self, step: Step, why: Why) -> Send:
        queue = self.floor.queues[step.service]
        walk = round(self.floor.walk(step.visit, queue.zone))
        aloud = self.floor.learner.heeds(step.visit.id) is False
        return Send(step.id, step.visit.id, step.visit.number, step.service, queue.zone, why, walk, aloud)

    @staticmethod
    def _earliest(visit: Visit) -> float:
        return min((step.key for step in visit.steps.values() if step.listed), default=0.0)

    def _best(self, queue: Queue, skip: Collection[str], seen: list[Step]) -> tuple[float, Step] | None:
        """Of the first by key, the one whose key and walk together are smallest; those looked at go into `seen`."""
        routing = self.floor.plan.routing
        best: Step | None = None
        best_key = 0.0
        looked = 0
        for key, _, _, step in queue.free:
            if looked >= routing.look:
                break
            if step.visit.id in skip:
                continue
            looked += 1
            seen.append(step)
            weighed = key + routing.walk_weight * self.floor.walk(step.visit, queue.zone)
            if best is None or weighed < best_key:
                best, best_key = step, weighed
        return None if best is None else (best_key, best)


def counters_to_call(floor: Floor) -> list[Counter]:
    """Open counters without a visitor that somebody stands ready, walks to or is free for: they may call now."""
    return [
        counter
        for counter in floor.counters.values()
        if counter.open
        and counter.step is None
        and any(floor.queues[service].free or floor.queues[service].headed for service in counter.services)
    ]
