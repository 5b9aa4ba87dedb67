"""A visit as screens see it: the contract's shape, made from rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkin_server.db import print_jobs, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import guidance
from checkin_server.domain import steps as rules
from checkin_server.domain.guidance import Stop
from checkin_server.domain.moments import longest
from checkin_server.domain.plan import Plan
from checkin_server.services import shapes
from checkin_server.services.routing.itinerary import as_stop, by_route
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.routing.standing import Standing, standings
from checkin_server.services.times import rfc3339

_OF_RELATIVES = ("id", "number", "state", "party", "next", "ticket")


@dataclass(frozen=True, slots=True)
class Known:
    """A visit, and what was read with it."""

    visit: Row
    standing: Sequence[Standing]
    party: Sequence[str]
    """Members, by id."""
    job: Row | None = None
    """The newest print job."""
    family: Sequence[dict[str, Any]] = ()
    """As `relatives` returns it."""
    finishes: dict[str, Any] | None = None
    """As `finish` returns it."""


def show(tx: Tx, plan: Plan, prospect: Prospect, visit: Row, now: int) -> dict[str, Any]:
    """Return the visit with its steps in the order of its route, what to do next, and its ticket."""
    known = Known(
        visit,
        standings(tx, prospect, visit),
        visits.party(tx, visit["id"]),
        print_jobs.newest_of(tx, visit["id"]) if visit["number"] is not None else None,
        relatives(tx, plan, prospect, visit, now),
        finish(prospect, visit),
    )
    return present(plan, known, now)


def finish(prospect: Prospect, visit: Row) -> dict[str, Any] | None:
    """Return when everything the visit wants will probably have been given, as a range of moments; None if unknown."""
    at, wait = prospect.at, prospect.finishes.get(visit["id"])
    told = prospect.itinerary(visit["id"])
    if told is not None and told.forecast.finish is not None and told.services <= prospect.services.keys():
        at, wait = told.at, told.forecast.finish
    if wait is None or visit["state"] != "open":
        return None
    return {"p50": rfc3339(at + wait.p50 * 1000), "p90": rfc3339(at + wait.p90 * 1000)}


def relatives(tx: Tx, plan: Plan, prospect: Prospect, visit: Row, now: int) -> list[dict[str, Any]]:
    """Return the other visits of a family that split up: number, who is in each, and where it is."""
    if visit["link"] is None:
        return []
    shown = []
    for other in visits.linked(tx, visit["link"]):
        if other["id"] == visit["id"]:
            continue
        job = print_jobs.newest_of(tx, other["id"])
        known = Known(other, standings(tx, prospect, other), visits.party(tx, other["id"]), job)
        one = present(plan, known, now)
        shown.append({key: one[key] for key in _OF_RELATIVES})
    return shown


def present(plan: Plan, known: Known, now: int) -> dict[str, Any]:
    """Return the same from what a use case has read already."""
    visit, job = known.visit, known.job
    steps: dict[str, dict[str, Any]] = {}
    stops: dict[str, Stop] = {}
    for place in known.standing:
        row = place.step
        awaits = row["state"] in rules.AWAITING
        wait = place.wait if awaits else None
        position = place.ahead + 1 if awaits and place.ahead is not None else None
        stops[row["id"]] = replace(as_stop(row, wait, place.at), given=not plan.service(row["service"]).closed)
        steps[row["id"]] = _step(plan, row, position, shapes.wait(wait))
    order = by_route(plan, stops)
    shown, route = [steps[one] for one in order], [stops[one] for one in order]
    held = longest(plan).clamped("visit.hold_until", visit["hold_until"], now)
    state = guidance.visit_state(visit["state"], route, held, now)
    return {
        "id": visit["id"],
        "number": visit["number"],
        "state": state,
        "locale": visit["locale"],
        "category": visit["category"],
        "party": list(known.party),
        "keep_together": bool(visit["keep_together"]) and visit["link"] is None,
        "family": list(known.family),
        "priority": {"reason": visit["priority"], "minutes": visit["priority_minutes"]} if visit["priority"] else None,
        "old_number": visit["old_number"],
        "created_at": rfc3339(visit["created_at"]),
        "hold_until": rfc3339(held),
        "expected_finish": known.finishes if state == "open" else None,
        "steps": shown,
        "next": _next(plan, guidance.next_for(state, route), shown),
        "ticket": None if job is None else show_ticket(job),
    }


def show_ticket(job: Row) -> dict[str, Any]:
    """Return a visit's print job as screens see it."""
    return {
        "print_job": job["id"],
        "state": job["state"],
        "printer": job["printer"],
        "duplicate": job["kind"] == "duplicate",
        "error": job["error"],
    }


def _step(plan: Plan, row: Row, position: int | None, wait: shapes.Wait | None) -> dict[str, Any]:
    booth = plan.booth_of(row["service"])
    return {
        "id": row["id"],
        "service": row["service"],
        "state": row["state"],
        "booth": booth.id,
        "zone": booth.zone,
        "counter": row["counter"],
        "position": position,
        "expected_wait": wait,
        "since": rfc3339(row["since"]),
        "called_at": rfc3339(row["called_at"]),
        "started_at": rfc3339(row["started_at"]),
        "ended_at": rfc3339(row["ended_at"]),
    }


def _next(plan: Plan, advice: guidance.Guidance, shown: list[dict[str, Any]]) -> dict[str, Any]:
    step = next((s for s in shown if s["id"] == advice.step), None)
    counter = plan.counter(step["counter"]) if step and step["counter"] else None
    return {
        "kind": advice.kind,
        "service": step["service"] if step else None,
        "booth": step["booth"] if step else None,
        "zone": step["zone"] if step else None,
        "counter": counter.id if counter else None,
        "counter_label": counter.label if counter else None,
        "expected_wait": step["expected_wait"] if step else None,
        "why": {"code": advice.why} if advice.why else None,
    }


def needs(row: Row) -> list[str]:
    """Return the accessibility needs kept with a member or a visit."""
    return list(json.loads(row["needs"]))
