"""What taking a member list in reads and writes: everybody at once, one row at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from checkin_server.db.schema import card, member
from checkin_server.db.tx import Row, Tx

_MEMBERS = select(member)
_CARDS = select(card.c.code, card.c.member, card.c.event, card.c.state)
_ADD = insert(member)
_ADD_CARD = insert(card)
_CHANGE = (
    update(member)
    .where(member.c.id == bindparam("the_member"))
    .values({column.name: bindparam(f"new_{column.name}") for column in member.c if column.name != "id"})
)
_REPLACE = (
    update(card)
    .where(card.c.member == bindparam("the_member"), card.c.event == bindparam("the_event"), card.c.state == "active")
    .values(state="revoked", revoked_at=bindparam("at"))
)


def members(tx: Tx) -> dict[str, Row]:
    """Return everybody, by id."""
    return {row["id"]: row for row in tx.all(_MEMBERS)}


def cards(tx: Tx) -> list[Row]:
    """Return ``code, member, event, state`` of every card."""
    return tx.all(_CARDS)


def add(tx: Tx, values: Row) -> None:
    """Add a member."""
    tx.run(_ADD, **values)


def change(tx: Tx, values: Row) -> None:
    """Write a member anew."""
    tx.run(_CHANGE, the_member=values["id"], **{f"new_{name}": each for name, each in values.items() if name != "id"})


def replace_card(tx: Tx, member_id: str, event: str, at: int) -> None:
    """Revoke a member's active cards of an event: another takes their place."""
    tx.run(_REPLACE, the_member=member_id, the_event=event, at=at)


def add_card(tx: Tx, **values: Any) -> None:
    """Add a card."""
    tx.run(_ADD_CARD, **values)
