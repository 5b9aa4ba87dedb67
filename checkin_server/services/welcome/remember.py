"""Somebody whose visit was lost in a restore is entered anew: the number they had, and since when they waited."""

from __future__ import annotations

from dataclasses import dataclass

from checkin_server.db import days, events, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import inside, view


@dataclass(frozen=True, slots=True)
class Remembered:
    """What somebody knows of the visit that was lost."""

    number: int | None
    """Their number before the restore."""
    came_at: int | None
    """When they took it, in milliseconds since 1970 UTC."""


def remember(venue: Venue, actor: Actor, visit_id: str, command_id: str, said: Remembered) -> Answer | Refusal:
    """Note what somebody remembers, and let them wait from then on: their place in the queues is not lost.

    Never from before the last thing that the copy knows, as what had happened by then would be known. The number is
    found at the desk like the one they have now. Refused with ``not_restored`` on a day without a restore, and with
    ``number_known`` for a number that somebody else has or had.
    """
    body = {"number": said.number, "came_at": said.came_at}
    command = Command("remember", visit_id, command_id, body, actor, venue.now())
    prospect = venue.router.prospect(command.now)

    def do(tx: Tx) -> Answer | Refusal:
        visit = visits.lock(tx, visit_id)
        if visit is None:
            return Refusal("unknown_visit")
        day = inside.day_of(tx, visit)
        if isinstance(day, Refusal):
            return day
        if not events.was_restored(tx, day["id"]):
            return Refusal("not_restored")
        if _is_anothers(tx, day, visit, said.number):
            return Refusal("number_known")
        since = _since(tx, day, said.came_at, visit["waits_from"], command.now)
        visits.remember(tx, visit_id, said.number, since)
        steps.wait_from(tx, visit_id, since)
        tx.emit(
            "visit_remembered",
            command.now,
            {"old_number": said.number, "since": since},
            service_day=day["id"],
            visit=visit_id,
            number=visit["number"],
            device=actor.device,
            staff=actor.staff,
        )
        venue.router.refill(tx, command.now)
        after = visits.find(tx, visit_id)
        assert after is not None
        return view.show(tx, venue.plan, prospect, after, command.now)

    return once(venue, command, do)


def _is_anothers(tx: Tx, day: Row, visit: Row, number: int | None) -> bool:
    if number is None:
        return False
    found = [visits.numbered(tx, day["id"], number), visits.once_numbered(tx, day["id"], number)]
    return any(one is not None and one["id"] != visit["id"] for one in found)


def _since(tx: Tx, day: Row, came_at: int | None, before: int | None, now: int) -> int:
    """Return since when they wait: as they remember, within what can be; never later than they waited already."""
    copied_at = events.copied_at(tx, day["id"])
    earliest = day["opened_at"] if copied_at is None else copied_at
    said = now if came_at is None else max(came_at, earliest)
    return min(said, now if before is None else before)


def of_number(tx: Tx, number: int) -> Row | None:
    """Return the visit of a number of today: of who has it, or of who had it before a restore."""
    day = days.running_day(tx)
    if day is None:
        return None
    return visits.numbered(tx, day["id"], number) or visits.once_numbered(tx, day["id"], number)
