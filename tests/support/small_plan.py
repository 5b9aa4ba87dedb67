"""The small plan of the tests: three zones, a handful of counters, invented words."""

from __future__ import annotations

from typing import Any

from checkin_server.domain.plan import (
    LANGUAGES,
    Board,
    Booth,
    Category,
    Counter,
    DayPlan,
    Desk,
    Kiosk,
    Offer,
    Plan,
    Printer,
    Routing,
    Service,
    Unit,
    Zone,
)
from checkin_server.domain.tour import City, Event, Office, Text

OPENS = 1_577_433_600_000
"""27 December 2019, 8:00 UTC: nine o'clock in Rabat."""
CLOSES = OPENS + 9 * 3_600_000
EVENT = "journees-2019"


def say(words: str) -> Text:
    """Return the same invented words in every language."""
    return {language: words if language == "en" else f"{words} ({language})" for language in LANGUAGES}


# size: one plan, written out as a venue's file would be
def small_plan(**changes: Any) -> Plan:
    """Return a venue of three zones: a bank with two counters, health and school with one, a desk for two services."""
    services = (
        Service("bank", say("Bank"), "bank", "bank", 10.0),
        Service("health", say("Health"), "health", "heart", 6.0),
        Service("school", say("School"), "school", "book", 8.0, categories=frozenset({"active", "child"})),
        Service("enrolment", say("Enrolment"), "desk", "card", 5.0),
        Service("advice", say("Advice"), "desk", "talk", 4.0),
        Service("telecom", say("Telecom"), "bank", "phone", 4.0, closed=True),
    )
    counters = (
        Counter("bank-1", "bank", "1", ("bank",)),
        Counter("bank-2", "bank", "2", ("bank",)),
        Counter("health-1", "health", "3", ("health",)),
        Counter("school-1", "school", "4", ("school",)),
        Counter("desk-1", "desk", "5", ("enrolment", "advice")),
    )
    values: dict[str, Any] = {
        "event": Event(
            EVENT,
            say("Days of communication"),
            say("Communication"),
            say("Foundation"),
            (City("rabat", say("Rabat"), "2019-12-27", "2019-12-29"),),
            (Office("rabat-office", say("Rabat office")), Office("mutual", say("Medical mutual"))),
        ),
        "venue": "rabat",
        "venue_name": say("Great Hall"),
        "city": "rabat",
        "timezone": "Africa/Casablanca",
        "days": (
            DayPlan("2019-12-27", OPENS, CLOSES),
            DayPlan("2019-12-28", OPENS + 24 * 3_600_000, CLOSES + 24 * 3_600_000),
        ),
        "zones": {
            z: Zone(z, say(f"Zone {z}"), shape, "#0072B2", "#FFFFFF")
            for z, shape in (("A", "circle"), ("B", "square"), ("C", "star"))
        },
        "categories": {
            c: Category(c, say(c.capitalize()), eligible=c != "guest")
            for c in ("active", "retired", "widowed", "child", "dependant", "guest")
        },
        "units": {
            "rabat-prefecture": Unit("rabat-prefecture", say("Rabat prefecture")),
            "tangier-prefecture": Unit("tangier-prefecture", say("Tangier prefecture"), eligible=False),
        },
        "booths": {
            "desk": Booth("desk", say("Desk"), say("foundation"), "A"),
            "bank": Booth("bank", say("Bank of examples"), say("bank-of-examples"), "B"),
            "health": Booth("health", say("Health"), say("clinic"), "C"),
            "school": Booth("school", say("School"), say("academy"), "C"),
        },
        "services": {service.id: service for service in services},
        "offers": (
            Offer("loan", "bank", say("Loan at a better rate")),
            Offer("fees", "school", say("Lower fees"), frozenset({"child"})),
        ),
        "counters": {counter.id: counter for counter in counters},
        "boards": {
            "hall": Board("hall", say("Hall"), ("A", "B", "C")),
            "east": Board("east", say("East"), ("C",)),
        },
        "kiosks": {"K1": Kiosk("K1", "A", "P1", ("P2",)), "K2": Kiosk("K2", "A", "P2", ("P1",))},
        "desks": {"desk": Desk("desk", "A", "P2", ("P1",))},
        # One visitor in reserve, so that what stands in a ready area is more than the counters need at once.
        "routing": Routing(spare=1.0),
        "printers": {"P1": Printer("P1", "virtual", 80), "P2": Printer("P2", "virtual", 58)},
    }
    return Plan(**{**values, **changes})
