"""Simulated days: who comes when and wants what, how long it will take, who doesn't listen, which counter breaks.

A day is drawn once from a seed and is the same for every policy. What the router must learn (true service times,
counters' speeds, how people walk) is in here and nowhere the router looks. Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checkin_server.domain.plan import NEEDS, Booth, Counter, DayPlan, Plan, Service

MINUTE = 60_000
_SPREAD = 0.6
"""Standard deviation of the logarithm of a service time."""
_STOPS = ((1, 0.2), (2, 0.3), (3, 0.25), (4, 0.15), (5, 0.1))
"""How many services a visit wants: 2.65 on average."""
_BREAK_MINUTES = 15
_TURN_MINUTES = 0.25
"""From one visitor to the next at a counter."""
RECEPTION = "front-desk"
"""The reception of a scenario that has one: booth, service and zone."""
_RECEPTION_MINUTES, _RECEPTION_WALK = 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of day. Shares are of visits, minutes are minutes."""

    name: str
    load: float = 0.85
    """Work of all visits by what the counters can do in the opening hours."""
    arrivals: tuple[tuple[float, float, float], ...] = ((1.0, 1.5, 2.0),)
    """Parts of the arrival curve: share, and the two figures of a beta distribution over the opening hours."""
    inattention: float = 0.011
    """Probability that one call is not heard."""
    ignoring: float = 0.0
    """Share of visitors who don't go where they are sent and don't mind a call for a while."""
    breakdown: bool = False
    """Whether a counter of the most loaded service is out for two hours of the morning."""
    families: float = 0.0
    head_starts: bool = False
    """Whether categories and needs come as they do in the field."""
    precedence: bool = False
    """Whether two services come after others (only where the plan doesn't say so itself)."""
    map_factor: float = 1.0
    """How much longer walks really take than the plan's map says."""
    mismatch: float = 0.05
    """How far demand and true service times are from what the plan was made for (standard deviation of the logarithm).

    At 0.05 the counters fit the demand, at 0.12 one service or the other is overloaded."""
    holds: float = 0.0
    """Share of visitors who hold their place once for a quarter of an hour."""
    service_minutes: tuple[float, float] | None = None
    """The shortest and the longest service, the others evenly between, instead of the plan's times."""
    walk_minutes: float | None = None
    """What every walk from zone to zone takes, instead of the plan's walks."""
    reception: bool = False
    """Whether everybody also wants a minute at a reception that lies three minutes from everything else."""

    @property
    def another_hall(self) -> bool:
        """Whether it is played in another hall than the venue's own; no demo can be such a one."""
        return self.reception or self.service_minutes is not None or self.walk_minutes is not None


SCENARIOS: Mapping[str, Scenario] = {
    "calm": Scenario("calm", load=0.6),
    "busy": Scenario("busy"),
    "rush": Scenario("rush", arrivals=((0.35, 1.0, 14.0), (0.65, 1.3, 2.2))),
    "breakdown": Scenario("breakdown", load=0.8, breakdown=True),
    "mixed": Scenario("mixed", load=0.8, families=0.25, head_starts=True, precedence=True, holds=0.03),
    "short": Scenario("short", service_minutes=(1.5, 3.0), walk_minutes=3.0),
    "far": Scenario("far", walk_minutes=5.0),
    "reception": Scenario("reception", reception=True),
}
"""The days that every rehearsal knows."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One party. What only the world knows begins with `true_`."""

    id: str
    arrives: int
    category: str
    wants: tuple[str, ...]
    """In the order in which they would go round by themselves."""
    needs: tuple[str, ...] = ()
    party: int = 1
    true_service_ms: Mapping[str, int] = field(default_factory=dict)
    """How long each service takes at a counter of ordinary speed, the whole party together."""
    true_pace: float = 1.0
    """What this party's walks take against the map."""
    true_luck: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """By service, numbers in 0…1 that decide about successive calls: the same under every policy."""
    ignores: bool = False
    hold_after_ms: int | None = None
    """When, after arriving, they hold their place for a quarter of an hour if they are free then."""


@dataclass(frozen=True, slots=True)
class Shift:
    """When one counter is manned, and how quick its clerk is."""

    counter: str
    spans: tuple[tuple[int, int], ...]
    """The last one has no end for the visitors inside: staff stay until everybody is served."""
    true_slowness: float = 1.0
    """What a service takes here against an ordinary counter."""


@dataclass(frozen=True, slots=True)
class SimDay:
    """A drawn day."""

    scenario: Scenario
    seed: int
    plan: Plan
    opens_at: int
    closes_at: int
    visitors: tuple[Visitor, ...]
    shifts: tuple[Shift, ...]

    def true_walk(self, visitor: Visitor, origin: str, to: str) -> int:
        """Milliseconds a visitor really walks from one zone to another."""
        minutes = self.plan.walk_minutes(origin, to)
        return round(minutes * MINUTE * visitor.true_pace * self.scenario.map_factor)


