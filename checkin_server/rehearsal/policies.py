"""What the router is compared with: houses as visitors know them from elsewhere.

They see what such a house would see, and their visitors are the same people with the same luck. The last two choose by
what is known when somebody becomes free, with service times learned as the router learns them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import MINUTE, Learner
from checkin_server.rehearsal.days import Visitor
from checkin_server.rehearsal.house import Called, House, Told, patience


class _Common:
    """Queues at the services, counters that take the first."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.learner = Learner(plan)
        self.now = 0
        self.visitors: dict[str, Visitor] = {}
        self.left: dict[str, list[str]] = {}
        self.zone: dict[str, str] = {}
        self.queue: dict[str, deque[str]] = {service: deque() for service in plan.services}
        self.coming: dict[str, int] = dict.fromkeys(plan.services, 0)
        self.open_at: dict[str, set[str]] = {service: set() for service in plan.services}
        self.gives = {counter.id: counter.services for counter in plan.counters.values()}
        self.busy: dict[str, tuple[str, str, str, int]] = {}
        """By counter: visitor, service, zone they came from, and since when."""
        self._misses: dict[tuple[str, str], int] = {}
        self._told: list[Told] = []
        self._ready: set[str] = set()
        self._since: dict[tuple[str, str], int] = {}

    def at(self, now: int) -> None:
        """It is `now`."""
        self.now = now

    def news(self) -> Sequence[Told]:
        """What visitors were told since this was asked last."""
        told, self._told = self._told, []
        return told

    def wanted(self, idle: Iterable[str]) -> Iterable[str]:
        """Of idle counters, those that may now call somebody."""
        if not self._ready:
            return ()
        found = [c for c in idle if any(s in self._ready for s in self.gives[c])]
        self._ready.clear()
        return found

    def open(self, counter: str) -> None:
        """A counter opens."""
        for service in self.gives[counter]:
            self.open_at[service].add(counter)

    def pause(self, counter: str) -> None:
        """A counter pauses."""
        for service in self.gives[counter]:
            self.open_at[service].discard(counter)

    def hold(self, visitor: str, until: int) -> None:
        """Nothing to hold: who goes to pray stands in no queue meanwhile and none is called."""

    def leave(self, visitor: str) -> None:
        """A visitor goes home."""
        self.left.pop(visitor, None)
        for queue in self.queue.values():
            if visitor in queue:
                queue.remove(visitor)

    def start(self, counter: str) -> None:
        """The visitor stands at the counter."""
        visitor, service, origin, _ = self.busy[counter]
        self.busy[counter] = (visitor, service, origin, self.now)
        self.zone[visitor] = self.plan.zone_of(service)

    def grace(self, counter: str) -> int:
        """How long staff wait for the visitor called."""
        _, service, origin, _ = self.busy[counter]
        return patience(self.plan, origin, self.plan.zone_of(service))

    def eligible(self, visitor: str) -> list[str]:
        """Services that may come next, in the visitor's own order."""
        left = self.left[visitor]
        return [s for s in left if not any(first in left for first in self.plan.services[s].after)]

    def line_up(self, visitor: str, service: str) -> None:
        """Stand at the end of a queue."""
        self._since[visitor, service] = self.now
        self.queue[service].append(visitor)
        self._ready.add(service)

    def take(self, counter: str) -> tuple[str, str] | None:
        """The first of the counter's queues: who has stood longest."""
        services = [service for service in self.gives[counter] if self.queue[service]]
        if not services:
            return None
        service = min(services, key=lambda s: self._since[self.queue[s][0], s])
        return self.queue[service].popleft(), service

    def call_next(self, counter: str) -> Called | None:
        """Staff press *Next*."""
        found = self.take(counter)
        if found is None:
            return None
        visitor, service = found
        self.busy[counter] = (visitor, service, self.zone[visitor], self.now)
        return Called(visitor, service)

    def served(self, counter: str) -> tuple[str, str]:
        """A service has ended."""
        visitor, service, _, since = self.busy.pop(counter)
        self.learner.served(service, counter, self.now - since, self.learner.party_factor(self.visitors[visitor].party))
        self.left[visitor].remove(service)
        return visitor, service

    def missed(self, counter: str) -> tuple[str, str, bool]:
        """A call was missed."""
        visitor, service, _, _ = self.busy.pop(counter)
        misses = self._misses[visitor, service] = self._misses.get((visitor, service), 0) + 1
        over = misses >= self.plan.missed_limit
        if over:
            self.left[visitor].remove(service)
        return visitor, service, over

    def enter(self, visitor: Visitor) -> None:
        """Somebody new."""
        kiosk = next(iter(self.plan.kiosks.values()), None)
        self.visitors[visitor.id] = visitor
        self.left[visitor.id] = list(visitor.wants)
        self.zone[visitor.id] = kiosk.zone if kiosk else next(iter(self.plan.zones), "")


