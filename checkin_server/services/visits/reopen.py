"""Leaving by mistake has a way back: the visit is inside again, with its number and its times of asking."""

from __future__ import annotations

import json
from typing import Any, Final

from checkin_server.db import days, events, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import view, who_sees

AT_KIOSK_MS: Final = 2 * 60_000
"""For so long whoever pressed the wrong button may still stand there; later the desk looks at who asks."""


def may(actor: Actor, visit: Row, now: int) -> bool:
    """Whether whoever acts may open a visit of the open day again, that has left."""
    return visit["state"] == "left" and (actor.role != "kiosk" or now - visit["left_at"] <= AT_KIOSK_MS)


def reopen(venue: Venue, actor: Actor, visit_id: str, command_id: str, *, family: bool = False) -> Answer | Refusal:
    """Let a visit that has left be inside again, as long as its day is open; at a kiosk for two minutes.

    What it gave up waits again at its old place, what was missed or set aside is that again. With `family` the family's
    other visits come back too that left in the same moment.
    """
    command = Command("reopen", visit_id, command_id, {"family": True} if family else {}, actor, venue.now())
    prospect = venue.router.prospect(command.now)

    def do(tx: Tx) -> Answer | Refusal:
        # Locked, and first: nobody ends the day while somebody comes back into it.
        day = days.lock_open_day(tx)
        found = visits.find(tx, visit_id)
        together = visits.lock_linked(tx, found["link"]) if family and found and found["link"] else []
        visit = visits.lock(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        if day is None or day["id"] != visit["service_day"]:
            return Refusal("wrong_state", {"state": "day_closed"})
        if visit["state"] != "left":
            return Refusal("wrong_state", {"state": visit["state"]})
        if not may(actor, visit, command.now):
            return Refusal("too_late")
        _bring_back(tx, command, visit)
        for other in together:
            if other["id"] != visit_id and (other["state"], other["left_at"]) == ("left", visit["left_at"]):
                _bring_back(tx, command, other)
        venue.router.refill(tx, command.now)
        after = visits.find(tx, visit_id)
        assert after is not None
        shown = view.show(tx, venue.plan, prospect, after, command.now)
        return who_sees.seen_by(tx, actor, after, shown, command.now)

    return once(venue, command, do)


def _bring_back(tx: Tx, command: Command, visit: Row) -> None:
    back: list[dict[str, Any]] = []
    for was in _given_up(tx, visit):
        # What was missed ended before; nobody knows when any more.
        ended_at = visit["left_at"] if was["state"] == "no_show" else None
        if steps.set_state(tx, was["step"], "cancelled", was["state"], ended_at):
            back.append(was)
    visits.reopen(tx, visit["id"], "choosing" if visit["number"] is None else "open")
    tx.emit(
        "visit_reopened",
        command.now,
        {"steps": back},
        service_day=visit["service_day"],
        visit=visit["id"],
        number=visit["number"],
        device=command.actor.device,
        staff=command.actor.staff,
    )


def _given_up(tx: Tx, visit: Row) -> list[dict[str, Any]]:
    """Return the steps that the visit gave up as it left: `step`, `service`, `state` before."""
    told = events.given_up(tx, visit["id"], visit["service_day"], visit["left_at"])
    if told is not None and "steps" in (data := json.loads(told)):
        return list(data["steps"])
    # It left under a release that did not write that down: what ended in that moment waited.
    return [
        {"step": row["id"], "service": row["service"], "state": "waiting"}
        for row in steps.of_visit(tx, visit["id"])
        if row["state"] == "cancelled" and row["ended_at"] == visit["left_at"]
    ]
