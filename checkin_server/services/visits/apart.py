"""A family that splits up: each further group gets a visit of its own, linked with the one it came by.

Everything is looked at before anything is written: a refusal is kept, and what was written before it would be too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from checkin_server.db import days, members, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import choice
from checkin_server.domain.refusal import Refusal
from checkin_server.services.venue import Actor, Venue


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


def part(tx: Tx, venue: Venue, actor: Actor, day: Row, visit: Row, partings: Sequence[Parting], now: int) -> list[Row]:
    """Give each group its visit, number, party and services; return the new visits. Nothing is printed here.

    A day's places are counted at the door, by scans: a family that splits up takes no further one.
    """
    if visit["link"] is None:
        link = venue.new_id("f")
        visits.link(tx, visit["id"], link)
        visit["link"] = link
    return [_one(tx, venue, actor, day, visit, parting, now) for parting in partings]


def _one(tx: Tx, venue: Venue, actor: Actor, day: Row, visit: Row, parting: Parting, now: int) -> Row:
    number = days.next_number(tx, day["id"])
    needs = sorted({need for row in parting.party for need in json.loads(row["needs"])})
    made: Row = {
        "id": venue.new_visit_code(),
        "service_day": day["id"],
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
        "created_at": visit["created_at"],
        "numbered_at": now,
        "left_at": None,
        "link": visit["link"],
        "priority": None,
        "priority_minutes": None,
    }
    visits.add(tx, **made)
    here = set(visits.party(tx, visit["id"]))
    for row in parting.party:
        if row["id"] in here:
            visits.unjoin(tx, visit["id"], row["id"])
        visits.join(tx, day["id"], made["id"], row["id"])
    for position, service in enumerate(parting.services):
        steps.add(
            tx,
            id=venue.new_id("s"),
            visit=made["id"],
            service_day=day["id"],
            service=service,
            state="waiting",
            since=now,
            position=position,
        )
    tx.emit(
        "family_parted",
        now,
        {"category": made["category"], "unit": made["unit"], "locale": made["locale"], "from": visit["id"]},
        service_day=day["id"],
        visit=made["id"],
        number=number,
        device=actor.device,
    )
    tx.emit(
        "services_chosen",
        now,
        {
            "added": list(parting.services),
            "dropped": [],
            "back": [],
            "party_size": len(parting.party),
            "first": True,
        },
        service_day=day["id"],
        visit=made["id"],
        number=number,
        device=actor.device,
    )
    return made
