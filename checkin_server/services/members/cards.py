"""Members' cards: a new one in place of the old, an end to a lost one, and what is to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from checkin_server.common.faults import Fault
from checkin_server.db import days, members
from checkin_server.db import signed_cards as ended
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.members import codes, signed
from checkin_server.domain.refusal import Refusal
from checkin_server.services import lookups
from checkin_server.services.members import signed_cards
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue


class NoSuchCard(Fault):
    """There is no such member or card; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one card says."""

    member: str
    code: str
    name_ar: str
    name_la: str
    category_ar: str
    category_fr: str


def issue(venue: Venue, member: str) -> int:
    """Give a member a new card for this event and revoke those they had; return how many were revoked.

    A visit that is under way goes on: it belongs to the member, not to the card. Raises `NoSuchCard`.
    """
    now = venue.now()
    code = codes.make(codes.CARD, venue.chance(16))

    def do(tx: Tx) -> int:
        # Locked first: of two at once, the second must find the card that the first has made.
        if members.lock(tx, member) is None:
            raise NoSuchCard(f"there is no member {member}")
        revoked = _revoke_all(tx, member, now)
        members.add_card(
            tx, code=code, member=member, event=venue.plan.event.id, state="active", issued_at=now, revoked_at=None
        )
        tx.emit("card_issued", now, {"revoked": revoked}, personal=Personal([member]), service_day=days.running_id(tx))
        return revoked

    return venue.db.write(do)


def issue_at_desk(venue: Venue, actor: Actor, member: str, command_id: str, reason: str) -> Answer | Refusal:
    """Give a member a new card at the welcome desk, like `issue`; ``unknown_member`` when there is no such member."""
    command = Command("card", member, command_id, {"reason": reason}, actor, venue.now())
    now = command.now
    code = codes.make(codes.CARD, venue.chance(16))

    def do(tx: Tx) -> Answer | Refusal:
        if members.lock(tx, member) is None:
            return Refusal("unknown_member")
        revoked = _revoke_all(tx, member, now)
        members.add_card(
            tx, code=code, member=member, event=venue.plan.event.id, state="active", issued_at=now, revoked_at=None
        )
        about = Personal([member], {"reason": reason})
        tx.emit(
            "card_issued_at_desk",
            now,
            {"revoked": revoked},
            personal=about,
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )
        return {"outcome": "done", "revoked": revoked}

    return once(venue, command, do)


def revoke(venue: Venue, which: str) -> int:
    """Revoke all cards of a member, by the member's id, or one card; return how many there were.

    One card is named by its code; a signed one also by the id that is printed on it, whether it was shown here or not.

    Raises `NoSuchCard` when none was active.
    """
    now = venue.now()
    code = codes.parse(which)
    claims = signed_cards.read(venue, which)
    if claims is not None and not isinstance(claims, signed.Claims):
        raise NoSuchCard("this is no signed card of this venue's keys")
    signed_id = claims.card if claims else signed.card_id(which)

    def do(tx: Tx) -> int:
        about = Personal()
        if code is not None:
            revoked = members.revoke_card(tx, code.text, now)
            if not revoked:
                raise NoSuchCard("there is no such card, or it was revoked before")
        elif signed_id is not None and members.lock(tx, which) is None:
            revoked = int(ended.revoke(tx, signed_id, now))
            if not revoked:
                raise NoSuchCard(f"the signed card {signed_id} was revoked before")
        else:
            if members.lock(tx, which) is None:
                raise NoSuchCard(f"there is no member {which}")
            revoked = _revoke_all(tx, which, now)
            if not revoked:
                raise NoSuchCard(f"{which} has no valid card")
            about = Personal([which])
        tx.emit("card_revoked", now, {"cards": revoked}, personal=about, service_day=days.running_id(tx))
        return revoked

    return venue.db.write(do)


def paper_at_desk(venue: Venue, actor: Actor, member: str) -> Card | Refusal:
    """Return what a member's valid card says, for who has found them in this session; that it was given is kept.

    Refused with ``search_first``, or ``unknown_member`` when the member has no valid card.
    """
    refusal = venue.db.read(partial(lookups.leave, venue=venue, actor=actor, member=member))
    if refusal is not None:
        return refusal
    try:
        card = to_print(venue, [member])[-1]
    except NoSuchCard:
        return Refusal("unknown_member")
    venue.db.write(
        lambda tx: tx.emit(
            "card_printed",
            venue.now(),
            personal=Personal([member]),
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )
    )
    return card


def _revoke_all(tx: Tx, member: str, now: int) -> int:
    """End a member's cards, the signed ones that were shown here too."""
    return members.revoke_cards(tx, member, now) + ended.revoke_of(tx, member, now)


def lay_out(venue: Venue, wanted: Sequence[str] | None = None) -> list[Card]:
    """Return the same as `to_print`, for a command; that cards were laid out, and whose, is an event."""
    printed = to_print(venue, wanted)
    about = Personal(list(dict.fromkeys(wanted or ())))
    now = venue.now()

    def note(tx: Tx) -> None:
        tx.emit(
            "cards_laid_out",
            now,
            {"cards": len(printed), "all": wanted is None},
            personal=about,
            service_day=days.running_id(tx),
        )

    venue.db.write(note)
    return printed


def to_print(venue: Venue, wanted: Sequence[str] | None = None) -> list[Card]:
    """Return the valid cards of this event: everybody's in the order of their ids, or the `wanted` members' in theirs.

    Raises `NoSuchCard` that names the first wanted member without one.
    """
    rows = venue.db.read(lambda tx: members.active_cards(tx, venue.plan.event.id))
    if wanted is None:
        return [_card(venue, row) for row in rows]
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    for member in wanted:
        if member not in found:
            if venue.db.read(partial(members.find, member_id=member)) is None:
                raise NoSuchCard(f"there is no member {member}")
            raise NoSuchCard(f"{member} has no valid card; make one with `riwaq cards issue {member}`")
    return [_card(venue, row) for member in dict.fromkeys(wanted) for row in found[member]]


def _card(venue: Venue, row: Row) -> Card:
    plan, of = venue.plan, row["category"]
    category = plan.categories.get(of) or plan.past.categories.get(of)
    name = category.name if category else {"ar": "", "fr": ""}
    return Card(row["id"], row["code"], row["name_ar"], row["name_la"], name["ar"], name["fr"])
