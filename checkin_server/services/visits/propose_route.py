"""The route proposed before anything is decided: reads only, gives no number and no place."""

from __future__ import annotations

from checkin_server.db import steps, visits
from checkin_server.db.tx import Tx
from checkin_server.domain import choice
from checkin_server.domain.choice import Chosen
from checkin_server.domain.forecasts import proposal
from checkin_server.domain.forecasts.newcomer import Newcomer
from checkin_server.domain.refusal import Refusal
from checkin_server.domain.routing import MINUTE
from checkin_server.services import shapes
from checkin_server.services.once import Answer
from checkin_server.services.routing import rulings
from checkin_server.services.venue import Venue
from checkin_server.services.visits import inside
from checkin_server.services.visits.view import needs


def propose(venue: Venue, visit_id: str, services: tuple[str, ...]) -> Answer | Refusal:
    """Return the probable order of `services` with the reason for each; refuse what choosing them would refuse."""
    prospect = venue.router.prospect(venue.now())
    plan = venue.plan

    def read(tx: Tx) -> Answer | Refusal:
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
        wanted = [service for service in dict.fromkeys(services) if service not in over]
        start = max(plan.head_start_minutes(visit["category"], needs(visit)), visit["priority_minutes"] or 0)
        calls = venue.router.foretelling.expected_waits(wanted, Newcomer(0.0, start * MINUTE))
        legs = proposal.propose(
            [
                proposal.Candidate(service, wait, plan.services[service].after, at)
                for service in wanted
                for at, wait in [calls.get(service, (None, None))]
            ]
        )
        return {
            "route": [
                {
                    "service": leg.service,
                    "booth": plan.services[leg.service].booth,
                    "zone": plan.zone_of(leg.service),
                    "expected_wait": shapes.wait(leg.wait),
                    "why": {"code": leg.why} | ({"first": leg.first} if leg.first else {}),
                }
                for leg in legs
            ]
        }

    return venue.db.read(read)
