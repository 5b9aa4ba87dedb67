"""Which of a demo's invented members plays which simulated visitor: of the same category, needs and family size."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checkin_server.common.faults import WrongUse
from checkin_server.db import members, visits
from checkin_server.db.tx import Row
from checkin_server.services.venue import Venue


@dataclass(frozen=True, slots=True)
class Guest:
    """A member who shows a card at a kiosk."""

    member: str
    code: str
    category: str
    needs: tuple[str, ...]
    family: str
    relatives: tuple[str, ...]
    """The family's other members, by id; they may come along."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a simulated visitor is like."""

    category: str
    needs: tuple[str, ...] = ()
    party: int = 1


def members_of(venue: Venue, day: str) -> list[Guest]:
    """Return everybody with a valid card of this event whom the plan lets in, in the order of their ids.

    Families of whom somebody has been here on that day are left out.
    """
    rows, here = venue.db.read(lambda tx: (members.active_cards(tx, venue.plan.event.id), visits.of_day(tx, day)))
    been = {row["family"] for row in rows if row["id"] in here}
    let_in = [row for row in rows if _eligible(venue, row) and row["family"] not in been]
    newest = {row["id"]: row for row in let_in}
    families: dict[str, list[str]] = defaultdict(list)
    for member, row in newest.items():
        families[row["family"]].append(member)
    return [
        Guest(
            member,
            row["code"],
            row["category"],
            tuple(sorted(json.loads(row["needs"]))),
            row["family"],
            tuple(other for other in families[row["family"]] if other != member),
        )
        for member, row in newest.items()
    ]


def _eligible(venue: Venue, row: Row) -> bool:
    category, unit = venue.plan.categories.get(row["category"]), venue.plan.units.get(row["unit"])
    return category is not None and category.eligible and unit is not None and unit.eligible


def cast(people: Iterable[Guest], wanted: Sequence[Wanted]) -> list[tuple[Guest, Wanted]]:
    """Give each simulated visitor a member of a family of its own, and say what the visitor is like then.

    Who asks for most is served first: large families, then needs. Where no member fits in all, category is kept rather
    than the needs, and the needs rather than the size of the party. Raises `WrongUse` when there are too few families.
    """
    free: dict[str, dict[str, Guest]] = defaultdict(dict)
    for guest in people:
        free[guest.family][guest.member] = guest
    if len(free) < len(wanted):
        raise WrongUse(
            f"the demo has {len(free):,} families and {len(wanted):,} visits are to come: start a new demo with more "
            f"members, for example --members {len(wanted) * 4}, or rehearse with --visitors {len(free)}"
        )
    by_likeness: dict[tuple[str, tuple[str, ...]], list[Guest]] = defaultdict(list)
    for family in free.values():
        for guest in family.values():
            by_likeness[guest.category, guest.needs].append(guest)
    order = sorted(range(len(wanted)), key=lambda n: (-wanted[n].party, not wanted[n].needs, n))
    found: dict[int, tuple[Guest, Wanted]] = {}
    for n in order:
        guest = _fitting(free, by_likeness, wanted[n])
        del free[guest.family]
        size = min(wanted[n].party, 1 + len(guest.relatives))
        found[n] = (guest, Wanted(guest.category, guest.needs, size))
    return [found[n] for n in range(len(wanted))]


def _fitting(
    free: dict[str, dict[str, Guest]],
    by_likeness: dict[tuple[str, tuple[str, ...]], list[Guest]],
    wanted: Wanted,
) -> Guest:
    same = (wanted.category, tuple(sorted(wanted.needs)))
    for likeness in (same, (wanted.category, ())):
        best: Guest | None = None
        for guest in by_likeness[likeness]:
            if guest.family not in free:
                continue
            if len(guest.relatives) + 1 >= wanted.party:
                # The smallest family that will do: large ones are rare.
                if best is None or len(guest.relatives) < len(best.relatives):
                    best = guest
                if len(guest.relatives) + 1 == wanted.party:
                    break
        if best is not None:
            return best
    alike = [g for family in free.values() for g in family.values() if g.category == wanted.category]
    anybody = alike or [g for family in free.values() for g in family.values()]
    return max(anybody, key=lambda guest: (len(guest.relatives), guest.member))
