"""Signed cards that were shown here or have ended; by their own ids, of 64 random bits."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, or_, select, update

from checkin_server.db.schema import signed_card
from checkin_server.db.tx import Row, Tx

_LOOK = (
    select(signed_card)
    .where(or_(signed_card.c.card == bindparam("the_card"), signed_card.c.member == bindparam("the_member")))
    .with_for_update()
)
_FIND = select(signed_card).where(signed_card.c.card == bindparam("the_card")).with_for_update()
_ADD = insert(signed_card)
_SEEN = (
    update(signed_card)
    .where(signed_card.c.card == bindparam("the_card"))
    .values(
        member=bindparam("new_member"),
        turn=bindparam("new_turn"),
        seen_place=bindparam("place"),
        seen_at=bindparam("at"),
    )
)
_REVOKE = (
    update(signed_card)
    .where(signed_card.c.card == bindparam("the_card"), signed_card.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_REVOKE_OF = (
    update(signed_card)
    .where(signed_card.c.member == bindparam("the_member"), signed_card.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_COUNT = select(
    func.count().label("known"), func.count(signed_card.c.revoked_at).label("ended")
).select_from(signed_card)  # fmt: skip


def of(tx: Tx, card: str, member: str) -> list[Row]:
    """Return what is kept of a card and of its member's other cards; nobody else changes them until this ends."""
    return tx.all(_LOOK, the_card=card, the_member=member)


# size: a row's columns
def seen(tx: Tx, card: str, member: str, turn: int, place: str, at: int, *, known: bool) -> None:
    """Note where and when a card was taken, and whose it is; `known`: there is a row of it."""
    if known:
        tx.run(_SEEN, the_card=card, new_member=member, new_turn=turn, place=place, at=at)
    else:
        tx.run(_ADD, card=card, member=member, turn=turn, revoked_at=None, seen_place=place, seen_at=at)


def revoke(tx: Tx, card: str, at: int) -> bool:
    """End a card, whether it was ever shown here or not; return False when it had ended before."""
    if tx.one(_FIND, the_card=card) is None:
        tx.run(_ADD, card=card, member=None, turn=None, revoked_at=at, seen_place=None, seen_at=None)
        return True
    return tx.run(_REVOKE, the_card=card, at=at) == 1


def revoke_of(tx: Tx, member: str, at: int) -> int:
    """End all cards that a member has shown here; return how many had not ended before."""
    return tx.run(_REVOKE_OF, the_member=member, at=at)


def counts(tx: Tx) -> tuple[int, int]:
    """Return how many signed cards are known, and how many of those have ended."""
    row = tx.one(_COUNT)
    assert row is not None
    return int(row["known"]), int(row["ended"])