class OneQueue(_Common):
    """Visitors stand in one queue at a time; `choose` says in which next."""

    own_way = True
    """Nobody is told where to go: what the world hears is the visitor's own choice."""

    def __init__(self, plan: Plan, choose: Callable[[OneQueue, str, list[str]], str]) -> None:
        super().__init__(plan)
        self._choose = choose

    def check_in(self, visitor: Visitor) -> None:
        """A visitor comes in."""
        self.enter(visitor)
        self._go_on(visitor.id)

    def _go_on(self, visitor: str) -> None:
        if self.left[visitor]:
            service = self._choose(self, visitor, self.eligible(visitor) or self.left[visitor])
            self.coming[service] += 1
            self._told.append(Told(visitor, service))

    def arrived(self, visitor: str, service: str) -> None:
        """Somebody stands at the end of the queue."""
        self.coming[service] -= 1
        self.line_up(visitor, service)

    def finish(self, counter: str) -> None:
        """The service is done."""
        visitor, _ = self.served(counter)
        self._go_on(visitor)

    def no_show(self, counter: str) -> bool:
        """Nobody came; whether that was the last chance."""
        visitor, service, over = self.missed(counter)
        if over:
            self._go_on(visitor)
        else:
            self.line_up(visitor, service)
        return over

    def work(self, service: str) -> float:
        """Milliseconds of work before somebody who joined now, at the service's open counters."""
        mean = self.learner.mean_of(service)
        ahead = sum(self.learner.party_factor(self.visitors[v].party) for v in self.queue[service])
        counters = self.open_at[service]
        busy = sum(0.5 for c in counters if c in self.busy)
        return (ahead + self.coming[service] + busy) * mean / max(1, len(counters))


def _own_order(house: OneQueue, visitor: str, services: list[str]) -> str:
    return services[0]


def _shortest_queue(house: OneQueue, visitor: str, services: list[str]) -> str:
    return min(services, key=lambda s: (not house.open_at[s], len(house.queue[s])))


def _least_wait(house: OneQueue, visitor: str, services: list[str]) -> str:
    zone = house.zone[visitor]

    def wait(service: str) -> float:
        walk = house.plan.walk_minutes(zone, house.plan.zone_of(service)) * MINUTE
        return max(house.work(service), walk) + walk * 0.01

    return min(services, key=lambda s: (not house.open_at[s], wait(s)))


class IndependentTickets(_Common):
    """A ticket for each queue, all drawn at the door; called elsewhere while being served, as peers do it."""

    def check_in(self, visitor: Visitor) -> None:
        """A visitor comes in."""
        self.enter(visitor)
        for service in self.eligible(visitor.id):
            self.line_up(visitor.id, service)

    def arrived(self, visitor: str, service: str) -> None:
        """Nobody is sent anywhere."""

    def finish(self, counter: str) -> None:
        """The service is done."""
        visitor, service = self.served(counter)
        self._unlock(visitor, service)

    def _unlock(self, visitor: str, service: str) -> None:
        for other in self.eligible(visitor):
            if service in self.plan.services[other].after:
                self.line_up(visitor, other)

    def no_show(self, counter: str) -> bool:
        """Nobody came; whether that was the last chance."""
        visitor, service, _, _ = self.busy.pop(counter)
        # A new ticket, at the end of the queue; nobody is struck off for being served elsewhere.
        self.line_up(visitor, service)
        return False


POLICIES: dict[str, Callable[[Plan], House]] = {
    "independent": IndependentTickets,
    "one-at-a-time": lambda plan: OneQueue(plan, _own_order),
    "shortest-queue": lambda plan: OneQueue(plan, _shortest_queue),
    "least-wait": lambda plan: OneQueue(plan, _least_wait),
}
"""The comparison policies by the name that tables show."""
