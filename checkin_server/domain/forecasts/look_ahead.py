"""Look-ahead: everybody inside is played forward with the expected times, by the router's own keys.

Who is called when also hangs on who comes meanwhile and has little to do. With `arrivals` those of the last half hour
are expected again, one by one, as often as it passes within the next hour: nothing is known of them that was not seen.

One pass gives each step its expected call, each visit its finish, each service its end. It costs milliseconds, in a
full hall dozens: run it once a tick, never for a page view. A server that must answer meanwhile takes the picture first
(`begin_look`, a small part of the time) and plays it with pauses, in which the floor may change. Times are milliseconds
since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.pieces import CALLED, FREE, SERVING, Arrival, Step, Visit
from checkin_server.domain.routing.ready_area import TURN_MS
from checkin_server.domain.routing.router import turn

_READY = -1e18
"""Key of somebody who has been sent already: they come before everybody who is free."""


@dataclass(slots=True)
class Outlook:
    """What will happen to those who are inside, as far as can be told now."""

    at: int
    calls: dict[str, float] = field(default_factory=dict)
    """Expected call of each step that waits, headed ones too. A step whose service has no counter is missing."""
    finishes: dict[str, float] = field(default_factory=dict)
    """Expected end of each visit; missing when one of its services has no counter."""
    ends: dict[str, float] = field(default_factory=dict)
    """By service, when the last of those inside has been served."""
    counters_free: dict[str, list[float]] = field(default_factory=dict)
    """By service, when each of its open counters has nobody left."""
    unknown: set[str] = field(default_factory=set)
    """Steps that nobody can serve now: "closed, time unknown"."""
    keys: dict[str, float] = field(default_factory=dict)
    """Of each step that waits and may be put back, the key that it was played with."""
    wait_ms: float = 0.0
    """Mean over the visits of the time they will still wait, all their stops together."""
    visits: int = 0


_LATELY_MS = 30 * MINUTE
"""The arrivals of so long ago are expected to repeat themselves."""
_AT_LEAST_MS = 5 * MINUTE
"""At the start of the day: what a shorter time says of the rate is chance."""
_EXPECTED_MS = 60 * MINUTE
"""So far ahead they are expected: further on it changes little and costs as much again."""
_BETWEEN_PAUSES = 32
"""Turns of the play from one chance to pause to the next: well under a millisecond."""
_NOT_HERE = ""
"""Step of somebody who is only expected."""
_LAST_NUMBER = 10_000_000
"""Who is not here yet comes behind everybody who has a number."""
GUEST = "guest"
"""Somebody who stands at a kiosk and has not chosen yet: in `Outlook.finishes`."""


def guest_step(service: str) -> str:
    """Return the step of a service that the guest wants: in `Outlook.calls`."""
    return f"{GUEST}:{service}"


class _Expected:
    """Somebody who is expected to come: the part of a visit that the player looks at."""

    __slots__ = ("category", "factor", "head_start", "id", "number", "services", "since", "zone")

    def __init__(self, name: str, number: int, like: Arrival, at: int) -> None:
        self.id = name
        self.number = number
        self.category = like.category
        self.factor = like.factor
        self.head_start = like.head_start
        self.services = like.services
        self.since = at
        self.zone = like.zone


class _Player:
    """One pass; a class only so that the parts of the loop can share its state."""

    def __init__(
        self,
        floor: Floor,
        now: int,
        extra: Mapping[str, int],
        without: Collection[str],
        arrivals: bool,
        guest: Arrival | None,
    ) -> None:
        self.floor = floor
        self.plan = floor.plan
        self.visits: dict[str, Visit | _Expected] = dict(floor.visits)
        """Who is played: the floor's own list may change in a pause."""
        self.since: dict[str, float] = {}
        """By step, when it was asked for."""
        self.expected: set[str] = set()
        self.arrivals = arrivals
        self.guest = guest
        self.now = now
        self.out = Outlook(now)
        self.cap = floor.plan.routing.cap_minutes * MINUTE
        self.share = floor.plan.routing.work_weight
        self.mean = {service: floor.learner.mean_of(service) for service in floor.queues}
        self.zone = {service: queue.zone for service, queue in floor.queues.items()}
        self.work = {service: queue.work for service, queue in floor.queues.items()}
        self.open = {service: queue.open for service, queue in floor.queues.items()}
        self.queue: dict[str, list[tuple[float, int, str]]] = {service: [] for service in floor.queues}
        self.idle: dict[str, list[str]] = {service: [] for service in floor.queues}
        self.gives: dict[str, tuple[str, ...]] = {}
        self.speed: dict[str, float] = {}
        self.where: dict[str, str] = {}
        self.left: dict[str, dict[str, str]] = {}
        """By visit, its remaining services and their steps."""
        self.free: dict[str, float] = {}
        """Since when a visit is free; missing when it is not."""
        self.ahead: dict[str, str] = {}
        """Visits that have been sent, and to which service."""
        self.served_ms = 0.0
        self.events: list[tuple[float, int, str, str]] = []
        self.seq = 0
        self.busy_until: dict[str, float] = {}
        self.extra = extra
        self.without = without

    def later(self, at: float, kind: str, what: str) -> None:
        self.seq += 1
        heappush(self.events, (at, self.seq, kind, what))

    def set_up(self) -> None:
        floor, now, learner = self.floor, self.now, self.floor.learner
        for counter in floor.counters.values():
            if counter.id in self.without:
                if counter.open:
                    for service in counter.services:
                        self.open[service] -= 1
                continue
            if counter.open:
                self.add_counter(counter.id, counter.services)
        for service, more in self.extra.items():
            self.open[service] += more
            for n in range(more):
                self.add_counter(f"+{service}{n}", (service,))
        # Not those that the floor has kept since somebody was free: what is foretold hangs on where all stand now.
        keys = floor.keys()
        for visit in floor.visits.values():
            left = {service: step.id for service, step in visit.steps.items() if step.state != "parked"}
            self.since.update((step.id, step.since) for step in visit.steps.values())
            placed = visit.placed
            self.where[visit.id] = visit.zone
            if placed is not None and visit.mode in (CALLED, SERVING) and placed.counter is not None:
                left.pop(placed.service, None)
                expected = learner.expected(placed.service, placed.counter, visit.factor)
                if visit.mode == SERVING:
                    end = now + learner.remaining(expected, now - placed.at)
                else:
                    end = max(now, self.due(placed)) + expected
                self.where[visit.id] = self.zone[placed.service]
                self.served_ms += end - now
                self.busy_until[placed.counter] = end
                self.out.ends[placed.service] = max(end, self.out.ends.get(placed.service, 0.0))
                self.later(end, "visit", visit.id)
            elif placed is not None:
                self.free[visit.id] = float(placed.at)
                self.ahead[visit.id] = placed.service
                mine = _READY + turn(keys[placed.id], self.due(placed))
                heappush(self.queue[placed.service], (mine, visit.number, visit.id))
            elif visit.mode == FREE:
                self.free[visit.id] = float(now)
                for service, step in visit.steps.items():
                    if step.listed:
                        self.out.keys[step.id] = key = keys[step.id]
                        heappush(self.queue[service], (key, visit.number, visit.id))
            else:
                self.later(max(now, visit.not_before), "visit", visit.id)
            self.left[visit.id] = left
        if self.guest is not None:
            self.visits[GUEST] = _Expected(GUEST, _LAST_NUMBER - 1, self.guest, now)
            self.later(now, "comes", GUEST)
        if self.arrivals:
            self.expect()
        for counter_id in self.gives:
            until = self.busy_until.get(counter_id, 0.0)
            self.later(max(float(now), until), "counter", counter_id)

    def due(self, step: Step) -> float:
        """When somebody who was sent or called is there, by the pace that is known now."""
        left_at = step.at if step.sent is None else step.sent
        return left_at + self.floor.walk(step.visit, self.zone[step.service], step.origin or step.visit.zone)

    def expect(self) -> None:
        """Let those of the last half hour come again."""
        floor, now = self.floor, self.now
        closes_at = next((day.closes_at for day in floor.plan.days if day.opens_at <= now <= day.closes_at), None)
        until = now + _EXPECTED_MS if closes_at is None else min(now + _EXPECTED_MS, closes_at)
        lately = [(one.at, name) for name, one in floor.arrived.items() if now - _LATELY_MS < one.at <= now]
        if not lately:
            return
        first = min(one.at for one in floor.arrived.values())
        every = min(_LATELY_MS, max(_AT_LEAST_MS, now - first))
        for _, visit in sorted(lately):
            like = floor.arrived[visit]
            for at in range(like.at + every, until, every):
                if at <= now:
                    continue
                name = f"+{len(self.expected)}"
                self.visits[name] = _Expected(name, _LAST_NUMBER + len(self.expected), like, at)
                self.expected.add(name)
                self.later(at, "comes", name)

    def comes(self, name: str, at: float) -> None:
        """Somebody who was expected comes."""
        visit = self.visits[name]
        assert isinstance(visit, _Expected)
        mine = name == GUEST
        self.left[name] = {one: guest_step(one) if mine else _NOT_HERE for one in visit.services if one in self.work}
        self.where[name] = visit.zone
        for service in self.left[name]:
            self.work[service] += visit.factor
        self.freed(name, at)

    def add_counter(self, counter: str, services: tuple[str, ...]) -> None:
        self.gives[counter] = services
        self.speed[counter] = self.floor.learner.speed.get(counter, 1.0)

    def play(self, pause: Callable[[], None] | None = None) -> Outlook:
        events = self.events
        played = 0
        while events:
            played += 1
            if pause is not None and played % _BETWEEN_PAUSES == 0:
                pause()
            at, _, kind, what = heappop(events)
            if kind == "counter":
                if not self.take(what, at):
                    for service in self.gives[what]:
                        self.idle[service].append(what)
            elif kind == "comes":
                self.comes(what, at)
            else:
                self.freed(what, at)
        return self.close()

    def take(self, counter: str, at: float) -> bool:
        """A counter takes the best of its queues. Entries of visits that went elsewhere are thrown away."""
        best: tuple[float, int, str] | None = None
        best_service = ""
        for service in self.gives[counter]:
            queue = self.queue[service]
            while queue:
                entry = queue[0]
                visit = entry[2]
                if visit in self.free and service in self.left[visit] and self.ahead.get(visit, service) == service:
                    if best is None or entry < best:
                        best, best_service = entry, service
                    break
                heappop(queue)
        if best is None:
            return False
        heappop(self.queue[best_service])
        self.serve(counter, best_service, best[2], at)
        return True

    def serve(self, counter: str, service: str, visit_id: str, at: float) -> None:
        visit = self.visits[visit_id]
        there = self.free.pop(visit_id) + self.floor.walk(visit, self.zone[service], self.where[visit_id])
        self.ahead.pop(visit_id, None)
        step = self.left[visit_id].pop(service)
        start = max(at + TURN_MS, there)
        takes = self.mean[service] * self.speed[counter] * visit.factor
        end = start + takes
        if step != _NOT_HERE:
            self.served_ms += takes
            self.out.calls[step] = at
        self.work[service] -= visit.factor
        self.where[visit_id] = self.zone[service]
        if end > self.out.ends.get(service, 0.0):
            self.out.ends[service] = end
        self.busy_until[counter] = end
        self.later(end, "visit", visit_id)
        self.later(end, "counter", counter)

    def freed(self, visit_id: str, at: float) -> None:
        left = self.left[visit_id]
        if not left:
            if visit_id not in self.expected:
                self.out.finishes[visit_id] = at
            return
        visit = self.visits[visit_id]
        self.free[visit_id] = at
        waiting: list[str] = []
        for service, debit in self.debits(visit, left):
            since = visit.since if isinstance(visit, _Expected) else self.since[left[service]]
            after = self.plan.services[service].after if service in self.plan.services else ()
            if any(first in left for first in after):
                continue
            key = since + min(self.cap, debit) - visit.head_start
            heappush(self.queue[service], (key, visit.number, visit_id))
            if self.idle[service]:
                waiting.append(service)
        if waiting:
            origin = self.where[visit_id]
            nearest = min(waiting, key=lambda one: self.plan.walk_minutes(origin, self.zone[one]))
            counter = self.idle[nearest][0]
            for service in self.gives[counter]:
                self.idle[service].remove(counter)
            self.take(counter, at)

    def debits(self, visit: Visit | _Expected, left: Mapping[str, str]) -> list[tuple[str, float]]:
        mean, work, open_ = self.mean, self.work, self.open
        left_ms = together = 0.0
        backlogs: list[tuple[str, float]] = []
        for service in left:
            left_ms += mean[service] * visit.factor
            backlog = work[service] * mean[service] / (open_[service] or 1)
            together += backlog
            backlogs.append((service, backlog))
        share = self.share
        return [(service, share * (left_ms + together - backlog)) for service, backlog in backlogs]

    def close(self) -> Outlook:
        out = self.out
        for left in self.left.values():
            out.unknown.update(left.values())
        out.unknown.discard(_NOT_HERE)
        for counter, services in self.gives.items():
            until = max(float(self.now), self.busy_until.get(counter, 0.0))
            for service in services:
                out.counters_free.setdefault(service, []).append(until)
        out.visits = len(out.finishes)
        inside = sum(end - self.now for end in out.finishes.values())
        out.wait_ms = max(0.0, inside - self.served_ms) / out.visits if out.visits else 0.0
        return out


def begin_look(
    floor: Floor,
    now: int,
    extra: Mapping[str, int] | None = None,
    without: Collection[str] = (),
    *,
    arrivals: bool = False,
    guest: Arrival | None = None,
) -> Callable[[Callable[[], None] | None], Outlook]:
    """Take the picture that `look_ahead` plays; return what plays it, once. A `guest` is played as if inside since now.

    That takes a function to call every now and then, in which the floor may change, or None to play without a pause.
    What it says is true of the floor as it was at `now`: steps and visits may be gone when it returns.
    """
    player = _Player(floor, now, extra or {}, frozenset(without), arrivals, guest)
    player.set_up()
    return player.play


def look_ahead(
    floor: Floor,
    now: int,
    extra: Mapping[str, int] | None = None,
    without: Collection[str] = (),
    *,
    arrivals: bool = False,
) -> Outlook:
    """Play the floor forward; `extra` counters of a service may be added, and open ones taken away (`without`).

    `arrivals`: expect newcomers like those of the last half hour. That is for telling those inside when they will be
    called; what is left of the counters' time, for last tickets and advice, is asked without.
    """
    return begin_look(floor, now, extra, without, arrivals=arrivals)(None)
