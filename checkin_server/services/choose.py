"""Choosing services: the number, the steps and the ticket, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkin_server.db import days, members, print_jobs, steps, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain import choice
from checkin_server.domain.choice import Chosen
from checkin_server.domain.plan import LANGUAGES
from checkin_server.domain.refusal import Refusal
from checkin_server.services import sending, ticket, visit_view
from checkin_server.services.once import Answer, fingerprint, once
from checkin_server.services.prospect import Prospect
from checkin_server.services.venue import Actor, Venue


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor ticked."""

    services: tuple[str, ...]
    party: tuple[str, ...] | None = None
    """Members who are here, by id; None leaves the party as it is."""
    locale: str | None = None
    keep_together: bool | None = None


def choose(venue: Venue, actor: Actor, visit_id: str, command_id: str, wanted: Choice) -> Answer | Refusal:
    """Set the services a visit wants; the first time gives it its number and prints the ticket."""
    now = venue.now()
    prospect = venue.router.prospect(now)
    body: dict[str, Any] = {
        "services": list(wanted.services),
        "party": None if wanted.party is None else list(wanted.party),
        "locale": wanted.locale,
        "keep_together": wanted.keep_together,
    }
    print_of = fingerprint("choose", visit_id, body)
    return venue.db.write(
        lambda tx: once(
            tx, command_id, print_of, now, lambda: _choose(tx, venue, actor, prospect, visit_id, wanted, now)
        )
    )


def _choose(
    tx: Tx, venue: Venue, actor: Actor, prospect: Prospect, visit_id: str, wanted: Choice, now: int
) -> Answer | Refusal:
    visit = visits.lock(tx, visit_id)
    if visit is None:
        return Refusal("unknown_visit")
    day = days.open_day(tx)
    if day is None or day["id"] != visit["service_day"] or visit["state"] == "left":
        return Refusal("wrong_state", {"state": "left" if visit["state"] == "left" else "day_closed"})
    if wanted.locale is not None and wanted.locale not in LANGUAGES:
        return Refusal("unknown_locale", {"locale": wanted.locale})
    first = visit["number"] is None
    # Steps come with the number, so before it there are none to be read.
    rows = [] if first else steps.of_visit(tx, visit_id)
    have = [Chosen(row["id"], row["service"], row["state"]) for row in rows]
    changes = choice.decide(venue.plan, visit["category"], have, wanted.services, prospect.full_services())
    if isinstance(changes, Refusal):
        return changes
    party = _party(tx, day["id"], visit, wanted.party)
    if isinstance(party, Refusal):
        return party

    number = days.next_number(tx, day["id"]) if first else visit["number"]
    locale = wanted.locale or visit["locale"]
    together = bool(visit["keep_together"]) if wanted.keep_together is None else wanted.keep_together
    visits.choose(tx, visit_id, number, locale, together, len(party), now if first else visit["numbered_at"])
    for offset, service in enumerate(changes.add):
        steps.add(
            tx,
            id=venue.new_id("s"),
            visit=visit_id,
            service_day=day["id"],
            service=service,
            state="waiting",
            # A service added later waits from then: registering one and adding the rest must buy no priority.
            since=now,
            position=len(have) + offset,
        )
    for step_id in changes.back:
        # At its old place: a missed call costs the place no more here than at a counter.
        if not steps.set_state(tx, step_id, "no_show", "waiting"):
            raise LostRace(f"step {step_id} is not no_show any more")
    if visit["active_step"] in changes.cancel:
        sending.release(tx, visit, "dropped", now)
    for step_id in changes.cancel:
        old = next(step.state for step in have if step.id == step_id)
        if old == "headed":  # released just now: nobody is on the way to what is not wanted any more
            old = "waiting"
        if not steps.set_state(tx, step_id, old, "cancelled", now):
            raise LostRace(f"step {step_id} is not {old} any more")
    # How many come to a counter together changes how long it takes.
    other_party = (len(party), int(together)) != (visit["party_size"], visit["keep_together"])
    visit.update(number=number, state="open", locale=locale, keep_together=int(together), party_size=len(party))
    dropped = [step.service for step in have if step.id in changes.cancel]
    back = [step.service for step in have if step.id in changes.back]
    if first or changes.add or dropped or back or other_party:
        tx.emit(
            "services_chosen",
            now,
            {"added": list(changes.add), "dropped": dropped, "back": back, "party_size": len(party), "first": first},
            service_day=day["id"],
            visit=visit_id,
            number=number,
            device=actor.device,
        )
    venue.router.refill(tx, now)
    standing = visit_view.standings(tx, prospect, visit)
    if first:
        job = ticket.queue(tx, venue, actor, visit, standing, kind="ticket", now=now)
    else:
        job = print_jobs.newest_of(tx, visit_id)
    return visit_view.present(venue.plan, visit, standing, party, job, now)


def _party(tx: Tx, day: str, visit: Row, wanted: tuple[str, ...] | None) -> list[str] | Refusal:
    """Make the party what was ticked and return its members. Only the member's own family can be in it."""
    present = visits.party(tx, visit["id"])
    if wanted is None:
        return present
    here = set(present)
    owner = members.find(tx, visit["member"])
    assert owner is not None, "a visit belongs to a member"
    family = {row["id"] for row in members.family(tx, owner["family"])}
    ticked = set(wanted) | {visit["member"]}
    refused = [{"member": member, "reason": "not_family"} for member in sorted(ticked - family)]
    refused += [
        {"member": member, "reason": "has_own_visit"}
        for member in sorted(ticked & family - here)
        if visits.of_member(tx, day, member) is not None
    ]
    if refused:
        return Refusal("party_refused", {"refused": refused})
    for member in sorted(here - ticked):
        visits.unjoin(tx, visit["id"], member)
    for member in sorted(ticked - here):
        visits.join(tx, day, visit["id"], member)
    return sorted(ticked)
