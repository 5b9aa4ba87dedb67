"""The plan that a server starts with is the one in force: it is kept by its hash, and events and days name it.

A start may bring another plan while people are inside. What was claimed for a counter or a service that is gone is let
go of, at the old place in the queue; nothing else is changed, so that a plan put right again finds everything as it was
(docs/adr/0018-the-plan-in-force.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from checkin_server.db import counters, days, devices, hall, last_actions, plans, staff, steps, visits
from checkin_server.db.database import Database
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain.plan import Plan
from checkin_server.domain.plan_documents import hash_of, past_of, text_of
from checkin_server.services.plans import outside
from checkin_server.services.routing import sending
from checkin_server.services.venue import Venue

REASON = "plan_changed"
"""Why a claim is released, and a counter closed, at a start."""


def with_past(db: Database, plan: Plan) -> Plan:
    """Return a plan that knows what earlier ones called the things that are gone; events name the one in force.

    For whoever opens a venue's database, a command too: the plan in force is the server's, whatever the settings file
    says by now.
    """
    known = db.read(plans.every)
    db.plan_is(known[0]["hash"] if known else None)
    return replace(plan, past=past_of(plan, [json.loads(row["document"]) for row in known]))


@dataclass(frozen=True, slots=True)
class Begun:
    """What a start with this plan has done, and what still points outside it."""

    plan: str
    """The plan's hash."""
    changed: bool
    """Whether another plan was in force before."""
    released: int
    """Visits that were claimed for what is gone, and are free again."""
    closed: tuple[str, ...]
    """Counters that are gone and were not closed."""
    outside: tuple[outside.Outside, ...]

    def __str__(self) -> str:
        """Say it in lines for the terminal; empty when there is nothing to say."""
        lines = [str(one) for one in self.outside]
        if self.closed:
            lines.append(f"Counters that are no longer in the plan were closed: {', '.join(self.closed)}.")
        if self.released:
            lines.append(f"Visits that were called or sent to what is gone are free again: {self.released}.")
        return "\n".join(lines)


def begin(venue: Venue) -> Begun:
    """Put the venue's plan in force, at the start of its server, and let go of what was claimed for what is gone."""
    text = text_of(venue.plan)
    name = hash_of(text)
    venue.db.plan_is(name)
    now = venue.now()

    def do(tx: Tx) -> Begun:
        before = plans.put_in_force(tx, name, text, now)
        day = days.open_day(tx)
        if day is not None:
            plans.name_day(tx, day["id"], name)
        released, closed = _let_go(tx, venue.plan, now), _close(tx, venue.plan, day, now)
        if before != name or released or closed:
            tx.emit(
                "plan_in_force",
                now,
                {"plan": name, "before": before, "released": released, "closed": closed},
                service_day=day["id"] if day else None,
            )
        return Begun(name, before != name, released, tuple(closed), tuple(outside.rows(tx, venue.plan)))

    return venue.db.write(do)


def _let_go(tx: Tx, plan: Plan, now: int) -> int:
    """Free whoever is called, served or sent where nobody will serve them; return how many."""
    released = 0
    for row in hall.at_any_counter(tx):
        if row["counter"] not in plan.counters:
            _free(tx, row, now)
            released += 1
    for row in hall.headed_anywhere(tx):
        if row["service"] not in plan.services:
            visit = visits.lock(tx, row["visit"])
            released += visit is not None and sending.release(tx, visit, REASON, now)
    for row in steps.meant_for_one(tx):
        if row["for_counter"] not in plan.counters:
            steps.requeue(tx, row["id"], "waiting", row["since"], None)
    return released


def _free(tx: Tx, step: Row, now: int) -> None:
    """Take a visitor back from a counter that is gone: they wait where they did."""
    visit = visits.lock(tx, step["visit"])
    assert visit is not None, "a step is of a visit"
    steps.pass_on(tx, step["id"], "waiting", counter=None, for_counter=None, ended_at=None)
    if not visits.release(tx, visit["id"], step["id"], 0):
        raise LostRace(f"visit {visit['id']} was not claimed for the step at its counter")
    tx.emit(
        "visitor_released",
        now,
        {"reason": REASON},
        service_day=step["service_day"],
        visit=visit["id"],
        step=step["id"],
        service=step["service"],
        counter=step["counter"],
        number=visit["number"],
    )


def _close(tx: Tx, plan: Plan, day: Row | None, now: int) -> list[str]:
    """Close the counters that are gone, and end the sessions on their tablets; return which were not closed."""
    closed = []
    for counter, row in sorted(counters.every(tx).items()):
        if counter in plan.counters:
            continue
        last_actions.forget(tx, counter)
        if row["state"] != "closed":
            counters.set_state(tx, counter, "closed", REASON, None, now)
            tx.emit("counter_closed", now, {"reason": REASON}, service_day=day["id"] if day else None, counter=counter)
            closed.append(counter)
    for device in devices.every(tx):
        if device["role"] == "counter" and device["station"] not in plan.counters:
            staff.end_sessions_on(tx, device["id"], now)
    return closed
