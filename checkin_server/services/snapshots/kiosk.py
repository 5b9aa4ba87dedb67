"""What a kiosk shows before and while somebody chooses: every service with its live wait."""

from __future__ import annotations

from typing import Any

from checkin_server.db import hall as aggregates
from checkin_server.services.hall import Hall
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue


def services(venue: Venue, hall: Hall) -> list[dict[str, Any]]:
    """Return the tiles."""
    plan = venue.plan
    day_open = hall.day is not None and venue.now() < hall.day["closes_at"]
    tiles = []
    for service in plan.services.values():
        queue = hall.queues[service.id]
        wait = queue.wait() if day_open and not service.closed else None
        tiles.append(
            {
                "id": service.id,
                "name": dict(service.name),
                "booth": service.booth,
                "zone": plan.zone_of(service.id),
                "pictogram": service.pictogram,
                "open": day_open and not service.closed,
                "accepting": day_open and not service.closed,
                "waiting": queue.waiting,
                "counters_open": queue.counters_open,
                "expected_wait": wait.as_dict() if wait else None,
                "last_ticket_at": rfc3339(hall.day["closes_at"]) if hall.day and not service.closed else None,
                "categories": sorted(service.categories),
                "offers": [
                    {"id": o.id, "text": dict(o.text), "categories": sorted(o.categories)}
                    for o in plan.offers
                    if o.service == service.id
                ],
            }
        )
    return tiles


def snapshot(venue: Venue) -> dict[str, Any]:
    """Return the kiosks' topic: tiles and how many are inside."""
    hall = venue.hall.fresh()
    day = hall.day
    inside = 0 if day is None else venue.db.read(lambda tx: aggregates.visits_with_open_steps(tx, day["id"]))
    return {"now": rfc3339(venue.now()), "inside": inside, "services": services(venue, hall)}
