"""What every action at a counter shares: who may act, the counter's row, the answer's shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from checkin_server.db import counters, days, notes, steps, visits
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.domain.steps import OPEN
from checkin_server.services.counters.shapes import (
    AtCounter,
    CounterState,
    CounterWord,
    RelativesAtCounter,
    StepAtCounter,
    VisitAtCounter,
    WhereRelativesAre,
)
from checkin_server.services.day import ending
from checkin_server.services.once import Answer, Command, Noted, once
from checkin_server.services.routing import standing
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

Doing = Callable[[Tx, Row], "Answer | Refusal | Noted"]


def act(venue: Venue, command: Command, do: Doing) -> Answer | Refusal:
    """Do a command whose target is a counter, once. `do` gets the counter's row, locked."""
    if command.target not in venue.plan.counters:
        return Refusal("unknown_counter")

    def run(tx: Tx) -> Answer | Refusal | Noted:
        row = counters.lock(tx, command.target)
        if row is None:
            counters.ensure(tx, command.target, command.now)
            row = counters.lock(tx, command.target)
        assert row is not None
        result = do(tx, row)
        if not isinstance(result, Refusal | Noted):
            venue.router.refill(tx, command.now)
            if venue.router.mirror.day is None:
                # Nobody else is called today: whoever lets the last visitor go ends the day.
                ending.end_if_last(tx, venue, command.now)
        return result

    return once(venue, command, run)


def open_day_id(tx: Tx) -> str | None:
    """Return the id of the day that is open."""
    day = days.open_day(tx)
    return None if day is None else str(day["id"])


def running_day_id(tx: Tx) -> str | None:
    """Return the id of the day of whoever is at a counter: the open one, or the one that is closing."""
    day = days.running_day(tx)
    return None if day is None else str(day["id"])


def idle(counter: Row) -> str:
    """Return the state that a refusal names when nobody is at a counter."""
    return "idle" if counter["state"] == "open" else str(counter["state"])


def current(tx: Tx, counter: Row, expected: str | None = None) -> tuple[Row, Row] | Refusal:
    """Return the step at a counter and its visit, locked.

    `expected` is the step that the tablet shows: when another visitor stands there by now (a second tablet was quicker,
    or the command waited for the network), the action is not meant for that one.
    """
    step = steps.at_counter(tx, counter["id"])
    if step is None:
        return Refusal("wrong_state", {"state": idle(counter)})
    if expected is not None and step["id"] != expected:
        return Refusal("wrong_state", {"state": step["state"], "reason": "another_visitor"})
    visit = visits.lock(tx, step["visit"])
    assert visit is not None
    return step, visit


# size: the step with its visit's number; and what is said of it
def tell(
    tx: Tx,
    command: Command,
    kind: str,
    step: Row,
    number: int | None,
    data: dict[str, Any],
    typed: Mapping[str, str | None] | None = None,
) -> None:
    """Write the event of a command on a step; it is of the counter where the step is, else of the one that acts.

    What somebody `typed` is kept beside the event.
    """
    actor = command.actor
    tx.emit(
        kind,
        command.now,
        data,
        personal=Personal(typed=typed or {}),
        service_day=step["service_day"],
        visit=step["visit"],
        step=step["id"],
        service=step["service"],
        counter=step["counter"] or (actor.station if actor.role == "counter" else None),
        number=number,
        device=actor.device,
        staff=actor.staff,
    )


def answer(tx: Tx, venue: Venue, step_id: str) -> AtCounter:
    """Return the step and its visit as a counter may see them: no name, no member id."""
    step = steps.find(tx, step_id)
    assert step is not None
    visit = visits.find(tx, step["visit"])
    assert visit is not None
    return {
        "step": show_step(venue, step),
        "visit": show_visit(tx, venue, visit),
        "why": json.loads(step["why"] or "null"),
    }


def show_counter(venue: Venue, counter_id: str, state: CounterWord, reason: str | None) -> CounterState:
    """Return a counter as its tablet sees it."""
    counter = venue.plan.counter(counter_id)
    return {
        "id": counter.id,
        "booth": counter.booth,
        "label": counter.label,
        "zone": venue.plan.booth(counter.booth).zone,
        "state": state,
        "reason": reason,
        "services": list(counter.services),
    }


def show_step(venue: Venue, step: Row) -> StepAtCounter:
    """Return a step as counters see it."""
    booth = venue.plan.booth_of(step["service"])
    return {
        "id": step["id"],
        "service": step["service"],
        "state": step["state"],
        "booth": booth.id,
        "zone": booth.zone,
        "counter": step["counter"],
        "since": rfc3339(step["since"]),
        "called_at": rfc3339(step["called_at"]),
        "started_at": rfc3339(step["started_at"]),
        "ended_at": rfc3339(step["ended_at"]),
        "recalls": step["recalls"],
    }


def route(tx: Tx, venue: Venue, visit_id: str) -> list[Row]:
    """Return a visit's steps in the order of its route, as the visitor has it on paper."""
    return standing.route(venue.plan, venue.router.foretelling.prospect, steps.of_visit(tx, visit_id))


def show_visit(tx: Tx, venue: Venue, visit: Row) -> VisitAtCounter:
    """Return a visit as counters see it."""
    return {
        "id": visit["id"],
        "number": visit["number"],
        "locale": visit["locale"],
        "category": visit["category"],
        "party_size": visit["party_size"],
        "needs": json.loads(visit["needs"]),
        "family": family(tx, visit),
        "route": [{"service": row["service"], "state": row["state"]} for row in route(tx, venue, visit["id"])],
    }


def family(tx: Tx, visit: Row) -> list[RelativesAtCounter]:
    """Return the other visits of a family that split up, as counters see them: numbers, and where they are."""
    if visit["link"] is None:
        return []
    others: list[RelativesAtCounter] = []
    for other in visits.linked(tx, visit["link"]):
        if other["id"] == visit["id"] or other["state"] == "left":
            continue
        rows = steps.of_visit(tx, other["id"])
        placed = next((row for row in rows if row["id"] == other["active_step"]), None)
        state: WhereRelativesAre = (
            placed["state"] if placed else "waiting" if any(row["state"] in OPEN for row in rows) else "done"
        )
        others.append({"number": other["number"], "state": state, "service": placed["service"] if placed else None})
    return others


def notes_count(tx: Tx, venue: Venue, counter_id: str, visit_id: str) -> int:
    """Count what the booth of a counter has noted about a visit."""
    return notes.count(tx, visit_id, venue.plan.counter(counter_id).booth)
