"""A family that splits up: each further group gets a visit of its own, linked with the one it came by.

`decide` says whether they may, `part` does it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checkin_server.db import members, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import choice
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Command
from checkin_server.services.venue import Venue


@dataclass(frozen=True, slots=True)
class Group:
    """Members of a family who go on their own, by id, and what they want."""

    party: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parting:
    """A group that may go: whose visit it will be, who is in it, and its services."""

    head: Row
    party: tuple[Row, ...]
    services: tuple[str, ...]


def decide(
    tx: Tx, venue: Venue, visit: Row, groups: Sequence[Group], staying: Collection[str], full: Collection[str]
) -> list[Parting] | Refusal:
    """Check the groups that leave a visit; `staying` are the members who keep it.

    Refused with ``party_refused`` (``not_family``, ``has_own_visit``, ``in_two_groups``) or ``services_refused``, where
    ``group`` counts from 1: the visit's own is 0.
    """
    owner = members.find(tx, visit["member"])
    assert owner is not None, "a visit belongs to a member"
    relatives = {row["id"]: row for row in members.family(tx, owner["family"])}
    here = set(visits.party(tx, visit["id"]))
    taken = set(staying)
    refused = []
    for group in groups:
        for member in group.party:
            if member not in relatives:
                refused.append({"member": member, "reason": "not_family"})
            elif member in taken:
                refused.append({"member": member, "reason": "in_two_groups"})
            elif member not in here and visits.of_member(tx, visit["service_day"], member) is not None:
                refused.append({"member": member, "reason": "has_own_visit"})
            taken.add(member)
    if refused:
        return Refusal("party_refused", {"refused": refused})
    partings = []
    for place, group in enumerate(groups, 1):
        party = [row for member, row in relatives.items() if member in group.party]
        # It is the visit of the first who may have all that is wanted; the family is read in the order of its entries.
        offered = [(row, choice.decide(venue.plan, row["category"], [], group.services, full)) for row in party]
        given = [(row, changes) for row, changes in offered if not isinstance(changes, Refusal)]
        if not given:
            first = offered[0][1]
            assert isinstance(first, Refusal)
            return Refusal(first.code, {**first.params, "group": place})
        head, changes = given[0]
        partings.append(Parting(head, tuple(party), changes.add))
    return partings


def part(tx: Tx, venue: Venue, command: Command, visit: Row, partings: Sequence[Parting]) -> list[Row]:
    """Give each group of a visit its visit, number, party and services; return them. Nothing is printed here.

    A day's places are counted at the door, by scans: a family that splits up takes no further one.
    """
    if visit["link"] is None:
        link = venue.new_id("f")
        visits.link(tx, visit["id"], link)
        visit["link"] = link
    return [_one(tx, venue, command, visit, parting) for parting in partings]


def counts(party: Iterable[Row], speaks: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Count a party by category, unit and language: what the log says of people, without names and ids.

    `speaks`: the language of those, by id, of whom another is known than the member list's.
    """
    found: dict[str, dict[str, int]] = {"category": {}, "unit": {}, "language": {}}
    for row in party:
        of = {"category": row["category"], "unit": row["unit"], "language": speaks.get(row["id"], row["locale"])}
        for what, value in of.items():
            found[what][value] = found[what].get(value, 0) + 1
    return found


def _one(tx: Tx, venue: Venue, command: Command, visit: Row, parting: Parting) -> Row:
    made = _visit(venue, visit, parting, venue.numbers.take(tx, visit["service_day"]), command.now)
    visits.add(tx, **made)
    here = set(visits.party(tx, visit["id"]))
    for row in parting.party:
        if row["id"] in here:
            visits.unjoin(tx, visit["id"], row["id"])
        visits.join(tx, made["service_day"], made["id"], row["id"])
    for position, service in enumerate(parting.services):
        steps.add(
            tx,
            id=venue.new_id("s"),
            visit=made["id"],
            service_day=made["service_day"],
            service=service,
            state="waiting",
            since=command.now,
            position=position,
        )
    _say_so(tx, command, made, visit["id"], parting)
    return made


def _visit(venue: Venue, came_by: Row, parting: Parting, number: int, now: int) -> Row:
    """Return the row of a group's own visit: as the one they came by, less what is another's."""
    needs = sorted({need for row in parting.party for need in json.loads(row["needs"])})
    return {
        "id": venue.new_visit_code(),
        "service_day": came_by["service_day"],
        "number": number,
        "state": "open",
        "member": parting.head["id"],
        "category": parting.head["category"],
        "unit": parting.head["unit"],
        "locale": parting.head["locale"],
        "needs": json.dumps(needs),
        "party_size": len(parting.party),
        "keep_together": 1,
        "active_step": None,
        "not_before": 0,
        "hold_until": None,
        "created_at": came_by["created_at"],
        "numbered_at": now,
        "left_at": None,
        "link": came_by["link"],
        "priority": None,
        "priority_minutes": None,
        "card_device": came_by["card_device"],
        "card_at": came_by["card_at"],
        "old_number": None,
        "waits_from": None,
    }


def _say_so(tx: Tx, command: Command, made: Row, came_by: str, parting: Parting) -> None:
    actor = command.actor
    tx.emit(
        "family_parted",
        command.now,
        {"category": made["category"], "unit": made["unit"], "locale": made["locale"], "from": came_by},
        service_day=made["service_day"],
        visit=made["id"],
        number=made["number"],
        device=actor.device,
        staff=actor.staff,
    )
    tx.emit(
        "services_chosen",
        command.now,
        {
            "added": list(parting.services),
            "dropped": [],
            "back": [],
            "party_size": len(parting.party),
            "party": counts(parting.party, {}),
            "first": True,
        },
        service_day=made["service_day"],
        visit=made["id"],
        number=made["number"],
        device=actor.device,
        staff=actor.staff,
    )
