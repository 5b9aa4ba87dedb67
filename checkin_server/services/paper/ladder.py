"""Which printers a ticket may come out of, and in which order they are tried."""

from __future__ import annotations

from collections.abc import Mapping

from checkin_server.domain.plan import Desk, Kiosk, Plan
from checkin_server.services.venue import Actor


def printers_for(plan: Plan, actor: Actor) -> list[str]:
    """Return the printers for what a station prints, the best first.

    A kiosk has its own and the neighbours it names, and so has a welcome desk that the plan describes. Any other
    station (a counter, another desk) has those of the kiosks: first of its own zone, then the others; in a venue
    without kiosks, every printer.
    """
    places: dict[str, Mapping[str, Kiosk | Desk]] = {"kiosk": plan.kiosks, "welcome": plan.desks}
    own = places.get(actor.role, {}).get(actor.station)
    if own is not None:
        return list(dict.fromkeys((own.printer, *own.neighbours)))
    counter = plan.counters.get(actor.station) if actor.role == "counter" else None
    zone = plan.booth(counter.booth).zone if counter is not None else None
    nearest_first = sorted(plan.kiosks.values(), key=lambda kiosk: kiosk.zone != zone)
    return list(dict.fromkeys(kiosk.printer for kiosk in nearest_first)) or list(plan.printers)
