"""What a counter's tablet shows: its visitor, its queue, how busy the others are."""

from __future__ import annotations

import json
from typing import Any

from checkin_server.db import hall as aggregates
from checkin_server.db import staff, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.services import at_counter, run_counter
from checkin_server.services.hall import Hall
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_QUEUE_SHOWN = 12


def snapshot(venue: Venue, counter_id: str) -> dict[str, Any]:
    """Return one counter's topic."""
    hall = venue.hall.fresh()
    return venue.db.read(lambda tx: _read(tx, venue, hall, counter_id, venue.now()))


def _read(tx: Tx, venue: Venue, hall: Hall, counter_id: str, now: int) -> dict[str, Any]:
    row = hall.counters.get(counter_id)
    plan_counter = venue.plan.counters[counter_id]
    day = hall.day["id"] if hall.day else None
    served, total_ms = 0, 0
    queue: list[dict[str, Any]] = []
    if day is not None:
        done = aggregates.counter_day(tx, day, counter_id)
        served, total_ms = int(done["served"]), int(done["total_ms"] or 0)
        for service in plan_counter.services:
            queue += [_waiting(entry, now) for entry in aggregates.queue(tx, day, service, _QUEUE_SHOWN)]
    queue.sort(key=lambda entry: (entry["since"], entry["number"]))
    names = {person["id"]: person["name"] for person in staff.every(tx)}
    staff_id = row["staff"] if row else None
    return {
        "now": rfc3339(now),
        "counter": run_counter.show(
            venue, counter_id, row["state"] if row else "closed", row["reason"] if row else None
        ),
        "staff": {"id": staff_id, "name": names.get(staff_id, "")} if staff_id else None,
        "current": _current(tx, counter_id),
        "queue": queue[:_QUEUE_SHOWN],
        "waiting": sum(hall.queues[service].waiting for service in plan_counter.services),
        "today": {"served": served, "mean_service_s": total_ms // served // 1000 if served else None},
        "others": _others(venue, hall, plan_counter.booth),
    }


def _waiting(row: Row, now: int) -> dict[str, Any]:
    return {
        "number": row["number"],
        "service": row["service"],
        "since": rfc3339(row["since"]),
        "locale": row["locale"],
        "party_size": row["party_size"],
        "free": row["active_step"] is None and row["not_before"] <= now,
    }


def _current(tx: Tx, counter_id: str) -> dict[str, Any] | None:
    step = steps.at_counter(tx, counter_id)
    if step is None:
        return None
    visit = visits.find(tx, step["visit"])
    assert visit is not None
    return {
        "step": step["id"],
        "service": step["service"],
        "state": step["state"],
        "number": visit["number"],
        "visit": visit["id"],
        "locale": visit["locale"],
        "category": visit["category"],
        "party_size": visit["party_size"],
        "needs": json.loads(visit["needs"]),
        "why": json.loads(step["why"] or "null"),
        "called_at": rfc3339(step["called_at"]),
        "started_at": rfc3339(step["started_at"]),
        "recalls": step["recalls"],
        "route": at_counter.show_visit(tx, visit)["route"],
    }


def _others(venue: Venue, hall: Hall, booth_id: str) -> list[dict[str, Any]]:
    others = []
    for booth in venue.plan.booths.values():
        queues = [hall.queues[s.id] for s in venue.plan.services.values() if s.booth == booth.id]
        if booth.id != booth_id and queues:
            others.append(
                {
                    "booth": booth.id,
                    "waiting": sum(q.waiting for q in queues),
                    "counters_open": max(q.counters_open for q in queues),
                }
            )
    return others
