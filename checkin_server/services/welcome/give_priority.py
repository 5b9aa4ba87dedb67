"""Priority by hand at the welcome desk, with its reason; taken back the same way."""

from __future__ import annotations

import json

from checkin_server.db import members, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import priority
from checkin_server.domain.plan import NEEDS
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import inside, view


def give_priority(venue: Venue, actor: Actor, visit_id: str, command_id: str, reason: str | None) -> Answer | Refusal:
    """Give a visit a head start for a reason of `priority.REASONS`, or take it back (None).

    A reason that is a need stands with the visit from then on, so that counters know. Refused with ``no_priority`` when
    the venue gives none for that reason.
    """
    command = Command("priority", visit_id, command_id, {"reason": reason}, actor, venue.now())
    now = command.now
    prospect = venue.router.prospect(now)

    def do(tx: Tx) -> Answer | Refusal:
        visit = visits.lock(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        day = inside.day_of(tx, visit)
        if isinstance(day, Refusal):
            return day
        minutes = None if reason is None else priority.minutes(venue.plan, reason)
        if minutes == 0:
            return Refusal("no_priority")
        needs = json.dumps(_needs(tx, visit, reason))
        if (visit["priority"], visit["priority_minutes"]) != (reason, minutes):
            visits.prioritise(tx, visit_id, reason, minutes, needs)
            tx.emit(
                "priority_given" if reason else "priority_taken_back",
                now,
                {"reason": reason or visit["priority"], "minutes": minutes or visit["priority_minutes"]},
                service_day=day["id"],
                visit=visit_id,
                number=visit["number"],
                device=actor.device,
                staff=actor.staff,
            )
            venue.router.refill(tx, now)
        after = visits.find(tx, visit_id)
        assert after is not None
        return view.show(tx, venue.plan, prospect, after, now)

    return once(venue, command, do)


def _needs(tx: Tx, visit: Row, reason: str | None) -> list[str]:
    """Return the visit's needs with this reason's in place of the one that was given by hand before."""
    needs: list[str] = json.loads(visit["needs"])
    before = visit["priority"]
    owner = members.find(tx, visit["member"])
    own: list[str] = json.loads(owner["needs"]) if owner else []
    if before in NEEDS and before not in own:
        needs = [need for need in needs if need != before]
    if reason in NEEDS and reason not in needs:
        needs = [*needs, reason]
    return needs
