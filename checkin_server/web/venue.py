"""What does not change during the day: the event, the hall and who is in it."""

from __future__ import annotations

from typing import Any

from checkin_server.common import zones
from checkin_server.common.roles import ROLES
from checkin_server.domain.plan import LANGUAGES, Board, Past, Plan
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result


def register(api: Api, venue: Venue, *, demo: bool = False, virtual_clock: bool = False) -> None:
    """Serve `GET /venue`."""
    fixed = {**_describe(venue.plan), "demo": demo, "clock": "virtual" if virtual_clock else "real"}

    @api.operation("GET", "/venue", roles=ROLES, answer=models.VenueAnswer)
    def get_venue() -> Result:
        """Describe the event, the venue and the open day."""
        day = venue.hall.now().day
        now = venue.now()
        offsets = zones.offsets(venue.plan.timezone, now)
        return {
            **fixed,
            "venue": {**fixed["venue"], "utc_offsets": [_offset(one) for one in offsets]},
            "service_day": None
            if day is None
            else {
                "id": day["id"],
                "state": day["state"],
                "opens_at": rfc3339(day["opens_at"]),
                "closes_at": rfc3339(day["closes_at"]),
            },
            "now": rfc3339(now),
        }


def _describe(plan: Plan) -> dict[str, Any]:
    return {
        "event": {
            "id": plan.event.id,
            "name": dict(plan.event.name),
            "slogan": dict(plan.event.slogan),
            "host": dict(plan.event.host),
        },
        "venue": {
            "id": plan.venue,
            "name": dict(plan.venue_name),
            "city": dict(plan.city_name),
            "timezone": plan.timezone,
        },
        "tour": [
            {"id": c.id, "city": dict(c.name), "first_day": c.first_day, "last_day": c.last_day}
            for c in plan.event.cities
        ],
        "welcome_zone": plan.welcome_zone,
        **_places(plan, plan),
        "gone": _places(plan, plan.past),
        "boards": [_board(plan, board) for board in plan.boards.values()],
        "stations": [
            {"id": station.id, "role": role, "zone": station.zone, "printer": station.printer}
            for role, stations in (("kiosk", plan.kiosks), ("welcome", plan.desks))
            for station in stations.values()
        ],
        "offices": [{"id": o.id, "name": dict(o.name)} for o in plan.event.offices],
        "languages": list(LANGUAGES),
    }


def _offset(one: zones.Offset) -> dict[str, Any]:
    return {"since": rfc3339(one.since), "seconds": one.seconds}


def _places(plan: Plan, of: Plan | Past) -> dict[str, Any]:
    """Describe what the present plan has, or what is gone since earlier ones."""
    return {
        "zones": [
            {"id": z.id, "name": dict(z.name), "shape": z.shape, "colour": z.colour, "ink": z.ink}
            for z in of.zones.values()
        ],
        "categories": [{"id": c.id, "name": dict(c.name), "eligible": c.eligible} for c in of.categories.values()],
        "units": [{"id": u.id, "name": dict(u.name), "eligible": u.eligible} for u in of.units.values()],
        "services": [
            {"id": s.id, "name": dict(s.name), "booth": s.booth, "zone": plan.zone_of(s.id), "pictogram": s.pictogram}
            for s in of.services.values()
        ],
        "booths": [
            {
                "id": b.id,
                "name": dict(b.name),
                "partner": dict(b.partner),
                "zone": b.zone,
                "services": [s.id for s in of.services.values() if s.booth == b.id],
            }
            for b in of.booths.values()
        ],
        "counters": [
            {"id": c.id, "booth": c.booth, "label": c.label, "services": list(c.services)} for c in of.counters.values()
        ],
    }


def _board(plan: Plan, board: Board) -> dict[str, Any]:
    return {
        "id": board.id,
        "name": dict(board.name),
        "zones": list(board.zones),
        "booths": [booth.id for booth in plan.booths_of(board)],
        "layout": board.layout,
        "arrows": dict(board.arrows),
        "languages": list(board.languages),
        "languages_shown": board.languages_shown,
        "call_seconds": board.call_seconds,
        "turn_seconds": board.turn_seconds,
        "media": board.media,
        "voice": board.voice,
        "volume": plan.voice.volume,
    }
