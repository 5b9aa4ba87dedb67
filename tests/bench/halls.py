"""Halls that nobody planned: drawn from a seed, so that the router is tried on plans it was not made for."""

from __future__ import annotations

import random
from dataclasses import replace

from checkin_server.domain.plan import Booth, Counter, Kiosk, Plan, Service
from tests.bench.study import venue


def hall(seed: int) -> Plan:
    """Return a plan: 3 to 15 services of 1 to 35 minutes, 1 to 4 counters each, 2 to 6 zones 0.5 to 5 minutes apart."""
    chance = random.Random(f"hall/{seed}")
    plan = venue(100)
    names = [f"s{n:02}" for n in range(chance.randint(3, 15))]
    words, zone = next(iter(plan.zones.values())).name, next(iter(plan.zones.values()))
    zones = [f"Z{n}" for n in range(chance.randint(2, 6))]
    counters = [f"{name}-{n}" for name in names for n in range(1, chance.randint(1, 4) + 1)]
    minutes = {name: round(35.0 ** chance.random(), 1) for name in names}
    walks = {(a, b): round(chance.uniform(0.5, 5.0), 1) for n, a in enumerate(zones) for b in zones[n + 1 :]}
    return replace(
        plan,
        zones={name: replace(zone, id=name) for name in zones},
        booths={name: Booth(name, words, words, chance.choice(zones)) for name in names},
        services={name: Service(name, words, name, "info", minutes[name]) for name in names},
        counters={one: Counter(one, one[:3], one[4:], (one[:3],)) for one in counters},
        kiosks={"K": Kiosk("K", zones[0], "P")},
        walks=walks,
    )
