"""The simulated people: visitors who walk, listen or don't, and staff who press buttons. A discrete-event engine.

`play` drives any `House` through a drawn day and returns its record. How people behave is written here once, so the
router in this process, a server over HTTP, and the policies they are compared with meet the same people with the same
luck. Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from checkin_server.rehearsal.days import MINUTE, Shift, SimDay, Visitor
from checkin_server.rehearsal.house import House
from checkin_server.rehearsal.record import Day, Stop, Visited

TICK_MS = 15_000
"""How often the house is asked for what changes by time alone."""
_NOTICE_MS = 12_000
"""Until a visitor has seen and understood what a board says."""
_IGNORES_MS = 30_000
"""Until somebody who doesn't go where the boards send them minds a call, or being sent aloud as in a call."""
_PRESS_MS = (4_000, 12_000)
"""Until a clerk who is free presses *Next*."""
_LATEST_MS = 8 * 3_600_000
"""So long after closing a day that doesn't come to an end is broken off."""


@dataclass(slots=True)
class Person:
    """A party inside, as it moves."""

    visitor: Visitor
    record: Visited
    stops: dict[str, Stop]
    zone: str
    """Where it is, or where it walks to."""
    there_at: int
    """When it is there."""
    going_to: str | None = None
    """The service it was told to go to and goes to."""
    at_counter: str | None = None
    standing_ms: int = 0
    """Time spent standing before a service after walking there, until the service began."""
    given_up: set[str] = field(default_factory=set)
    """Services that are over without having been given, after missed calls."""
    done: bool = False