def visitors_for(plan: Plan, load: float, hours: float) -> int:
    """Return how many visits load a venue's counters to `load`."""
    given = [service for service in plan.services.values() if not service.closed and plan.counters_of(service.id)]
    given = [service for service in given if service.id != RECEPTION]
    if not given:
        return 0
    # A counter's break and the moments between two visitors are time in which nobody is served.
    serving = [counter for counter in plan.counters.values() if counter.services and counter.booth != RECEPTION]
    capacity = len(serving) * (hours * 60 - _BREAK_MINUTES)
    weights = _popularity(plan)
    total = sum(weights.values())
    per_visit = sum(weights[s.id] / total * (s.prior_minutes + _TURN_MINUTES) for s in given) * sum(
        n * p for n, p in _STOPS
    )
    return max(1, round(load * capacity / per_visit))


# size: what is drawn from, then what may be told instead of drawn, by name
def draw(
    plan: Plan,
    scenario: Scenario,
    seed: int,
    *,
    visitors: int | None = None,
    day: DayPlan | None = None,
    arrivals: Callable[[int, random.Random], Sequence[float]] | None = None,
    wanted: Mapping[str, float] | None = None,
) -> SimDay:
    """Draw a day of a venue.

    `visitors` visits, by default as many as the scenario's load asks for; `arrivals` gives them as shares of the
    opening hours (`PastDay.draw`), else the scenario's curve; `wanted` is the weight of each service, else services are
    wanted as their counters can give them.
    """
    chance = random.Random(f"{scenario.name}/{seed}")
    day = day or plan.days[0]
    plan = changed(plan, scenario)
    length = day.closes_at - day.opens_at
    many = visitors if visitors is not None else visitors_for(plan, scenario.load, length / 3_600_000)
    shares = arrivals(many, chance) if arrivals else curve(scenario, many, chance)
    weights = dict(
        wanted or {s: w * chance.lognormvariate(0, scenario.mismatch * 0.6) for s, w in _popularity(plan).items()}
    )
    means = {
        s.id: s.prior_minutes * MINUTE * chance.lognormvariate(-(scenario.mismatch**2) / 2, scenario.mismatch)
        for s in plan.services.values()
    }
    demand = _Demand(weights, means)
    came = [
        _visitor(plan, scenario, n, day.opens_at + round(share * length * 0.999), demand, chance)
        for n, share in enumerate(sorted(shares), start=1)
    ]
    return SimDay(
        scenario,
        seed,
        plan,
        day.opens_at,
        day.closes_at,
        tuple(came),
        tuple(_shifts(plan, scenario, day, weights, chance)),
    )


def _popularity(plan: Plan) -> dict[str, float]:
    """Services are wanted as often as their counters can give them."""
    weights: dict[str, float] = {}
    for counter in plan.counters.values():
        for service in counter.services:
            known = plan.services.get(service)
            if known is not None and not known.closed and service != RECEPTION:
                share = 1 / len(counter.services) / known.prior_minutes
                weights[service] = weights.get(service, 0.0) + share
    return weights


def curve(scenario: Scenario, many: int, chance: random.Random) -> list[float]:
    """Draw the scenario's arrivals, as shares of the opening hours."""
    shares: list[float] = []
    for n in range(many):
        at, parts = (n + 0.5) / many, 0.0
        for share, a, b in scenario.arrivals:
            parts += share
            if at <= parts + 1e-9:
                shares.append(chance.betavariate(a, b) * 0.93)
                break
    return shares


@dataclass(frozen=True)
class _Demand:
    """How much each service is wanted, and how long it really takes on the day (mean, milliseconds)."""

    weights: Mapping[str, float]
    means: Mapping[str, float]


def _visitor(plan: Plan, scenario: Scenario, number: int, at: int, demand: _Demand, chance: random.Random) -> Visitor:
    category, party = "active", 1
    needs: tuple[str, ...] = ()
    if scenario.head_starts:
        category = chance.choices(("active", "retired", "widowed", "dependant", "child"), (62, 20, 8, 7, 3))[0]
        if chance.random() < (0.15 if category == "retired" else 0.03):
            needs = (chance.choice(NEEDS),)
    if category not in plan.categories:
        category = next(iter(plan.categories), "active")
    if scenario.families and chance.random() < scenario.families:
        party = chance.choices((2, 3, 4, 5), (40, 30, 20, 10))[0]
    stops = chance.choices([n for n, _ in _STOPS], [p for _, p in _STOPS])[0]
    left = {
        s: w
        for s, w in demand.weights.items()
        if not (plan.services[s].categories and category not in plan.services[s].categories)
    }
    left = left or dict(demand.weights)
    wants: list[str] = []
    for _ in range(min(stops, len(left))):
        chosen = chance.choices(list(left), list(left.values()))[0]
        wants.append(chosen)
        del left[chosen]
    wants = ([RECEPTION] if RECEPTION in plan.services else []) + _in_order(plan, wants)
    factor = 1 + plan.routing.family_share * (party - 1)
    old = category in ("retired", "widowed") or bool(needs)
    return Visitor(
        id=f"R{number:05}",
        arrives=at,
        category=category,
        wants=tuple(wants),
        needs=needs,
        party=party,
        true_service_ms={
            s: max(20_000, round(demand.means[s] * factor * chance.lognormvariate(-_SPREAD * _SPREAD / 2, _SPREAD)))
            for s in wants
        },
        true_pace=chance.lognormvariate(0.0, 0.2) * (1.4 if old else 1.0) * (1.15 if party > 1 else 1.0),
        true_luck={s: (chance.random(), chance.random(), chance.random()) for s in wants},
        ignores=chance.random() < scenario.ignoring,
        hold_after_ms=round(chance.uniform(5, 60) * MINUTE) if chance.random() < scenario.holds else None,
    )


