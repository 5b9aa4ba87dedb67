"""The venue of the routing bench: twelve services in six zones, counters for three thousand visitors a day."""

from __future__ import annotations

from checkin_server.domain.plan import Booth, Category, Counter, DayPlan, Kiosk, Plan, Routing, Service, Zone
from checkin_server.domain.tour import City, Event

_WORDS = dict.fromkeys(("ar", "fr", "zgh", "en"), "x")
_MINUTES = (4, 5, 6, 6, 7, 8, 8, 9, 10, 11, 12, 14)
_WANTED = (2.0, 1.6, 1.4, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8, 0.7, 0.7, 0.6)
_STOPS = 2.65
_OPENS = 1_577_433_600_000
_HOURS = 9


def venue(visitors: int) -> Plan:
    """Return a plan whose counters are loaded to 85 % by so many visitors."""
    services = [f"s{n:02}" for n in range(len(_MINUTES))]
    zones = [f"Z{n}" for n in range(6)]
    counters: dict[str, Counter] = {}
    for service, minutes, wanted in zip(services, _MINUTES, _WANTED, strict=True):
        work = visitors * _STOPS * wanted / sum(_WANTED) * minutes
        for n in range(1, max(1, round(work / 60 / _HOURS / 0.85)) + 1):
            counters[f"{service}-{n}"] = Counter(f"{service}-{n}", service, str(n), (service,))
    starts = {"active": 0.0, "retired": 15.0, "widowed": 15.0, "dependant": 0.0, "child": 0.0}
    needs = {"wheelchair": 30.0, "low_vision": 15.0, "hard_of_hearing": 15.0, "needs_reading_aloud": 15.0}
    return Plan(
        event=Event("study", _WORDS, _WORDS, _WORDS, (City("c", _WORDS, "", ""),), ()),
        venue="study",
        venue_name=_WORDS,
        city="c",
        timezone="UTC",
        days=(DayPlan("2019-12-27", _OPENS, _OPENS + _HOURS * 3_600_000),),
        zones={zone: Zone(zone, _WORDS, "circle", "#000000", "#FFFFFF") for zone in zones},
        categories={name: Category(name, _WORDS, head_start_minutes=start) for name, start in starts.items()},
        units={},
        booths={s: Booth(s, _WORDS, _WORDS, zones[n % 6]) for n, s in enumerate(services)},
        services={s: Service(s, _WORDS, s, "info", m) for s, m in zip(services, _MINUTES, strict=True)},
        offers=(),
        counters=counters,
        boards={},
        kiosks={"K": Kiosk("K", "Z0", "P")},
        printers={},
        walks={(zones[a], zones[b]): min(3.0, 0.6 + 0.5 * (b - a)) for a in range(6) for b in range(a + 1, 6)},
        routing=Routing(needs_head_start=needs),
    )
