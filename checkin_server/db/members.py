"""Members and their cards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from checkin_server.db.schema import card, member
from checkin_server.db.tx import Row, Tx

_INSERT_MEMBER = insert(member)
_INSERT_CARD = insert(card)
_COUNT = select(func.count().label("members")).select_from(member)
_BY_CATEGORY = select(member.c.category.label("of"), func.count().label("members")).group_by(member.c.category)
_BY_UNIT = select(member.c.unit.label("of"), func.count().label("members")).group_by(member.c.unit)
_BY_CARD = (
    select(member, card.c.state.label("card_state"), card.c.event.label("card_event"))
    .join_from(card, member, card.c.member == member.c.id)
    .where(card.c.code == bindparam("the_code"))
)
_BY_BEGINNING = (
    select(member, card.c.code, card.c.state.label("card_state"), card.c.event.label("card_event"))
    .join_from(card, member, card.c.member == member.c.id)
    .where(card.c.code > bindparam("the_beginning"), card.c.code < bindparam("behind"))
    .limit(2)
)
_FIND = select(member).where(member.c.id == bindparam("the_member"))
_FAMILY = select(member).where(member.c.family == bindparam("the_family")).order_by(member.c.id)
_REVOKE = (
    update(card)
    .where(card.c.member == bindparam("the_member"), card.c.state == "active")
    .values(state="revoked", revoked_at=bindparam("at"))
)
_REVOKE_CARD = (
    update(card)
    .where(card.c.code == bindparam("the_code"), card.c.state == "active")
    .values(state="revoked", revoked_at=bindparam("at"))
)
_ACTIVE_CARDS = (
    select(card.c.code, member)
    .join_from(card, member, card.c.member == member.c.id)
    .where(card.c.state == "active", card.c.event == bindparam("the_event"))
    .order_by(member.c.id, card.c.issued_at, card.c.code)
)
_NAMES = select(member.c.id, member.c.name_ar, member.c.name_la).order_by(member.c.id)
_CARD_STATES = select(card.c.state).where(
    card.c.member == bindparam("the_member"), card.c.event == bindparam("the_event")
)
_LOCK = _FIND.with_for_update()


def add(tx: Tx, **values: Any) -> None:
    """Add a member."""
    tx.run(_INSERT_MEMBER, **values)


def add_card(tx: Tx, **values: Any) -> None:
    """Add a card of a member."""
    tx.run(_INSERT_CARD, **values)


def count(tx: Tx) -> int:
    """Return how many members are known."""
    row = tx.one(_COUNT)
    assert row is not None
    return int(row["members"])


def by_category(tx: Tx) -> dict[str, int]:
    """Return how many members are of each category that there are any of."""
    return {str(row["of"]): int(row["members"]) for row in tx.all(_BY_CATEGORY)}


def by_unit(tx: Tx) -> dict[str, int]:
    """Return how many members are of each unit that there are any of."""
    return {str(row["of"]): int(row["members"]) for row in tx.all(_BY_UNIT)}


def by_card(tx: Tx, code: str) -> Row | None:
    """Return the member a card belongs to, with ``card_state`` and ``card_event``."""
    return tx.one(_BY_CARD, the_code=code)


def by_short_code(tx: Tx, beginning: str) -> Row | None:
    """Return the same for how a card's code begins; None where that is no card's, or of more than one."""
    found = tx.all(_BY_BEGINNING, the_beginning=beginning, behind=beginning + "Z")
    return found[0] if len(found) == 1 else None


def find(tx: Tx, member_id: str) -> Row | None:
    """Return a member."""
    return tx.one(_FIND, the_member=member_id)


def family(tx: Tx, family_id: str) -> list[Row]:
    """Return a family's members, in the order they were registered."""
    return tx.all(_FAMILY, the_family=family_id)


def revoke_cards(tx: Tx, member_id: str, at: int) -> int:
    """Revoke a member's active cards; return how many there were."""
    return tx.run(_REVOKE, the_member=member_id, at=at)


def revoke_card(tx: Tx, code: str, at: int) -> int:
    """Revoke one card; return 1, or 0 when there is no such card or it was revoked before."""
    return tx.run(_REVOKE_CARD, the_code=code, at=at)


def lock(tx: Tx, member_id: str) -> Row | None:
    """Return a member whose cards nobody else changes until this transaction ends."""
    return tx.one(_LOCK, the_member=member_id)


def names(tx: Tx) -> list[Row]:
    """Return id and both names of every member: what a search by name goes through."""
    return tx.all(_NAMES)


def card_state(tx: Tx, member_id: str, event: str) -> str | None:
    """Return ``active`` if a member has a valid card of an event, ``revoked`` if only such, None without any."""
    states = {str(row["state"]) for row in tx.all(_CARD_STATES, the_member=member_id, the_event=event)}
    return "active" if "active" in states else ("revoked" if states else None)


def active_cards(tx: Tx, event: str) -> list[Row]:
    """Return every active card of an event with its member, in the order of the members' ids."""
    return tx.all(_ACTIVE_CARDS, the_event=event)
