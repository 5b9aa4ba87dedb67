"""An organiser decides about a service's last tickets: take more, stop now, or leave it to the look-ahead again.

What holds is the newest such event of the day and service (`last_tickets_set`): who decided it and why stays in the
log, and a restart knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict

from checkin_server.db import days, hall
from checkin_server.db.tx import Personal, Tx
from checkin_server.domain.forecasts.last_tickets import AUTOMATIC, MORE, Ruling
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.shapes import Time
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser wants for a service."""

    rule: str
    """``more`` with either `places` or `until`, ``stop`` or ``automatic``."""
    reason: str
    places: int | None = None
    until: int | None = None
    """Milliseconds since 1970 UTC."""


def decide(venue: Venue, actor: Actor, service: str, command_id: str, wish: Wish) -> Answer | Refusal:
    """Set what holds for a service from now on; kiosks follow at once.

    Refused with ``unknown_service``, ``wrong_state`` while no day is open, or ``wrong_time`` for a time that has passed
    or is after closing.
    """
    if service not in venue.plan.services:
        return Refusal("unknown_service")
    body = {"rule": wish.rule, "places": wish.places, "until": wish.until, "reason": wish.reason}
    command = Command("last_tickets", service, command_id, body, actor, venue.now())
    now = command.now

    def do(tx: Tx) -> Answer | Refusal:
        day = days.open_day(tx)
        if day is None:
            return Refusal("wrong_state", {"state": "day_closed"})
        if wish.until is not None and not now < wish.until <= day["closes_at"]:
            return Refusal("wrong_time", {"closes_at": rfc3339(day["closes_at"])})
        before = hall.tickets_of(tx, day["id"], service)
        tx.emit(
            "last_tickets_set",
            now,
            {
                "rule": wish.rule,
                "places": wish.places,
                "until": rfc3339(wish.until),
                "before": before,
            },
            personal=Personal(typed={"reason": wish.reason}),
            service_day=day["id"],
            service=service,
            device=actor.device,
            staff=actor.staff,
        )
        left = wish.places if wish.rule == MORE else None if wish.rule == AUTOMATIC else 0
        return {"service": service, "rule": wish.rule, "places_left": left, "until": rfc3339(wish.until)}

    answer = once(venue, command, do)
    venue.router.foretelling.renew(now)
    return answer


class RulingShown(TypedDict):
    """What was decided about a service's last tickets, as the dashboard shows it."""

    rule: str
    places_left: int | None
    until: Time | None
    reason: str
    at: Time


def show(ruling: Ruling | None) -> RulingShown | None:
    """Return what was decided as the dashboard shows it."""
    if ruling is None:
        return None
    return {
        "rule": ruling.rule,
        "places_left": ruling.places_left if ruling.rule == MORE else None,
        "until": rfc3339(ruling.until),
        "reason": ruling.reason,
        "at": rfc3339(ruling.at),
    }
