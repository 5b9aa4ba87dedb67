"""At the counter, with a visitor called or served: recall, start, finish, no-show, park."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checkin_server.db import referrals, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services import at_counter
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor, Venue

OUTCOMES = ("served", "referred", "incomplete")
_Change = Callable[[Tx, Row, Row, int], "Refusal | None"]
Action = Callable[[Venue, Actor, str, str], "Answer | Refusal"]
"""What `recall`, `start`, `no_show` and `park` have in common."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a service ended."""

    outcome: str = "served"
    office: str | None = None
    """For ``referred``: the regional office (or the mutual) the case goes to."""
    subject: str | None = None
    note: str | None = None


def recall(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """Call the visitor once more."""

    def change(tx: Tx, step: Row, visit: Row, now: int) -> Refusal | None:
        steps.recall(tx, step["id"], now)
        at_counter.tell(tx, actor, "visitor_recalled", now, step, visit["number"], {"recalls": step["recalls"] + 1})
        return None

    return _on_current(venue, actor, counter_id, "recall", command_id, {}, change)


def start(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """The visitor has come: the service begins."""

    def change(tx: Tx, step: Row, visit: Row, now: int) -> Refusal | None:
        steps.start(tx, step["id"], now)
        at_counter.tell(tx, actor, "service_started", now, step, visit["number"], {})
        return None

    return _on_current(venue, actor, counter_id, "start", command_id, {}, change)


def finish(venue: Venue, actor: Actor, counter_id: str, command_id: str, ending: Ending) -> Answer | Refusal:
    """The service has ended; the visit is free for its next stop."""

    def change(tx: Tx, step: Row, visit: Row, now: int) -> Refusal | None:
        if ending.outcome == "referred" and ending.office not in {o.id for o in venue.plan.event.offices}:
            return Refusal("unknown_office", {"office": ending.office})
        steps.finish(tx, step["id"], ending.outcome, ending.note, now)
        visits.release(tx, visit["id"], step["id"], now)
        if ending.outcome == "referred":
            assert ending.office is not None
            referrals.add(tx, venue.new_id("r"), step["id"], ending.office, ending.subject or "", now)
        at_counter.tell(
            tx,
            actor,
            "service_finished",
            now,
            step,
            visit["number"],
            {
                "outcome": ending.outcome,
                "office": ending.office,
                "seconds": (now - (step["started_at"] or now)) // 1000,
            },
        )
        return None

    body = {"outcome": ending.outcome, "office": ending.office, "subject": ending.subject, "note": ending.note}
    return _on_current(venue, actor, counter_id, "finish", command_id, body, change)


def no_show(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """Nobody came: the counter is free; the visit keeps its place, rests, and is given up after some misses."""

    def change(tx: Tx, step: Row, visit: Row, now: int) -> Refusal | None:
        state = rules.after_miss(step["misses"] + 1, venue.plan.missed_limit)
        steps.miss(tx, step["id"], state, now if state == "no_show" else None)
        visits.release(tx, visit["id"], step["id"], now + round(venue.plan.missed_rest_minutes * 60_000))
        at_counter.tell(
            tx, actor, "visitor_missed", now, step, visit["number"], {"misses": step["misses"] + 1, "state": state}
        )
        return None

    return _on_current(venue, actor, counter_id, "no-show", command_id, {}, change)


def park(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """Put the step aside (a paper is missing); the visitor brings it back at any kiosk."""

    def change(tx: Tx, step: Row, visit: Row, now: int) -> Refusal | None:
        steps.set_state(tx, step["id"], step["state"], "parked")
        visits.release(tx, visit["id"], step["id"], now)
        at_counter.tell(tx, actor, "step_parked", now, step, visit["number"], {})
        return None

    return _on_current(venue, actor, counter_id, "park", command_id, {}, change)


def _on_current(
    venue: Venue, actor: Actor, counter_id: str, action: str, command_id: str, body: dict[str, Any], change: _Change
) -> Answer | Refusal:
    def do(tx: Tx, counter: Row, now: int) -> Answer | Refusal:
        step = steps.at_counter(tx, counter_id)
        if step is None:
            return Refusal("wrong_state", {"state": "idle" if counter["state"] == "open" else counter["state"]})
        if rules.after(action, step["state"]) is None:
            return Refusal("wrong_state", {"state": step["state"]})
        visit = visits.find(tx, step["visit"])
        assert visit is not None
        refusal = change(tx, step, visit, now)
        if refusal is not None:
            return refusal
        return {"outcome": "done", **at_counter.answer(tx, venue, step["id"])}

    return at_counter.act(venue, actor, counter_id, action, command_id, body, do)
