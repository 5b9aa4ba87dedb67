"""Letting somebody in at the welcome desk who has no card with them, or is on no list yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from checkin_server.db import days, members, visits
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.admission import CardFacts, VisitFacts, decide_card
from checkin_server.domain.refusal import Refusal
from checkin_server.domain.texts import seen
from checkin_server.services.once import Answer, Command, Noted, once
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import view
from checkin_server.services.visits.check_in import admit, day_facts, refuse, show_member


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is on no list yet."""

    name_ar: str
    name_la: str
    category: str
    unit: str
    locale: str


def walk_in(venue: Venue, actor: Actor, command_id: str, who: str | Newcomer, reason: str) -> Answer | Refusal:
    """Let in a known member (by id) or register a newcomer; the answer is a scan's, refusals and all.

    The same rules hold as for a shown card, and the same member has one visit a day.
    """
    body: dict[str, Any] = {"who": who if isinstance(who, str) else asdict(who), "reason": reason}
    command = Command("walk-in", "", command_id, body, actor, venue.now())
    prospect = venue.router.prospect(command.now)
    return once(venue, command, lambda tx: _do(tx, venue, command, prospect, who, reason))


def _do(
    tx: Tx, venue: Venue, command: Command, prospect: Prospect, who: str | Newcomer, reason: str
) -> Answer | Refusal | Noted:
    actor, now = command.actor, command.now
    if isinstance(who, Newcomer):
        wrong = _problem(venue, who)
        if wrong is not None:
            return wrong
    known = members.find(tx, who) if isinstance(who, str) else _row(venue, who)
    if known is None:
        return Refusal("unknown_member")
    day = days.open_day(tx)
    visit = visits.of_member(tx, day["id"], known["id"]) if day else None
    decision = decide_card(
        CardFacts("active", venue.plan.event.id, known["category"], known["unit"]),
        VisitFacts(visit["service_day"], visit["state"]) if visit else None,
        day_facts(day),
        venue.plan,
        now,
    )
    if decision.outcome == "refused":
        return refuse(tx, command, decision.reason, known=isinstance(who, str), day=day, visit=visit)
    assert day is not None, "nobody is admitted without an open day"
    if isinstance(who, Newcomer):
        members.add(tx, **known)
        about = Personal([known["id"]], {"reason": reason})
        tx.emit("member_registered", now, personal=about, service_day=day["id"], device=actor.device, staff=actor.staff)
    if visit is None:
        visit = admit(tx, venue, command, day, known)
        tx.emit(
            "walked_in",
            now,
            personal=Personal(typed={"reason": reason}),
            service_day=day["id"],
            visit=visit["id"],
            device=actor.device,
            staff=actor.staff,
        )
    shown = view.show(tx, venue.plan, prospect, visit, now)
    return {
        "outcome": decision.outcome,
        "reason": None,
        "visit": shown,
        "member": {**show_member(tx, day["id"], known, set(shown["party"]), actor), "id": known["id"]},
        "first_seen": rfc3339(visit["created_at"]),
    }


def _problem(venue: Venue, who: Newcomer) -> Refusal | None:
    if not seen(who.name_ar + who.name_la):
        return Refusal("unseen_text")
    if who.category not in venue.plan.categories:
        return Refusal("unknown_category", {"category": who.category})
    return None if who.unit in venue.plan.units else Refusal("unknown_unit", {"unit": who.unit})


def _row(venue: Venue, who: Newcomer) -> Row:
    """Return a newcomer's entry; a name that was written in one script stands for both."""
    arabic, latin = (" ".join(name.split()) for name in (who.name_ar, who.name_la))
    member = f"W{venue.chance(5).hex().upper()}"
    return {
        "id": member,
        "family": member,
        "name_ar": arabic or latin,
        "name_la": latin or arabic,
        "category": who.category,
        "unit": who.unit,
        "locale": who.locale,
        "needs": "[]",
    }