@dataclass(slots=True)
class Desk:
    """A counter with its clerk."""

    shift: Shift
    zone: str
    manned: bool = False
    busy: str | None = None
    """Visitor called or being served."""
    service: str = ""
    chance: random.Random = field(default_factory=random.Random)
    """This clerk's own: what one does must not change how another is disposed."""
    pressing: bool = False
    """Whether the clerk is about to press *Next*."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    since: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """A day that was played, with what only the world could see."""

    day: Day
    standing_ms: dict[str, int]
    """By visit: time standing before services after having walked there."""
    calls: int
    missed: int
    """Calls that nobody came to in time."""
    unheard: int
    """Those of them that were not heard because the scenario says so."""
    double_calls: int
    """Calls of somebody who was at another counter at that moment."""


class World:
    """Plays one day; made for one run."""

    def __init__(self, day: SimDay, house: House, policy: str, entrance: str | None = None) -> None:
        self.day = day
        self.house = house
        self.policy = policy
        self.plan = day.plan
        kiosk = next(iter(day.plan.kiosks.values()), None)
        self.entrance = entrance or (kiosk.zone if kiosk else next(iter(day.plan.zones), ""))
        self.events: list[tuple[int, int, Callable[..., None], tuple[object, ...]]] = []
        self.seq = 0
        self.now = day.opens_at
        self.people: dict[str, Person] = {}
        self.desks = {
            # Staff's reactions are not a matter of the policy, but nor can they be drawn beforehand.
            shift.counter: Desk(
                shift,
                day.plan.booths[day.plan.counters[shift.counter].booth].zone,
                chance=random.Random(f"staff/{day.seed}/{shift.counter}"),
            )
            for shift in day.shifts
        }
        self.idle: dict[str, None] = {}
        self.left = len(day.visitors)
        self.calls = self.missed = self.unheard = self.double_calls = 0

    # ------------------------------------------------------------------ the engine

    def later(self, at: int, what: Callable[..., None], *arguments: object) -> None:
        """Let something happen at a moment."""
        self.seq += 1
        heappush(self.events, (at, self.seq, what, arguments))

    def play(self) -> Played:
        """Play the day to the end."""
        began = time.perf_counter()
        for desk in self.desks.values():
            for start, end in desk.shift.spans:
                self.later(max(start, self.day.opens_at), self.man, desk, True)
                self.later(end, self.man, desk, False)
        for visitor in self.day.visitors:
            self.later(visitor.arrives, self.come, visitor)
        self.later(self.day.opens_at, self.tick)
        end = self.day.closes_at + _LATEST_MS
        while self.events and self.left:
            at, _, what, arguments = heappop(self.events)
            if at > end:
                break
            if at != self.now:
                self.now = at
                self.house.at(at)
            what(*arguments)
            self.listen()
        return self.result(time.perf_counter() - began)

    def listen(self) -> None:
        """Visitors read the boards, idle clerks look at their tablets."""
        for told in self.house.news():
            person = self.people.get(told.visitor)
            if person is None or person.done:
                continue
            if told.service is None:
                person.going_to = None
            else:
                self.sent(person, told.service, told.aloud)
        if self.idle:
            for counter in self.house.wanted(self.idle):
                self.about_to_press(self.desks[counter])

    def tick(self) -> None:
        """Time passes."""
        self.later(self.now + TICK_MS, self.tick)

    # ------------------------------------------------------------------ visitors

    def come(self, visitor: Visitor) -> None:
        """A party arrives and checks in."""
        stops = {service: Stop(service, self.now) for service in visitor.wants}
        record = Visited(visitor.id, visitor.category, visitor.party, self.now, stops=list(stops.values()))
        person = Person(visitor, record, stops, self.entrance, self.now)
        self.people[visitor.id] = person
        refused = self.house.check_in(visitor)
        if refused:
            person.given_up.update(refused)
            self.after(person)
        if visitor.hold_after_ms is not None:
            self.later(self.now + visitor.hold_after_ms, self.hold, person)

    def sent(self, person: Person, service: str, aloud: bool) -> None:
        """Somebody was told to go to a service; where visitors choose for themselves, nobody ignores their choice."""
        if person.visitor.ignores and not aloud and not getattr(self.house, "own_way", False):
            return
        person.going_to = service
        arrives = self.walk(person, service, self.now + (self.notice_of_call(person) if aloud else self.notice(person)))
        self.later(arrives, self.arrive, person, service)

    def notice(self, person: Person) -> int:
        """How long it takes this party to see what a board says: the same for the same luck."""
        luck = next(iter(person.visitor.true_luck.values()), (0.5,))
        return round(_NOTICE_MS * (0.5 + luck[-1]))

    def notice_of_call(self, person: Person) -> int:
        """How long it takes until they mind being called: longer, if they don't mind being sent."""
        return _IGNORES_MS if person.visitor.ignores else self.notice(person)

    def walk(self, person: Person, service: str, leaves_at: int) -> int:
        """Walk to a service's zone; returns when they are there."""
        zone = self.plan.zone_of(service)
        starts = max(leaves_at, person.there_at)
        took = self.day.true_walk(person.visitor, person.zone, zone)
        person.stops[service].walk += took
        person.zone = zone
        person.there_at = starts + took
        return person.there_at

    def arrive(self, person: Person, service: str) -> None:
        """Somebody has come to the place they were sent to."""
        if person.going_to == service and not person.done:
            self.house.arrived(person.visitor.id, service)

    def hold(self, person: Person) -> None:
        """Somebody goes to pray, if they are not at a counter just now."""
        if not person.done and person.at_counter is None and person.going_to is None:
            self.house.hold(person.visitor.id, self.now + 15 * MINUTE)

    def gone(self, person: Person) -> None:
        """A party leaves."""
        if not person.done:
            person.done = True
            person.record.left = self.now
            self.left -= 1

    # ------------------------------------------------------------------ staff

    def man(self, desk: Desk, manned: bool) -> None:
        """A clerk comes or goes; whoever is being served is served to the end."""
        if desk.manned == manned:
            return
        desk.manned = manned
        counter = desk.shift.counter
        if manned:
            desk.since = self.now
            self.house.open(counter)
            if desk.busy is None:
                self.about_to_press(desk)
        else:
            desk.spans.append((desk.since, self.now))
            self.idle.pop(counter, None)
            self.house.pause(counter)

    def about_to_press(self, desk: Desk) -> None:
        """A clerk who is free presses *Next* in a moment."""
        self.idle.pop(desk.shift.counter, None)
        if not desk.pressing and desk.manned and desk.busy is None:
            desk.pressing = True
            self.later(self.now + desk.chance.randrange(*_PRESS_MS), self.press, desk)

    def press(self, desk: Desk) -> None:
        """*Next*."""
        desk.pressing = False
        if not desk.manned or desk.busy is not None:
            return
        called = self.house.call_next(desk.shift.counter)
        if called is None:
            self.idle[desk.shift.counter] = None
            return
        person = self.people[called.visitor]
        stop = person.stops[called.service]
        self.calls += 1
        stop.calls.append(self.now)
        stop.counter = desk.shift.counter
        desk.busy, desk.service = called.visitor, called.service
        comes = self.comes_at(person, called.service, len(stop.calls))
        gives_up = self.now + self.house.grace(desk.shift.counter)
        if comes is not None and comes <= gives_up:
            person.going_to = None
            person.at_counter = desk.shift.counter
            self.later(max(comes, self.now + 5_000), self.start, desk, person)
        else:
            self.later(gives_up, self.no_show, desk, person)

    def comes_at(self, person: Person, service: str, nth: int) -> int | None:
        """When the visitor who was called will stand at the counter; None when they won't come."""
        if person.at_counter is not None:
            self.double_calls += 1
            return None
        luck = person.visitor.true_luck[service]
        # After so many calls even the most absent-minded look up.
        if nth <= len(luck) and luck[nth - 1] < self.day.scenario.inattention:
            self.unheard += 1
            return None
        if person.going_to == service:
            return max(self.now, person.there_at)
        # Who was walking somewhere else turns round where they are going.
        return self.walk(person, service, self.now + self.notice_of_call(person))

    def start(self, desk: Desk, person: Person) -> None:
        """The visitor stands at the counter."""
        stop = person.stops[desk.service]
        stop.started = self.now
        person.standing_ms += self.now - min(self.now, person.there_at)
        self.house.start(desk.shift.counter)
        takes = person.visitor.true_service_ms[desk.service] * desk.shift.true_slowness
        self.later(self.now + max(1_000, round(takes)), self.finish, desk, person)

    def finish(self, desk: Desk, person: Person) -> None:
        """The service is done."""
        stop = person.stops[desk.service]
        stop.ended = self.now
        person.zone, person.there_at = desk.zone, self.now
        person.at_counter = None
        desk.busy = None
        self.house.finish(desk.shift.counter)
        self.after(person)
        if desk.manned:
            self.about_to_press(desk)

    def no_show(self, desk: Desk, person: Person) -> None:
        """Nobody came."""
        stop = person.stops[desk.service]
        stop.misses += 1
        self.missed += 1
        desk.busy = None
        if self.house.no_show(desk.shift.counter):
            person.given_up.add(desk.service)
            self.after(person)
        if desk.manned:
            self.about_to_press(desk)

    def after(self, person: Person) -> None:
        """Go home when nothing is left."""
        if all(stop.ended is not None or stop.service in person.given_up for stop in person.stops.values()):
            self.gone(person)

    # ------------------------------------------------------------------ the record

    def result(self, seconds: float) -> Played:
        """Return the record."""
        for desk in self.desks.values():
            if desk.manned:
                desk.spans.append((desk.since, max(self.now, desk.since)))
        day = Day(
            plan=self.plan,
            policy=self.policy,
            opens_at=self.day.opens_at,
            closes_at=self.day.closes_at,
            visits=[person.record for person in self.people.values()],
            manned={desk.shift.counter: tuple(desk.spans) for desk in self.desks.values()},
            seconds=seconds,
        )
        return Played(
            day=day,
            standing_ms={one.visitor.id: one.standing_ms for one in self.people.values()},
            calls=self.calls,
            missed=self.missed,
            unheard=self.unheard,
            double_calls=self.double_calls,
        )


def play(day: SimDay, house: House, policy: str) -> Played:
    """Play a drawn day in a house."""
    return World(day, house, policy).play()
