"""What a kiosk shows before and while somebody chooses: every service with its live wait."""

from __future__ import annotations

from typing import Any

from checkin_server.db import hall as aggregates
from checkin_server.services.hall import Hall
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue


def services(venue: Venue, hall: Hall) -> list[dict[str, Any]]:
    """Return the tiles."""
    plan = venue.plan
    now = venue.now()
    prospect = venue.router.prospect(now)
    day_open = hall.day is not None and now < hall.day["closes_at"]
    tiles = []
    for service in plan.services.values():
        queue = hall.queues[service.id]
        given = day_open and not service.closed
        wait = prospect.services.get(service.id) if given else None
        tiles.append(
            {
                "id": service.id,
                "name": dict(service.name),
                "booth": service.booth,
                "zone": plan.zone_of(service.id),
                "pictogram": service.pictogram,
                "open": given,
                "accepting": given and not prospect.full(service.id),
                "closing": given and prospect.closing(service.id),
                "places_left": prospect.places(service.id) if given else None,
                "waiting": queue.waiting,
                "counters_open": queue.counters_open,
                "expected_wait": wait.as_dict() if wait else None,
                "last_ticket_at": _last_ticket(prospect, hall, service.id) if hall.day and not service.closed else None,
                "categories": sorted(service.categories),
                "offers": [
                    {"id": o.id, "text": dict(o.text), "categories": sorted(o.categories)}
                    for o in plan.offers
                    if o.service == service.id
                ],
            }
        )
    return tiles


def _last_ticket(prospect: Prospect, hall: Hall, service: str) -> str | None:
    """Return when the last ticket of a service has gone: the promise, or the day's end while none can be made."""
    assert hall.day is not None
    promised = prospect.last_ticket_at(service)
    return rfc3339(hall.day["closes_at"] if promised is None else promised)


def snapshot(venue: Venue) -> dict[str, Any]:
    """Return the kiosks' topic: tiles and how many are inside."""
    hall = venue.hall.fresh()
    day = hall.day
    inside = 0 if day is None else venue.db.read(lambda tx: aggregates.visits_with_open_steps(tx, day["id"]))
    return {"now": rfc3339(venue.now()), "inside": inside, "services": services(venue, hall)}