def _in_order(plan: Plan, wants: list[str]) -> list[str]:
    """Their own order, but each service after those it must come after."""
    ordered: list[str] = []
    left = list(wants)
    while left:
        ready = next((s for s in left if not any(first in left for first in plan.services[s].after)), left[0])
        left.remove(ready)
        ordered.append(ready)
    return ordered


def changed(plan: Plan, scenario: Scenario) -> Plan:
    """Return the plan as the scenario has it; what it has changed already, it leaves as it is.

    Some services come after others, unless the plan says so itself; services and walks take what the scenario says;
    there is one more booth.
    """
    services = dict(plan.services)
    if scenario.precedence and not any(service.after for service in plan.services.values()):
        names = list(plan.services)
        for later, first in ((2, 0), (5, 1)):
            if later < len(names):
                services[names[later]] = replace(services[names[later]], after=(names[first],))
    if scenario.service_minutes is not None:
        shortest, longest = scenario.service_minutes
        for n, name in enumerate(plan.services):
            minutes = shortest + (longest - shortest) * n / max(1, len(services) - 1)
            services[name] = replace(services[name], prior_minutes=minutes)
    plan = replace(plan, services=services)
    if scenario.walk_minutes is not None:
        plan = replace(plan, walks={}, walk_default_minutes=scenario.walk_minutes)
    if scenario.reception and RECEPTION not in plan.services:
        plan = _with_reception(plan, scenario.load)
    return plan


def _with_reception(plan: Plan, load: float) -> Plan:
    """Add a reception with at least two counters, enough for all who come when the venue is loaded so."""
    if not plan.zones or not plan.booths:
        return plan
    day = plan.days[0] if plan.days else None
    hours = (day.closes_at - day.opens_at) / 3_600_000 if day else 8.0
    minutes = visitors_for(plan, load, hours) * (_RECEPTION_MINUTES + _TURN_MINUTES)
    many = max(2, math.ceil(minutes / load / (hours * 60 - _BREAK_MINUTES)))
    words = dict.fromkeys(next(iter(plan.booths.values())).name, "Reception")
    counters = [f"{RECEPTION}-{n}" for n in range(1, many + 1)]
    zone = replace(next(iter(plan.zones.values())), id=RECEPTION)
    return replace(
        plan,
        zones={**plan.zones, RECEPTION: zone},
        booths={**plan.booths, RECEPTION: Booth(RECEPTION, words, words, RECEPTION)},
        services={
            **plan.services,
            RECEPTION: Service(RECEPTION, words, RECEPTION, "info", _RECEPTION_MINUTES),
        },
        counters={**plan.counters, **{c: Counter(c, RECEPTION, c[-1], (RECEPTION,)) for c in counters}},
        walks={**plan.walks, **{(one, RECEPTION): _RECEPTION_WALK for one in plan.zones}},
    )


def _shifts(
    plan: Plan, scenario: Scenario, day: DayPlan, weights: Mapping[str, float], chance: random.Random
) -> list[Shift]:
    busiest = ""
    if scenario.breakdown:
        loads = {s: w * plan.services[s].prior_minutes / max(1, len(plan.counters_of(s))) for s, w in weights.items()}
        several = {s: load for s, load in loads.items() if len(plan.counters_of(s)) > 1} or loads
        busiest = max(several, key=lambda one: several[one])
    shifts: list[Shift] = []
    ever = 10 * 3_600_000
    for n, counter in enumerate(plan.counters.values()):
        begin = day.opens_at + (round(chance.uniform(5, 20) * MINUTE) if chance.random() < 0.05 else 0)
        # A break of a quarter of an hour, not all at once.
        rest = day.opens_at + round((0.42 + 0.16 * ((n * 7) % 10) / 10) * (day.closes_at - day.opens_at))
        spans = [(begin, rest), (rest + _BREAK_MINUTES * MINUTE, day.closes_at + ever)]
        if busiest in counter.services:
            out = day.opens_at + round(0.2 * (day.closes_at - day.opens_at))
            spans = [(begin, out), (out + 120 * MINUTE, day.closes_at + ever)]
            busiest = ""
        shifts.append(Shift(counter.id, tuple(spans), math.exp(chance.gauss(0, 0.15))))
    return shifts
