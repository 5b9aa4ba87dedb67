"""A small hall to try the router in: three services, each in a zone of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkin_server.domain.plan import Booth, Category, Counter, Plan, Routing, Service, Zone
from checkin_server.domain.routing import MINUTE, Floor, Router, StepFacts, VisitFacts
from checkin_server.domain.tour import City, Event

NOW = 1_577_433_600_000
WORDS = dict.fromkeys(("ar", "fr", "zgh", "en"), "x")


def plan(
    counters: Mapping[str, int] | None = None,
    minutes: Mapping[str, float] | None = None,
    after: Mapping[str, tuple[str, ...]] | None = None,
    **more: Any,
) -> Plan:
    """A venue of services named by letters: how many counters each has, how long it takes, what comes before it."""
    counters = counters or {"a": 1, "b": 1, "c": 1}
    minutes = minutes or {}
    event = Event("e", WORDS, WORDS, WORDS, (City("c", WORDS, "", ""),), ())
    return Plan(
        event=event,
        venue="v",
        venue_name=WORDS,
        city="c",
        timezone="UTC",
        days=(),
        zones={f"Z{s}": Zone(f"Z{s}", WORDS, "circle", "#000000", "#FFFFFF") for s in counters},
        categories={
            "active": Category("active", WORDS),
            "widowed": Category("widowed", WORDS, head_start_minutes=15),
        },
        units={},
        booths={s: Booth(s, WORDS, WORDS, f"Z{s}") for s in counters},
        services={
            s: Service(s, WORDS, s, "info", minutes.get(s, 6.0), after=(after or {}).get(s, ())) for s in counters
        },
        offers=(),
        counters={
            f"{s}-{n}": Counter(f"{s}-{n}", s, str(n), (s,)) for s, many in counters.items() for n in range(1, many + 1)
        },
        boards={},
        kiosks={},
        printers={},
        routing=more.pop("routing", Routing(needs_head_start={"wheelchair": 20})),
        walk_default_minutes=more.pop("walk", 1.0),
        **more,
    )


class Hall:
    """A floor with its router, and short ways to say what happens."""

    def __init__(self, venue: Plan | None = None, open_: tuple[str, ...] | None = None) -> None:
        self.floor = Floor(venue or plan())
        self.router = Router(self.floor)
        for counter in self.floor.plan.counters if open_ is None else open_:
            self.floor.set_counter(counter, True, NOW)
        self.numbers = 0

    def come(self, visit: str, services: str, ago: float = 0.0, **more: Any) -> None:
        """A visit that asked for these services (letters) so many minutes ago."""
        self.numbers += 1
        since = NOW - round(ago * MINUTE)
        steps = tuple(StepFacts(f"{visit}{s}", s, "waiting", since) for s in services)
        facts = {"category": "active", "zone": "door", **more}
        self.floor.put(VisitFacts(visit, self.numbers, steps=steps, **facts), NOW)

    def sent(self, minutes: float = 0.0) -> list[tuple[str, str]]:
        """Refill, and say who was sent where."""
        return [(send.visit, send.service) for send in self.router.tick(NOW + round(minutes * MINUTE))]

    def occupy(self, counter: str, minutes: float = 0.0) -> None:
        """Somebody is being served at a counter, since so many minutes."""
        service = counter.split("-")[0]
        name = f"at-{counter}"
        at = NOW - round(minutes * MINUTE)
        step = StepFacts(name, service, "serving", at, counter, at)
        self.floor.put(VisitFacts(name, 9000 + len(self.floor.visits), "active", (step,), zone=f"Z{service}"), NOW)
