"""Finding a visit by its number at the welcome desk, and whose it is. It is kept in the log."""

from __future__ import annotations

from checkin_server.db import days, members
from checkin_server.db.tx import Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services import lookups
from checkin_server.services.once import Answer
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import view
from checkin_server.services.visits.check_in import show_member
from checkin_server.services.welcome.remember import of_number


def find_visit(venue: Venue, actor: Actor, number: int) -> Answer | Refusal:
    """Return the visit that has a number today, or had it before a restore, and whose it is; else ``unknown_visit``.

    Refused as ``search_limit`` after more look-ups than a desk needs: numbers follow one another.
    """
    with venue.turns.of(lookups.turn(actor)):
        return lookups.limited(venue, actor) or _find(venue, actor, number)


def _find(venue: Venue, actor: Actor, number: int) -> Answer | Refusal:
    now = venue.now()
    prospect = venue.router.prospect(now)

    def do(tx: Tx) -> Answer | Refusal:
        day = days.running_day(tx)
        visit = of_number(tx, number)
        person = members.find(tx, visit["member"]) if visit else None
        if day is None or visit is None or person is None:
            return Refusal("unknown_visit")
        shown = view.show(tx, venue.plan, prospect, visit, now)
        tx.emit(
            "visit_looked_up",
            now,
            service_day=day["id"],
            visit=visit["id"],
            number=visit["number"],
            device=actor.device,
            staff=actor.staff,
        )
        return {
            "visit": shown,
            "member": show_member(tx, day["id"], person, set(shown["party"]), actor),
            "first_seen": rfc3339(visit["created_at"]),
        }

    return venue.db.write(do)
