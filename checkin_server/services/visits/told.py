"""What a visit is told of the services it wants: at the proposal, and the same when they are chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checkin_server.db.tx import Row
from checkin_server.domain.routing.pieces import Arrival
from checkin_server.domain.waits import Wait
from checkin_server.services.routing.itinerary import Forecast
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.venue import Venue
from checkin_server.services.visits.view import needs


def proposed(venue: Venue, visit: Row, services: Sequence[str], people: int) -> Forecast:
    """Return what the visit is told of services that are ticked and not chosen yet."""
    foretelling = venue.router.foretelling
    now = foretelling.prospect.at

    def foretell() -> Forecast:
        return foretelling.of_newcomer(_arrival(venue, visit, services, people), play=True)

    return foretelling.itineraries.tell(visit["id"], services, people, now, foretell)


def chosen(venue: Venue, prospect: Prospect, visit: Row, kept: Mapping[str, str], added: Sequence[str]) -> None:
    """Settle what the visit is told from now on: of the steps that it keeps (by service), and of services it adds.

    What was proposed for the same services is said again.
    """
    people = visit["party_size"] if visit["keep_together"] else 1
    foretelling = venue.router.foretelling

    def foretell() -> Forecast:
        new = foretelling.of_newcomer(_arrival(venue, visit, added, people))
        if not kept:
            return new
        known = {one: wait for one, step in kept.items() if (wait := prospect.wait(step, one)) is not None}
        calls = {one: prospect.at + wait.p50 * 1000.0 for one, wait in known.items()}
        finish = _later(prospect.finishes.get(visit["id"]), new.finish) if added else prospect.finishes.get(visit["id"])
        return Forecast({**calls, **new.calls}, {**known, **new.waits}, finish)

    foretelling.itineraries.tell(visit["id"], [*kept, *added], people, prospect.at, foretell)


def _later(one: Wait | None, other: Wait | None) -> Wait | None:
    return None if one is None or other is None else max(one, other, key=lambda wait: wait.p90)


def _arrival(venue: Venue, visit: Row, services: Sequence[str], people: int) -> Arrival:
    start = max(venue.plan.head_start_minutes(visit["category"], needs(visit)), visit["priority_minutes"] or 0)
    return venue.router.foretelling.arrival(services, visit["category"], start, people)
