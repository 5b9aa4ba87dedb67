"""Signed cards at a venue: read by the keys of its plan, and whoever shows one is kept as a member without a name.

Checking a signature takes a quarter of a millisecond of processor time. It is done before the transaction, so that the
writer's queue waits for none; a card with a random code comes here for one comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from checkin_server.common.faults import Fault
from checkin_server.db import member_list, members, signed_cards
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.admission import CardFacts
from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.members import signed
from checkin_server.domain.members.signed import Claims, Unread
from checkin_server.domain.plan import Plan
from checkin_server.services.times import local_day
from checkin_server.services.venue import Actor, Venue

if TYPE_CHECKING:
    from checkin_server.services.members.cose_card import Keys

Read = Claims | Unread | None
"""What a signed card says, why it says nothing, or None for what is no signed card at all."""


@lru_cache(maxsize=4)
def _reader(keys: tuple[CardKey, ...]) -> Keys:
    # Here and not above: a venue without signed cards needs none of it.
    from checkin_server.services.members.cose_card import Keys

    return Keys(keys)


def prepare(plan: Plan) -> None:
    """Load what reading takes before the first card is shown."""
    if plan.card_keys:
        _reader(plan.card_keys)


def read(venue: Venue, text: str) -> Read:
    """Read a scanned text by the venue's keys, outside of any transaction."""
    if not venue.plan.card_keys or not signed.is_signed(text):
        return None
    return _reader(venue.plan.card_keys).read(text)


@dataclass(frozen=True, slots=True)
class Found:
    """A signed card beside what the venue keeps of it, within one transaction."""

    claims: Claims
    facts: CardFacts
    person: Row
    """The member, as the newest card has them."""
    is_new: bool
    """Whether the member is not kept yet."""
    rows: Sequence[Row]


def look(tx: Tx, venue: Venue, actor: Actor, claims: Claims, now: int) -> Found:
    """Return what the rules need to know of a signed card that is shown to `actor`.

    Only kiosks and welcome desks are places that a copy is told by: between a kiosk and a counter people are sent.
    """
    plan = venue.plan
    rows = signed_cards.of(tx, claims.card, claims.member)
    kept = members.find(tx, claims.member)
    mine = next((row for row in rows if row["card"] == claims.card), None)
    category, unit = signed.meant(claims.category, plan.categories), signed.meant(claims.unit, plan.units)
    facts = CardFacts(
        "revoked" if signed.is_replaced(claims, rows) else "active",
        plan.event.id,
        category,
        unit,
        in_date=claims.first_day <= local_day(now, plan.timezone) <= claims.last_day,
        elsewhere=mine is not None and _is_copy(plan, actor, mine, now),
    )
    person = {**(kept or _nobody(claims)), "category": category, "unit": unit, "locale": claims.locale}
    return Found(claims, facts, person, kept is None, rows)


def take(tx: Tx, found: Found, actor: Actor, now: int) -> None:
    """Keep that a card was taken: its member, where there is none yet, and where it was shown."""
    claims, person = found.claims, found.person
    if found.is_new:
        members.add(tx, **person)
    elif members.find(tx, claims.member) != person:
        member_list.change(tx, person)
    known = any(row["card"] == claims.card for row in found.rows)
    signed_cards.seen(tx, claims.card, claims.member, claims.turn, _place(actor), now, known=known)


class BadList(Fault):
    """A list of revoked cards cannot be read; the message says where."""

    exit_code = 2


def read_ids(path: Path) -> list[str]:
    """Read a list of signed cards' ids, one a line; what follows a ``#`` is a remark. Raises `BadList`."""
    ids = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise BadList(f"cannot read {path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if text := line.partition("#")[0].strip():
            one = signed.card_id(text)
            if one is None:
                raise BadList(f"{path}, line {number}: this is no number of a signed card. Nothing was revoked")
            ids.append(one)
    return ids


def revoke_ids(venue: Venue, ids: Sequence[str]) -> int:
    """End cards by their ids, shown here or not; return how many had not ended before."""
    now = venue.now()

    def do(tx: Tx) -> int:
        ended = sum(signed_cards.revoke(tx, one, now) for one in ids)
        if ended:
            tx.emit("card_revoked", now, {"cards": ended})
        return ended

    return venue.db.write(do)


def _nobody(claims: Claims) -> Row:
    """Return a member's entry without a name; who comes alone is a family of one."""
    return {
        "id": claims.member,
        "family": claims.member,
        "name_ar": "",
        "name_la": "",
        "category": "",
        "unit": "",
        "locale": claims.locale,
        "needs": "[]",
    }


def _place(actor: Actor) -> str:
    return f"{actor.role} {actor.station}"


def _is_copy(plan: Plan, actor: Actor, row: Row, now: int) -> bool:
    place = _place(actor)
    if actor.role not in ("kiosk", "welcome") or row["seen_place"] in (None, place):
        return False
    walk = plan.walk_minutes(_zone(plan, row["seen_place"]), _zone(plan, place))
    return signed.is_elsewhere(row["seen_at"], walk, now)


def _zone(plan: Plan, place: str) -> str:
    """Return the zone of a kiosk or desk; that of the welcome for a desk that the plan does not describe."""
    role, _, station = place.partition(" ")
    known = plan.kiosks.get(station) if role == "kiosk" else plan.desks.get(station)
    return known.zone if known else (plan.welcome_zone or "")
