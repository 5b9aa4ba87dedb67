"""Finding somebody at the welcome desk: a visit by its number, a member by name. Both are kept in the log."""

from __future__ import annotations

import time
from typing import Any

from checkin_server.db import days, members, visits
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.members import names
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import view
from checkin_server.services.visits.check_in import show_member

_ROWS_A_BREATH = 200
"""After so many names other requests are let in: a few milliseconds."""
MOST_FOUND = 20
"""Members that one search shows; more is no help to somebody who looks for one person."""


def find_visit(venue: Venue, actor: Actor, number: int) -> Answer | Refusal:
    """Return the visit that has a number today, and whose it is; ``unknown_visit`` when nobody has."""
    now = venue.now()
    prospect = venue.router.prospect(now)

    def do(tx: Tx) -> Answer | Refusal:
        day = days.running_day(tx)
        visit = visits.numbered(tx, day["id"], number) if day else None
        person = members.find(tx, visit["member"]) if visit else None
        if day is None or visit is None or person is None:
            return Refusal("unknown_visit")
        shown = view.show(tx, venue.plan, prospect, visit, now)
        tx.emit(
            "visit_looked_up",
            now,
            service_day=day["id"],
            visit=visit["id"],
            number=number,
            device=actor.device,
            staff=actor.staff,
        )
        return {
            "visit": shown,
            "member": show_member(tx, day["id"], person, set(shown["party"]), actor),
            "first_seen": rfc3339(visit["created_at"]),
        }

    return venue.db.write(do)


def find_members(venue: Venue, actor: Actor, wanted: str, reason: str) -> Answer | Refusal:
    """Return members whose names or id fit `wanted`, with their card and today's visit; what only sounds alike last.

    Who looked, for what, why, and whose entries were shown are kept.
    """
    sought = names.look_for(wanted)
    # Outside the transaction that writes: going through every name must hold up nobody's check-in. A letter or a sign
    # alone finds nobody: it would show the list.
    everybody = venue.db.read(members.names) if sought.enough else []
    fitting: dict[int, list[str]] = {2: [], 1: [], 0: []}
    for number, row in enumerate(everybody):
        if number % _ROWS_A_BREATH == 0:
            time.sleep(0)
        fitting[names.fits(sought, row["id"], row["name_ar"], row["name_la"])].append(str(row["id"]))
    best_first = fitting[2] + fitting[1]
    now = venue.now()

    def do(tx: Tx) -> Answer:
        day = days.open_day(tx)
        found = [_entry(tx, venue, day, member) for member in best_first[:MOST_FOUND]]
        shown = [entry["id"] for entry in found]
        looked_at = Personal(shown, {"reason": reason, "query": wanted})
        tx.emit(
            "members_searched",
            now,
            personal=looked_at,
            service_day=day["id"] if day else None,
            device=actor.device,
            staff=actor.staff,
        )
        return {"members": found, "more": len(best_first) > MOST_FOUND}

    return venue.db.write(do)


def _entry(tx: Tx, venue: Venue, day: Row | None, member: str) -> dict[str, Any]:
    person = members.find(tx, member)
    assert person is not None, "members are never removed while a day runs"
    visit = visits.of_member(tx, day["id"], member) if day else None
    return {
        "id": person["id"],
        "display_name": {"ar": person["name_ar"], "la": person["name_la"]},
        "category": person["category"],
        "unit": person["unit"],
        "card": members.card_state(tx, member, venue.plan.event.id),
        "visit": None if visit is None else {"id": visit["id"], "number": visit["number"], "state": visit["state"]},
    }
