"""A number that staff give without paper: no ticket came out, the visitor has it all the same."""

from __future__ import annotations

from checkin_server.db import print_jobs, visits
from checkin_server.db.tx import Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import view

_WITHOUT_PAPER = ("failed", "uncertain", "queued")


def give_without_paper(venue: Venue, actor: Actor, visit_id: str, command_id: str) -> Answer | Refusal:
    """Note that a visitor has the number without paper: the ticket is `cancelled`, it waits and worries no longer."""
    command = Command("hand-over", visit_id, command_id, {}, actor, venue.now())
    now = command.now
    prospect = venue.router.prospect(now)

    def do(tx: Tx) -> Answer | Refusal:
        visit = visits.lock(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        job = print_jobs.newest_of(tx, visit_id)
        state = job["state"] if job else "choosing"
        if job is None or state not in _WITHOUT_PAPER or not print_jobs.move(tx, job["id"], state, "cancelled", now):
            return Refusal("wrong_state", {"state": state})
        tx.emit(
            "number_handed_over",
            now,
            {"job": job["id"]},
            service_day=visit["service_day"],
            visit=visit_id,
            number=visit["number"],
            device=actor.device,
            staff=actor.staff,
        )
        return view.show(tx, venue.plan, prospect, visit, now)

    return once(venue, command, do)
