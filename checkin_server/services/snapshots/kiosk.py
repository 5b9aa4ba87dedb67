"""What a kiosk shows before and while somebody chooses: every service with its live wait."""

from __future__ import annotations

from pydantic import with_config
from typing_extensions import TypedDict

from checkin_server.db import hall as aggregates
from checkin_server.services import shapes
from checkin_server.services.hall import Hall
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.shapes import Names, Time, Wait
from checkin_server.services.snapshots.doors import Doors, doors
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue


class Offer(TypedDict):
    """What a partner's agreement gives members."""

    id: str
    text: Names
    categories: list[str]


class Service(TypedDict):
    """A service with its live wait."""

    id: str
    name: Names
    booth: str
    zone: str
    pictogram: str
    open: bool
    accepting: bool
    waiting: int
    counters_open: int
    closing: bool
    """Whether the last tickets are near: the tile says how many places are left. `accepting` is false when none is."""
    places_left: int | None
    """How many more can be served by closing; null when that can't be told, because no counter is open."""
    expected_wait: Wait | None
    last_ticket_at: Time | None
    """Until when tickets are expected to be given out: at the present rate, so that all are served by closing."""
    categories: list[str]
    offers: list[Offer]


@with_config(extra="forbid")
class KioskData(TypedDict):
    """What a kiosk shows before and while somebody chooses."""

    now: Time
    doors: Doors
    inside: int
    services: list[Service]


def services(venue: Venue, hall: Hall) -> list[Service]:
    """Return the tiles."""
    plan = venue.plan
    now = venue.now()
    prospect = venue.router.prospect(now)
    day_open = hall.day is not None and now < hall.day["closes_at"]
    tiles: list[Service] = []
    for service in plan.services.values():
        queue = hall.queues[service.id]
        given = day_open and not service.closed
        wait = prospect.services.get(service.id) if given else None
        tiles.append(
            {
                "id": service.id,
                "name": shapes.names(service.name),
                "booth": service.booth,
                "zone": plan.zone_of(service.id),
                "pictogram": service.pictogram,
                "open": given,
                "accepting": given and not prospect.full(service.id),
                "closing": given and prospect.closing(service.id),
                "places_left": prospect.places(service.id) if given else None,
                "waiting": queue.waiting if day_open else 0,
                "counters_open": queue.counters_open,
                "expected_wait": shapes.wait(wait),
                "last_ticket_at": _last_ticket(prospect, hall, service.id) if hall.day and not service.closed else None,
                "categories": sorted(service.categories),
                "offers": [
                    {"id": o.id, "text": shapes.names(o.text), "categories": sorted(o.categories)}
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


def snapshot(venue: Venue) -> KioskData:
    """Return the kiosks' topic: tiles and how many are inside."""
    hall = venue.hall.fresh()
    day, now = hall.running, venue.now()
    inside = 0 if day is None else venue.db.read(lambda tx: aggregates.visits_with_open_steps(tx, day["id"]))
    return {
        "now": rfc3339(now),
        "doors": doors(venue, hall, now),
        "inside": inside,
        "services": services(venue, hall),
    }
