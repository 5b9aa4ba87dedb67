"""A simulated day in a real venue: people come, hold and leave, are called and missed, and staff change their minds."""

from __future__ import annotations

import random
from typing import Any

from checkin_server.domain.refusal import Refusal
from checkin_server.services.visits.apart import Group
from tests.support.people import FAMILY
from tests.support.venue import Site, accepted

SERVICES = ("bank", "health", "enrolment", "advice")
COUNTERS = ("bank-1", "bank-2", "health-1", "desk-1")
_MORE: dict[str, dict[str, Any]] = {"note": {"text": "Original seen."}}
_ENDINGS: tuple[dict[str, Any], ...] = (
    {},
    {"quick": True},
    {"outcome": "referred", "office": "mutual", "subject": "Loan"},
)
ONWARD = {"bank-1": "bank-2", "bank-2": "health-1", "health-1": "desk-1", "desk-1": "bank-1"}


def play(site: Site, seed: int, minutes: int = 45) -> None:
    """Play some of a day, by chance of `seed`: something happens every minute or so."""
    chance = random.Random(seed)
    for counter in COUNTERS:
        site.press(counter, "open")
    visits: list[str] = [_family(site)]
    for _ in range(minutes):
        site.wait(chance.choice((0.4, 1, 1.7)))
        site.venue.router.tick(site.clock.now())
        if chance.random() < 0.35:
            wanted = chance.sample(SERVICES, chance.randint(1, 3))
            visits.append(site.visitor(*wanted)["id"])
        if chance.random() < 0.15:
            _visitor_does(site, chance, chance.choice(visits))
        for counter in COUNTERS:
            _staff_does(site, chance, counter)


def _family(site: Site) -> str:
    """A family of which one goes on their own."""
    visit = site.scan(FAMILY[0].code)["visit"]["id"]
    party = [person.id for person in FAMILY]
    apart = [Group((party[-1],), ("advice",))]
    accepted(site.choose(visit, "bank", party=party[:-1], apart=apart, locale="ar"))
    return str(visit)


def _visitor_does(site: Site, chance: random.Random, visit: str) -> None:
    what = chance.choice(("hold", "resume", "leave", "choose"))
    if what == "choose":
        site.choose(visit, *chance.sample(SERVICES, 2))
    else:
        site.visit_does(what, visit, minutes=chance.choice((5, 30)))


def _staff_does(site: Site, chance: random.Random, counter: str) -> None:
    """Press what may be pressed; what is refused changes nothing. Now and then it was a slip of the finger."""
    for action in chance.sample(("call-next", "start", "finish", "no-show", "park", "recall", "more"), 3):
        more: dict[str, Any] = {}
        if action == "more":
            action = chance.choice(("transfer", "add-service", "pause", "open", "note"))
            more = _MORE.get(action, {})
            if action == "transfer":
                more = {"to": ONWARD[counter]}
            elif action == "add-service":
                more = {"services": [chance.choice(SERVICES)]}
        if action == "finish":
            more = chance.choice(_ENDINGS)
        done = site.at(counter, action, **more)
        if not isinstance(done, Refusal) and chance.random() < 0.2:
            site.wait(0.05)
            site.at(counter, "undo")
