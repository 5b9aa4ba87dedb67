"""The route proposed before anything is decided: reads only, gives no number and no place."""

from __future__ import annotations

from checkin_server.db import steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import choice
from checkin_server.domain.choice import Chosen
from checkin_server.domain.forecasts import proposal
from checkin_server.domain.refusal import Refusal
from checkin_server.services import shapes
from checkin_server.services.once import Answer
from checkin_server.services.routing import rulings
from checkin_server.services.venue import Venue
from checkin_server.services.visits import inside, told


def propose(
    venue: Venue, visit_id: str, services: tuple[str, ...], party: tuple[str, ...] | None = None
) -> Answer | Refusal:
    """Return the probable order of `services` with the reason for each; refuse what choosing them would refuse.

    `party` are the members who are here, as far as the kiosk knows them already. The visit is told the same of these
    services when it chooses them, and for some minutes.
    """
    prospect = venue.router.prospect(venue.now())
    plan = venue.plan

    def read(tx: Tx) -> tuple[Row, list[str]] | Refusal:
        visit = visits.find(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        day = inside.day_of(tx, visit)
        if isinstance(day, Refusal):
            return day
        rows = steps.of_visit(tx, visit_id)
        have = [Chosen(row["id"], row["service"], row["state"]) for row in rows]
        full = prospect.full_services(rulings.read(tx, day["id"]))
        if isinstance(refused := choice.decide(plan, visit["category"], have, services, full), Refusal):
            return refused
        over = {step.service for step in have if step.state == "served"}
        return visit, [service for service in dict.fromkeys(services) if service not in over]

    found = venue.db.read(read)
    if isinstance(found, Refusal):
        return found
    visit, wanted = found
    # Whoever splits up or comes in parts says so later; then the choice is told anew.
    people = visit["party_size"] if party is None else len({*party, visit["member"]})
    forecast = told.proposed(venue, visit, wanted, people if visit["keep_together"] else 1)
    legs = proposal.propose(
        [
            proposal.Candidate(one, forecast.waits.get(one), plan.service(one).after, forecast.calls.get(one))
            for one in wanted
        ]
    )
    return {
        "route": [
            {
                "service": leg.service,
                "booth": plan.service(leg.service).booth,
                "zone": plan.zone_of(leg.service),
                "expected_wait": shapes.wait(leg.wait),
                "why": {"code": leg.why} | ({"first": leg.first} if leg.first else {}),
            }
            for leg in legs
        ]
    }
