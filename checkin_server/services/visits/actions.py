"""What a visitor may do at any kiosk: look, hold a place, go on, leave, print again, say what they think."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checkin_server.db import days, events, feedback, print_jobs, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import bounds
from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.paper import queue_ticket
from checkin_server.services.paper.queue_ticket import Ticket
from checkin_server.services.routing import sending
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import inside, view, who_sees


def look(venue: Venue, actor: Actor, visit_id: str) -> Answer | Refusal:
    """Return a visit as the device that asks may see it."""
    now = venue.now()
    prospect = venue.router.prospect(now)

    def read(tx: Tx) -> Answer | Refusal:
        visit = visits.find(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        return who_sees.seen_by(tx, actor, visit, view.show(tx, venue.plan, prospect, visit, now), now)

    return venue.db.read(read)


def hold(
    venue: Venue, actor: Actor, visit_id: str, command_id: str, minutes: int, *, family: bool = False
) -> Answer | Refusal:
    """Keep the visit's place in every queue without calling it for some minutes (prayer, a missing paper).

    With `family` the places of the family's other visits too; those that a counter has called or serves, or that are
    over, stay as they are.
    """
    command = Command("hold", visit_id, command_id, {"minutes": minutes}, actor, venue.now())
    until = command.now + minutes * 60_000

    def do(tx: Tx, command: Command, visit: Row) -> Refusal | None:
        if visit["number"] is not None and not any(
            row["state"] in rules.OPEN for row in steps.of_visit(tx, visit["id"])
        ):
            return Refusal("wrong_state", {"state": "done"})
        sending.release(tx, visit, "held", command.now)
        if not visits.hold(tx, visit["id"], until):
            return Refusal("wrong_state", {"state": "called" if visit["active_step"] else visit["state"]})
        _tell(tx, command, visit, "visit_held", {"minutes": minutes})
        return None

    return _act(venue, command, do, family=family)


def resume(
    venue: Venue,
    actor: Actor,
    visit_id: str,
    command_id: str,
    wanted: tuple[str, ...] | None = None,
    *,
    family: bool = False,
) -> Answer | Refusal:
    """Lift a hold, and bring parked and missed steps back into their queues at their old place.

    With `wanted` (ids of steps) only those come back, and a hold goes on. With `family` the holds of the family's other
    visits end too.
    """
    command = Command(
        "resume", visit_id, command_id, {} if wanted is None else {"steps": list(wanted)}, actor, venue.now()
    )

    def do(tx: Tx, command: Command, visit: Row) -> Refusal | None:
        rows = steps.of_visit(tx, visit["id"])
        if wanted is not None:
            states = {row["id"]: row["state"] for row in rows}
            for step in wanted:
                if rules.after("resume", states.get(step, "")) is None:
                    return Refusal("wrong_state", {"state": states.get(step, "unknown"), "step": step})
        elif not visits.hold(tx, visit["id"], None):
            return Refusal("wrong_state", {"state": visit["state"]})
        back = []
        for row in rows:
            state = rules.after("resume", row["state"])
            if state is not None and (wanted is None or row["id"] in wanted):
                steps.set_state(tx, row["id"], row["state"], state)
                back.append(row["id"])
        goes_on = wanted is not None and (visit["hold_until"] or 0) > command.now
        _tell(tx, command, visit, "visit_resumed", {"steps": back, "hold_goes_on": goes_on})
        return None

    return _act(venue, command, do, family=family and wanted is None, held=True)


def leave(venue: Venue, actor: Actor, visit_id: str, command_id: str, *, family: bool = False) -> Answer | Refusal:
    """End the visit: what still waits is cancelled. Not while a counter has called or serves it.

    With `family` the family's other visits end too, but for those that a counter has called or serves. At a kiosk only
    for who has just shown the card (``card_needed``): a ticket that was found ends nobody's day.
    """

    def do(tx: Tx, command: Command, visit: Row) -> Refusal | None:
        if refused := who_sees.needed(tx, actor, visit, command.now):
            return refused
        sending.release(tx, visit, "left", command.now)
        if not visits.leave(tx, visit["id"], command.now):
            return Refusal("wrong_state", {"state": "called"})
        given_up = []
        for row in steps.of_visit(tx, visit["id"]):
            if rules.after("cancel", row["state"]) is not None:
                steps.set_state(tx, row["id"], row["state"], "cancelled", command.now)
                given_up.append({"step": row["id"], "service": row["service"], "state": row["state"]})
        _tell(tx, command, visit, "visit_left", {"steps": given_up})
        return None

    return _act(venue, Command("leave", visit_id, command_id, {}, actor, venue.now()), do, family=family)


def reprint(venue: Venue, actor: Actor, visit_id: str, command_id: str) -> Answer | Refusal:
    """Print the ticket again; it keeps the number and says that it is a duplicate.

    Refused with ``reprint_limit`` when that was done often enough within an hour.
    """
    command = Command("reprint", visit_id, command_id, {}, actor, venue.now())

    def do(tx: Tx, command: Command, visit: Row) -> Refusal | None:
        return Refusal("wrong_state", {"state": "choosing"}) if visit["number"] is None else None

    def paper(tx: Tx, visit: Row, shown: Answer) -> Refusal | None:
        earlier = print_jobs.duplicates(tx, visit_id, command.now - bounds.HOUR_MS)
        too_often = bounds.within_an_hour("reprint_limit", earlier, command.now, venue.plan.reprints_an_hour)
        if too_often is not None:
            return too_often
        family = [row["number"] for row in visits.linked(tx, visit["link"])] if visit["link"] else []
        job = queue_ticket.queue(tx, venue, command, Ticket(visit, shown, family, duplicate=True))
        if job is None:
            return Refusal("no_printer")
        shown["ticket"] = view.show_ticket(job)
        return None

    return _act(venue, command, do, then=paper)


def give_feedback(venue: Venue, actor: Actor, visit_id: str, command_id: str, body: dict[str, Any]) -> Answer | Refusal:
    """Keep opinions: a score of 1 to 5 for services, and a text with its kind (opinion, expectation, proposal).

    Refused with ``opinions_limit`` (so many in an hour) and ``opinions_over`` (the day was closed too long ago).
    A second score of the same visit for the same service replaces the first: one visit has one voice on a stand.
    """
    now = venue.now()
    if body.get("locale") is None:
        # As it was before the language could be said, so that a command that is repeated stays the same command.
        body = {key: value for key, value in body.items() if key != "locale"}
    command = Command("feedback", visit_id, command_id, body, actor, now)
    # Whoever was served at a stand that is gone may still say how it was.
    unknown = sorted(set(body["scores"]) - venue.plan.services.keys() - venue.plan.past.services.keys())

    def do(tx: Tx) -> Answer | Refusal:
        visit = visits.find(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        if unknown:
            return Refusal(
                "services_refused", {"refused": [{"service": s, "reason": "unknown_service"} for s in unknown]}
            )
        day = days.find(tx, visit["service_day"])
        assert day is not None, "a visit has its day"
        earlier = events.times_of(tx, visit_id, "feedback_given", now - bounds.HOUR_MS)
        refusal = bounds.day_listens(day["closed_at"], day["ended_at"], now, venue.plan.opinions_minutes)
        refusal = refusal or bounds.within_an_hour("opinions_limit", earlier, now, venue.plan.opinions_an_hour)
        if refusal is not None:
            return refusal
        locale = body.get("locale") or visit["locale"]
        for service, score in body["scores"].items():
            feedback.forget_score(tx, visit_id, service)
            feedback.add(tx, venue.new_id("f"), visit_id, locale, now, service=service, score=score)
        if body.get("text"):
            feedback.add(
                tx,
                venue.new_id("f"),
                visit_id,
                locale,
                now,
                text=body["text"],
                kind=body.get("kind") or "opinion",
            )
        tx.emit(
            "feedback_given",
            now,
            {"scores": body["scores"], "text": bool(body.get("text"))},
            service_day=visit["service_day"],
            visit=visit_id,
            device=actor.device,
            staff=actor.staff,
        )
        return {"outcome": "thanks"}

    return once(venue, command, do)


def _act(
    venue: Venue,
    command: Command,
    do: Callable[[Tx, Command, Row], Refusal | None],
    *,
    family: bool = False,
    held: bool = False,
    then: Callable[[Tx, Row, Answer], Refusal | None] = lambda tx, visit, shown: None,
) -> Answer | Refusal:
    """Do a command on an open visit of the open day, once, and answer with the visit as it is then.

    `then` may still do something with the answer. With `family` on the family's other visits too (`held`: on those
    whose place is kept), as far as it can be done.
    """
    visit_id, now = command.target, command.now
    prospect = venue.router.prospect(now)
    if family:
        command = replace(command, body={**command.body, "family": True})

    def act(tx: Tx) -> Answer | Refusal:
        found = visits.find(tx, visit_id)
        together = visits.lock_linked(tx, found["link"]) if family and found and found["link"] else []
        visit = visits.lock(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        day = inside.day_of(tx, visit)
        if isinstance(day, Refusal):
            return day
        refusal = do(tx, command, visit)
        if refusal is not None:
            return refusal
        for other in together:
            there = other["state"] == "open" and (not held or (other["hold_until"] or 0) > now)
            if other["id"] != visit_id and there:
                before = tx.point()
                if do(tx, command, other) is not None:
                    tx.undo(before)  # that one goes on as it is, and the answer says where it stands
        venue.router.refill(tx, now)
        after = visits.find(tx, visit_id)
        assert after is not None
        shown = view.show(tx, venue.plan, prospect, after, now)
        return then(tx, after, shown) or who_sees.seen_by(tx, command.actor, after, shown, now)

    return once(venue, command, act)


def _tell(tx: Tx, command: Command, visit: Row, kind: str, data: dict[str, Any]) -> None:
    tx.emit(
        kind,
        command.now,
        data,
        service_day=visit["service_day"],
        visit=visit["id"],
        number=visit["number"],
        device=command.actor.device,
        staff=command.actor.staff,
    )
