"""Taking a member list in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Protocol

from checkin_server.db import members
from checkin_server.db.tx import Tx
from checkin_server.services.venue import Venue


class MemberRecord(Protocol):
    """A member as lists have them."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def family(self) -> str: ...  # noqa: D102
    @property
    def name_ar(self) -> str: ...  # noqa: D102
    @property
    def name_la(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def locale(self) -> str: ...  # noqa: D102
    @property
    def needs(self) -> Sequence[str]: ...  # noqa: D102


class CardRecord(Protocol):
    """A card as lists have them."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def member(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def event(self) -> str: ...  # noqa: D102


def known_members(venue: Venue) -> int:
    """Return how many members the venue knows."""
    return venue.db.read(members.count)


def enrol(venue: Venue, people: Iterable[MemberRecord], cards: Iterable[CardRecord]) -> int:
    """Add members and their cards, all or none; return how many members were added."""
    now = venue.now()
    people, cards = list(people), list(cards)

    def do(tx: Tx) -> int:
        for person in people:
            members.add(
                tx,
                id=person.id,
                family=person.family,
                name_ar=person.name_ar,
                name_la=person.name_la,
                category=person.category,
                unit=person.unit,
                locale=person.locale,
                needs=json.dumps(list(person.needs)),
            )
        for card in cards:
            members.add_card(
                tx,
                code=card.code,
                member=card.member,
                event=card.event,
                state=card.state,
                issued_at=now,
                revoked_at=now if card.state == "revoked" else None,
            )
        tx.emit("members_enrolled", now, {"members": len(people)})
        return len(people)

    return venue.db.write(do)
