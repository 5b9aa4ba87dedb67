"""Choosing services: the number, the steps and the ticket, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from checkin_server.db import members, print_jobs, steps, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain import choice
from checkin_server.domain import steps as rules
from checkin_server.domain.choice import Changes, Chosen
from checkin_server.domain.plan import LANGUAGES
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.paper import queue_ticket
from checkin_server.services.paper.queue_ticket import Ticket
from checkin_server.services.routing import rulings, sending
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.routing.standing import standings
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import apart, inside, told, view, who_sees
from checkin_server.services.visits.apart import Group, Parting


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor ticked."""

    services: tuple[str, ...]
    party: tuple[str, ...] | None = None
    """Members who are here, by id; None leaves the party as it is."""
    locale: str | None = None
    keep_together: bool | None = None
    apart: tuple[Group, ...] = ()
    """Further groups of the family, each of which gets a linked visit of its own."""


def choose(venue: Venue, actor: Actor, visit_id: str, command_id: str, wanted: Choice) -> Answer | Refusal:
    """Set the services a visit wants; the first time gives it its number and prints the ticket.

    At a kiosk only for who has just shown the visit's card there, else ``card_needed``.
    """
    body: dict[str, Any] = {
        "services": list(wanted.services),
        "party": None if wanted.party is None else list(wanted.party),
        "locale": wanted.locale,
        "keep_together": wanted.keep_together,
    }
    if wanted.apart:  # left out otherwise, so that a command from before an upgrade stays the same command
        body["apart"] = [{"party": list(group.party), "services": list(group.services)} for group in wanted.apart]
    command = Command("choose", visit_id, command_id, body, actor, venue.now())
    prospect = venue.router.prospect(command.now)
    return once(venue, command, lambda tx: _choose(tx, venue, command, prospect, wanted))


@dataclass(frozen=True, slots=True)
class _Decided:
    """A choice that can be given."""

    visit: Row
    """As it stands; it is brought up to date when the choice is written."""
    have: list[Chosen]
    changes: Changes
    party: dict[str, Row]
    """Members who will be in this visit, by id."""
    partings: list[Parting]

    @property
    def first(self) -> bool:
        """Whether the visit has no number yet."""
        return self.visit["number"] is None

    @property
    def kept(self) -> dict[str, str]:
        """Steps that wait and go on waiting, by service."""
        dropped = set(self.changes.cancel)
        return {one.service: one.id for one in self.have if one.state in rules.AWAITING and one.id not in dropped}

    def services(self, step_ids: Sequence[str]) -> list[str]:
        """Return the services of steps that the visit had."""
        return [step.service for step in self.have if step.id in step_ids]


def _choose(tx: Tx, venue: Venue, command: Command, prospect: Prospect, wanted: Choice) -> Answer | Refusal:
    decided = _decide(tx, venue, command, prospect, wanted)
    if isinstance(decided, Refusal):
        return decided
    visit, changes, first, now = decided.visit, decided.changes, decided.first, command.now
    since = visit["waits_from"]
    other_party = _write_visit(tx, venue, decided, wanted, now)
    _write_steps(tx, venue, decided, now)
    parted = apart.part(tx, venue, command, visit, decided.partings) if decided.partings else []
    _seat(tx, visit, decided.party)
    dropped, back = decided.services(changes.cancel), decided.services(changes.back)
    if first or changes.add or dropped or back or other_party or parted:
        _say_so(tx, command, decided, first, since)
    venue.router.refill(tx, now)
    family = [row["number"] for row in visits.linked(tx, visit["link"])] if visit["link"] else []
    told.chosen(venue, prospect, visit, decided.kept, [*changes.add, *back])
    shown = _show(tx, venue, prospect, decided, now)
    if first:
        # The paper says what this very answer says.
        job = queue_ticket.queue(tx, venue, command, Ticket(visit, shown, family))
    else:
        job = print_jobs.newest_of(tx, visit["id"])
    shown["ticket"] = None if job is None else view.show_ticket(job)
    for place, (parting, other) in enumerate(zip(decided.partings, parted, strict=True), 1):
        told.chosen(venue, prospect, other, {}, parting.services)
        queue_ticket.queue(
            tx, venue, command, Ticket(other, view.show(tx, venue.plan, prospect, other, now), family, place=place)
        )
    if parted:
        shown["family"] = view.relatives(tx, venue.plan, prospect, visit, now)
    return shown


def _say_so(tx: Tx, command: Command, decided: _Decided, first: bool, since: int | None) -> None:
    """Tell the log; `since` is from when on whoever was entered anew after a restore waits."""
    visit, changes = decided.visit, decided.changes
    data: dict[str, Any] = {
        "added": list(changes.add),
        "dropped": decided.services(changes.cancel),
        "back": decided.services(changes.back),
        "party_size": len(decided.party),
        "party": apart.counts(decided.party.values(), {visit["member"]: visit["locale"]}),
        "first": first,
        "since": since,
    }
    if since is None or not first:
        del data["since"]
    tx.emit(
        "services_chosen",
        command.now,
        data,
        service_day=visit["service_day"],
        visit=visit["id"],
        number=visit["number"],
        device=command.actor.device,
        staff=command.actor.staff,
    )


