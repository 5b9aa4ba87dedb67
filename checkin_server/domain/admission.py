"""Who is let in when a code is scanned: every outcome and reason of the contract, in the order they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from checkin_server.domain.plan import Plan

Reason = Literal[
    "malformed_code",
    "unknown_card",
    "revoked_card",
    "not_eligible",
    "outside_hours",
    "day_full",
    "wrong_event",
    "visit_closed",
    "lost_in_restore",
    "card_out_of_date",
    "card_elsewhere",
    "codes_locked",
]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """The service day that is open, if one is. Times in milliseconds since 1970 UTC."""

    id: str
    opens_at: int
    closes_at: int
    admitted: int
    capacity: int | None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is known of a scanned card and its member."""

    state: str
    event: str
    category: str
    unit: str
    in_date: bool = True
    """Whether this is a day on which a signed card counts."""
    elsewhere: bool = False
    """Whether a signed card was taken just now at a place too far away: one of the two is a copy."""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is known of a visit: the member's today, or the one a scanned ticket names."""

    service_day: str
    state: str


@dataclass(frozen=True, slots=True)
class Admission:
    """The decision about one scan."""

    outcome: Literal["admitted", "returning", "refused"]
    reason: Reason | None = None


def _refused(reason: Reason) -> Admission:
    return Admission("refused", reason)


def decide_ticket(visit: VisitFacts | None, day: DayFacts | None, *, restored: bool = False) -> Admission:
    """Decide about a scanned ticket (a visit reference): it can only lead back to its own open visit.

    One that nobody knows on a day with a restore (`restored`) was most likely given after the copy.
    """
    if visit is None:
        return _refused("lost_in_restore" if restored else "unknown_card")
    if day is None or visit.service_day != day.id or visit.state == "left":
        return _refused("visit_closed")
    return Admission("returning")


def decide_card(
    card: CardFacts | None, visit: VisitFacts | None, day: DayFacts | None, plan: Plan, now: int
) -> Admission:
    """Decide about a scanned card.

    `visit` is the member's visit of the open day, if any. Somebody who is already inside may look up where they stand
    at any hour and when the day is full; only newcomers are held to hours and capacity.
    """
    if card is None:
        return _refused("unknown_card")
    if card.event != plan.event.id:
        return _refused("wrong_event")
    if card.state != "active":
        return _refused("revoked_card")
    if not card.in_date:
        return _refused("card_out_of_date")
    if card.elsewhere:
        return _refused("card_elsewhere")
    if visit is not None:
        return _refused("visit_closed") if visit.state == "left" else Admission("returning")
    category = plan.categories.get(card.category)
    unit = plan.units.get(card.unit)
    if category is None or not category.eligible or unit is None or not unit.eligible:
        return _refused("not_eligible")
    if day is None or not day.opens_at <= now < day.closes_at:
        return _refused("outside_hours")
    if day.capacity is not None and day.admitted >= day.capacity:
        return _refused("day_full")
    return Admission("admitted")
