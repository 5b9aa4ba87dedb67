"""Finding members by name, at the welcome desk and by who answers for the data: with a reason, in measure, logged."""

from __future__ import annotations

from typing import Any

from checkin_server.common.offload import give_way
from checkin_server.db import days, members, visits
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.members import names
from checkin_server.domain.refusal import Refusal
from checkin_server.services import lookups
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor, Venue

_ROWS_A_BREATH = 200
"""After so many names other requests are let in: a few milliseconds."""
MOST_FOUND = 20
"""Members that one search shows; more is no help to somebody who looks for one person."""


def find_members(venue: Venue, actor: Actor, wanted: str, reason: str) -> Answer | Refusal:
    """Return members whose names or whole id fit `wanted`, with their card and today's visit; what sounds alike last.

    Who looked, for what, why, and whose entries were shown are kept. What is too short to be a name (one
    or two letters) shows nobody and says that there are ``more``. Refused as ``search_limit`` after more look-ups than
    anybody's work needs (`checkin_server/domain/lookups.py`).
    """
    with venue.turns.of(lookups.turn(actor)):
        refusal = lookups.limited(venue, actor)
        if refusal is not None:
            return refusal
        return _find(venue, actor, wanted, reason)


def _find(venue: Venue, actor: Actor, wanted: str, reason: str) -> Answer:
    sought = names.look_for(wanted)
    # Outside the transaction that writes: going through every name must hold up nobody's check-in.
    everybody = venue.db.read(members.names)
    fitting: dict[int, list[str]] = {2: [], 1: [], 0: []}
    for number, row in enumerate(everybody):
        if number % _ROWS_A_BREATH == 0:
            give_way()
        fitting[names.fits(sought, row["id"], row["name_ar"], row["name_la"])].append(str(row["id"]))
    best_first = fitting[2] + fitting[1]
    now = venue.now()

    def do(tx: Tx) -> Answer:
        day = days.open_day(tx)
        entries = (_entry(tx, venue, day, member) for member in best_first[:MOST_FOUND])
        found = [entry for entry in entries if entry is not None]
        shown = [entry["id"] for entry in found]
        looked_at = Personal(shown, {"reason": reason, "query": wanted})
        tx.emit(
            "members_searched",
            now,
            {"shown": len(shown)},
            personal=looked_at,
            service_day=day["id"] if day else None,
            device=actor.device,
            staff=actor.staff,
        )
        return {"members": found, "more": len(best_first) > MOST_FOUND or not (best_first or sought.enough)}

    return venue.db.write(do)


def _entry(tx: Tx, venue: Venue, day: Row | None, member: str) -> dict[str, Any] | None:
    """Return a member as a search shows them; None when they were erased since the names were read."""
    person = members.find(tx, member)
    if person is None:
        return None
    visit = visits.of_member(tx, day["id"], member) if day else None
    return {
        "id": person["id"],
        "display_name": {"ar": person["name_ar"], "la": person["name_la"]},
        "category": person["category"],
        "unit": person["unit"],
        "card": members.card_state(tx, member, venue.plan.event.id),
        "visit": None if visit is None else {"id": visit["id"], "number": visit["number"], "state": visit["state"]},
    }