def _show(tx: Tx, venue: Venue, prospect: Prospect, decided: _Decided, now: int) -> dict[str, Any]:
    """Return the visit as it is after the choice, its ticket apart."""
    visit = decided.visit
    relatives = [] if decided.partings else view.relatives(tx, venue.plan, prospect, visit, now)
    known = view.Known(
        visit,
        standings(tx, prospect, visit),
        list(decided.party),
        family=relatives,
        finishes=view.finish(prospect, visit),
    )
    return view.present(venue.plan, known, now)


def _decide(tx: Tx, venue: Venue, command: Command, prospect: Prospect, wanted: Choice) -> _Decided | Refusal:
    """Look whether everything that is wanted can be given; nothing is written here."""
    visit_id = command.target
    visit = visits.lock(tx, visit_id)
    if visit is None:
        return Refusal("unknown_visit")
    day = inside.day_of(tx, visit)
    if isinstance(day, Refusal):
        return day
    if refused := who_sees.needed(tx, command.actor, visit, command.now):
        return refused
    if wanted.locale is not None and wanted.locale not in LANGUAGES:
        return Refusal("unknown_locale", {"locale": wanted.locale})
    # Steps come with the number, so before it there are none to be read.
    rows = [] if visit["number"] is None else steps.of_visit(tx, visit_id)
    have = [Chosen(row["id"], row["service"], row["state"]) for row in rows]
    # As it stands in this transaction: an organiser's word counts from the moment it is given, to the last ticket.
    full = prospect.full_services(rulings.read(tx, day["id"]))
    changes = choice.decide(venue.plan, visit["category"], have, wanted.services, full)
    if isinstance(changes, Refusal):
        return changes
    party = _party(tx, visit, wanted)
    if isinstance(party, Refusal):
        return party
    partings = apart.decide(tx, venue, visit, wanted.apart, party, full) if wanted.apart else []
    return partings if isinstance(partings, Refusal) else _Decided(visit, have, changes, party, partings)


def _write_visit(tx: Tx, venue: Venue, decided: _Decided, wanted: Choice, now: int) -> bool:
    """Give the visit its number and what was chosen for it as a whole; return whether other people come together."""
    visit, size = decided.visit, len(decided.party)
    numbered_at = now if decided.first else visit["numbered_at"]
    number = venue.numbers.take(tx, visit["service_day"]) if decided.first else visit["number"]
    locale = wanted.locale or visit["locale"]
    # Who goes apart has a visit of their own; those who stay in this one come to a counter together.
    together = bool(visit["keep_together"]) if wanted.keep_together is None else wanted.keep_together
    together = together or bool(decided.partings)
    visits.choose(tx, visit["id"], number, locale, together, size, numbered_at)
    # How many come to a counter together changes how long it takes.
    other_party = (size, int(together)) != (visit["party_size"], visit["keep_together"])
    visit.update(number=number, state="open", locale=locale, keep_together=int(together), party_size=size)
    return other_party


def _write_steps(tx: Tx, venue: Venue, decided: _Decided, now: int) -> None:
    """Add, bring back and cancel the visit's steps."""
    visit, have, changes = decided.visit, decided.have, decided.changes
    # Whose visit was lost in a restore has waited before; the number is given now.
    since = now if have or visit["waits_from"] is None else visit["waits_from"]
    for offset, service in enumerate(changes.add):
        steps.add(
            tx,
            id=venue.new_id("s"),
            visit=visit["id"],
            service_day=visit["service_day"],
            service=service,
            state="waiting",
            # A service added later waits from then: registering one and adding the rest must buy no priority.
            since=since,
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


def _party(tx: Tx, visit: Row, wanted: Choice) -> dict[str, Row] | Refusal:
    """Return who the visit's party will be, by id. Only the member's own family can be in it."""
    present = visits.party(tx, visit["id"])
    going = {member for group in wanted.apart for member in group.party}
    if wanted.party is None and set(present) - going <= {visit["member"]}:
        return {visit["member"]: {**visit, "id": visit["member"]}}  # what is counted of them stands with the visit
    owner = members.find(tx, visit["member"])
    assert owner is not None, "a visit belongs to a member"
    family = {row["id"]: row for row in members.family(tx, owner["family"])}
    here = set(present)
    if wanted.party is None:
        # Whom the list has put into another family since is in this party all the same.
        staying = sorted((here - going) | {visit["member"]})
        return {member: family.get(member) or members.find(tx, member) or visit for member in staying}
    ticked = set(wanted.party) | {visit["member"]}
    refused = [{"member": member, "reason": "not_family"} for member in sorted(ticked - family.keys())]
    refused += [
        {"member": member, "reason": "has_own_visit"}
        for member in sorted(ticked & family.keys() - here)
        if visits.of_member(tx, visit["service_day"], member) is not None
    ]
    if refused:
        return Refusal("party_refused", {"refused": refused})
    return {member: family.get(member) or owner for member in sorted(ticked)}


def _seat(tx: Tx, visit: Row, party: Collection[str]) -> None:
    """Make a visit's party be `party`."""
    here = set(visits.party(tx, visit["id"]))
    for member in sorted(here - set(party)):
        visits.unjoin(tx, visit["id"], member)
    for member in sorted(set(party) - here):
        visits.join(tx, visit["service_day"], visit["id"], member)
