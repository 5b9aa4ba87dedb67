"""A scan at a kiosk: who is it, may they come in, have they been here today.

One transaction writes the visit, the event and the kept answer. Refused scans are kept too: an unknown card at the
door is something an organiser wants to know of.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from checkin_server.db import days, events, members, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain.admission import Admission, CardFacts, DayFacts, VisitFacts, decide_card, decide_ticket
from checkin_server.domain.members import codes, initials
from checkin_server.domain.members.codes import Code
from checkin_server.domain.members.signed import Claims, Unread
from checkin_server.domain.refusal import Refusal
from checkin_server.services.members import signed_cards
from checkin_server.services.once import Answer, Command, Noted, noted, once
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import reopen, short_code, view, who_sees


def check_in(venue: Venue, actor: Actor, scan_id: str, code: str) -> Answer | Refusal:
    """Check in whoever shows `code`; the answer is the contract's ``{outcome, reason, visit, member, first_seen}``.

    A scan that is refused is an answer with ``outcome: "refused"``; a `Refusal` is returned only for ``id_reused``.
    """
    command = Command("scan", actor.role, scan_id, {"code": code}, actor, venue.now())
    prospect = venue.router.prospect(command.now)
    typed = codes.parse_short(code)
    claims = None if typed else signed_cards.read(venue, code)
    read = claims or (Code(codes.TYPED, typed) if typed else codes.parse(code))

    def scan() -> Answer | Refusal:
        return once(venue, command, lambda tx: _scan(tx, venue, command, prospect, read))

    return short_code.guarded(venue, actor, scan) if typed else scan()


Shown = Code | Claims | Unread | None
"""What a scan has read; None for nothing of ours."""


def _scan(tx: Tx, venue: Venue, command: Command, prospect: Prospect, code: Shown) -> Answer | Noted:
    now = command.now
    if code is None or isinstance(code, str):
        return refuse(tx, command, code or "malformed_code", known=False)
    day = days.open_day(tx)
    who = _who(tx, venue, command, day, code)
    person, visit, decision = who.person, who.visit, who.decision
    if decision.outcome == "refused":
        return refuse(tx, command, decision.reason, known=person is not None, day=day, visit=visit)
    assert person is not None and day is not None, "only known members are admitted, on an open day"
    if who.signed is not None:
        signed_cards.take(tx, who.signed, command.actor, now)
    is_ticket = isinstance(code, Code) and code.kind == codes.VISIT
    if visit is None:
        visit = admit(tx, venue, command, day, person)
        # Nothing is chosen yet, nobody has joined, nothing is printed: there is nothing to be read.
        shown = view.present(venue.plan, view.Known(visit, [], [str(person["id"])]), now)
    else:
        tx.emit(
            "visit_seen_again",
            now,
            service_day=day["id"],
            visit=visit["id"],
            number=visit["number"],
            device=command.actor.device,
            staff=command.actor.staff,
        )
        shown = view.show(tx, venue.plan, prospect, visit, now)
        if not is_ticket:
            who_sees.show(tx, command.actor, visit, now)
    if is_ticket:
        # Whoever found a ticket learns where its visit stands, and nothing of the person.
        shown = who_sees.without_people(shown)
    return {
        "outcome": decision.outcome,
        "reason": None,
        "visit": shown,
        "member": None if is_ticket else show_member(tx, day["id"], person, set(shown["party"]), command.actor),
        "first_seen": rfc3339(visit["created_at"]),
    }


@dataclass(frozen=True, slots=True)
class _Who:
    """Whose code was shown, their visit of today, and what becomes of the scan."""

    person: Row | None
    visit: Row | None
    decision: Admission
    signed: signed_cards.Found | None = None


def _who(tx: Tx, venue: Venue, command: Command, day: Row | None, code: Code | Claims) -> _Who:
    facts, signed = day_facts(day), None
    if isinstance(code, Claims):
        signed = signed_cards.look(tx, venue, command.actor, code, command.now)
        person: Row | None = signed.person
    elif code.kind == codes.VISIT:
        visit = visits.find(tx, code.text)
        restored = visit is None and day is not None and events.was_restored(tx, day["id"])
        decision = decide_ticket(_facts_of(visit), facts, restored=restored)
        return _Who(members.find(tx, visit["member"]) if visit else None, visit, decision)
    elif code.kind == codes.TYPED:
        person = members.by_short_code(tx, code.text)
    else:
        person = members.by_card(tx, code.text)
    card = signed.facts if signed else _card_facts(person)
    visit = visits.of_member(tx, day["id"], person["id"]) if person and day else None
    return _Who(person, visit, decide_card(card, _facts_of(visit), facts, venue.plan, command.now), signed)


def _card_facts(person: Row | None) -> CardFacts | None:
    if person is None:
        return None
    return CardFacts(person["card_state"], person["card_event"], person["category"], person["unit"])


def _facts_of(visit: Row | None) -> VisitFacts | None:
    return VisitFacts(visit["service_day"], visit["state"]) if visit else None


def admit(tx: Tx, venue: Venue, command: Command, day: Row, person: Row) -> Row:
    """Let a member in who has not been here today; return the visit, without a number yet."""
    at_kiosk = command.actor.role == "kiosk"
    visit: Row = {
        "id": venue.new_visit_code(),
        "service_day": day["id"],
        "number": None,
        "state": "choosing",
        "member": person["id"],
        "category": person["category"],
        "unit": person["unit"],
        "locale": person["locale"],
        "needs": person["needs"],
        "party_size": 1,
        "keep_together": 1,
        "active_step": None,
        "not_before": 0,
        "hold_until": None,
        "created_at": command.now,
        "numbered_at": None,
        "left_at": None,
        "link": None,
        "priority": None,
        "priority_minutes": None,
        "card_device": command.actor.device if at_kiosk else None,
        "card_at": command.now if at_kiosk else None,
        "old_number": None,
        "waits_from": None,
    }
    visits.add(tx, **visit)
    visits.join(tx, day["id"], visit["id"], person["id"])
    if not days.count_admitted(tx, day["id"]):
        raise LostRace("another process has given away the last place")
    tx.emit(
        "member_admitted",
        command.now,
        {"category": person["category"], "unit": person["unit"], "locale": person["locale"]},
        service_day=day["id"],
        visit=visit["id"],
        device=command.actor.device,
        staff=command.actor.staff,
    )
    return visit


# size: the event's own fields, and what the answer may name
def refuse(
    tx: Tx, command: Command, reason: str | None, *, known: bool, day: Row | None = None, visit: Row | None = None
) -> Noted:
    """Let nobody in: an answer by the contract, and all that stays of it is its event, on the open or closing day.

    It names a `visit` that left by mistake, perhaps, and may be opened again from where the card was shown.
    """
    answer: Answer = {"outcome": "refused", "reason": reason, "visit": None, "member": None, "first_seen": None}
    if reason == "visit_closed" and visit is not None and reopen.may(command.actor, visit, command.now):
        answer["reopens"] = visit["id"]
    return noted(
        answer,
        "scan_refused",
        command.now,
        {"reason": reason, "known": known},
        service_day=day["id"] if day else days.running_id(tx),
        device=command.actor.device,
        staff=command.actor.staff,
    )


def day_facts(day: Row | None) -> DayFacts | None:
    """Return what the rules need to know of a day."""
    if day is None:
        return None
    return DayFacts(day["id"], day["opens_at"], day["closes_at"], day["admitted"], day["capacity"])


def show_member(tx: Tx, day: str, person: Row, here: set[str], actor: Actor) -> dict[str, Any]:
    """Return what a device may show of a member; `here` are those of the family who are in this party.

    A kiosk stands where everybody passes by: of the family it knows given names and initials, and of needs nothing.
    """
    at_kiosk = actor.role == "kiosk"
    family = members.family(tx, person["family"])
    away = any(relative["id"] not in here for relative in family)
    arrived = visits.of_family(tx, day, person["family"]) if away else here
    arabic, latin = [str(one["name_ar"]) for one in family], [str(one["name_la"]) for one in family]
    if at_kiosk:
        arabic, latin = initials.of_family(arabic), initials.of_family(latin)
    party = [
        {
            "id": relative["id"],
            "display_name": {"ar": name_ar, "la": name_la},
            "category": relative["category"],
            "self": relative["id"] == person["id"],
            "present": relative["id"] in here,
            "elsewhere": relative["id"] in arrived and relative["id"] not in here,
        }
        for relative, name_ar, name_la in zip(family, arabic, latin, strict=True)
    ]
    return {
        "display_name": {"ar": person["name_ar"], "la": person["name_la"]},
        "category": person["category"],
        "locale": person["locale"],
        **({} if at_kiosk else {"needs": json.loads(person["needs"])}),
        "party": party,
    }
