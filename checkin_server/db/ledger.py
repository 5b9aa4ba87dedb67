"""Positions of the event log and the chain of hashes over them: where it ends, what has none yet, what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, func, select, text, tuple_

from checkin_server.db.feed import SETTLED
from checkin_server.db.schema import JUST_ONE, at_most, event, event_personal, ledger
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.ledger import BEGINNING, HASHED

_HASHED = tuple(event.c[name] for name in HASHED)


class Head(NamedTuple):
    """Where the chain ends."""

    position: int
    hash: str
    event: int
    """The event's number in the log."""
    xid: int
    """Its transaction, where several write at once; else 0."""
    at: int | None = None
    """When it happened, as the log says (milliseconds since 1970 UTC)."""


NOTHING = Head(0, BEGINNING, 0, -1)

_HEAD = (
    select(ledger.c.position, ledger.c.hash, ledger.c.event, event.c.xid, event.c.at)
    .join_from(ledger, event, event.c.seq == ledger.c.event)
    .order_by(ledger.c.position.desc())
    .limit(JUST_ONE)
)
_UNPLACED = ~select(ledger.c.position).where(ledger.c.event == event.c.seq).exists()
_PLACE = tuple_(bindparam("xid", type_=BigInteger), bindparam("seq", type_=BigInteger))
# Behind the last position in the one order of the log (`checkin_server/db/feed.py`), and only what no transaction that
# is still under way can precede.
_NEXT = {
    "sqlite": select(*_HASHED).where(event.c.seq > bindparam("seq")).order_by(event.c.seq).limit(at_most("most")),
    "postgresql": select(*_HASHED)
    .where(tuple_(event.c.xid, event.c.seq) > _PLACE, event.c.xid < SETTLED, _UNPLACED)
    .order_by(event.c.xid, event.c.seq)
    .limit(at_most("most")),
}
_WAITING = {
    "sqlite": select(func.count().label("events")).where(event.c.seq > bindparam("seq")),
    "postgresql": select(func.count().label("events")).where(tuple_(event.c.xid, event.c.seq) > _PLACE, _UNPLACED),
}
# One statement for all: the writer is everybody's.
_ADD = {
    "sqlite": text(
        "INSERT INTO ledger (position, event, hash) "
        "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') "
        "FROM json_each(:places)"
    ).bindparams(bindparam("places", type_=Text())),
    "postgresql": text(
        "INSERT INTO ledger (position, event, hash) "
        "SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, value ->> 2 "
        "FROM json_array_elements(CAST(:places AS json))"
    ).bindparams(bindparam("places", type_=Text())),
}
_POSITIONS = (
    select(ledger.c.position, ledger.c.event, ledger.c.hash, *_HASHED)
    .select_from(ledger.outerjoin(event, event.c.seq == ledger.c.event))
    .where(ledger.c.position >= bindparam("first"), ledger.c.position < bindparam("behind"))
    .order_by(ledger.c.position)
)
_BESIDE = (
    select(ledger.c.position, event_personal.c.part, event_personal.c.content, event_personal.c.salt)
    .join_from(ledger, event_personal, event_personal.c.event == ledger.c.event)
    .where(ledger.c.position >= bindparam("first"), ledger.c.position < bindparam("behind"))
    .order_by(ledger.c.position, event_personal.c.part)
)
_STRAY = {
    "sqlite": select(event.c.seq)
    .where(event.c.seq < bindparam("seq"), _UNPLACED)
    .order_by(event.c.seq)
    .limit(at_most("most")),
    "postgresql": select(event.c.seq)
    .where(tuple_(event.c.xid, event.c.seq) < _PLACE, event.c.xid < SETTLED, _UNPLACED)
    .order_by(event.c.xid, event.c.seq)
    .limit(at_most("most")),
}
_BEHIND_EVENT = select(func.min(ledger.c.position).label("position")).where(ledger.c.event > bindparam("seq"))
_HASH_AT = select(ledger.c.hash).where(ledger.c.position == bindparam("position"))


def _place(tx: Tx, head: Head) -> dict[str, int]:
    return {"seq": head.event} if tx.dialect == "sqlite" else {"seq": head.event, "xid": head.xid}


def head(tx: Tx) -> Head:
    """Return where the chain ends; `NOTHING` before the first position."""
    row = tx.one(_HEAD)
    return NOTHING if row is None else Head(**row)


def following(tx: Tx, behind: Head, most: int) -> list[Row]:
    """Return the next events without a position, in the order in which they get theirs, as `HASHED` columns."""
    return tx.all(_NEXT[tx.dialect], most=most, **_place(tx, behind))


def waiting(tx: Tx, behind: Head) -> int:
    """Return how many events have no position yet."""
    row = tx.one(_WAITING[tx.dialect], **_place(tx, behind))
    return int(row["events"]) if row else 0


def extend(tx: Tx, behind: Head, places: Sequence[tuple[int, int, str]]) -> bool:
    """Keep positions: each a position, an event and a hash. False when the chain does not end at `behind` any more."""
    if head(tx).position != behind.position:
        return False
    tx.run(_ADD[tx.dialect], places=json.dumps(places))
    return True


def part(tx: Tx, first: int, behind: int) -> list[Row]:
    """Return the positions from `first` on and before `behind`: ``position, event, hash``, and what is hashed.

    The event's own columns are null where it is gone.
    """
    return tx.all(_POSITIONS, first=first, behind=behind)


def beside(tx: Tx, first: int, behind: int) -> list[Row]:
    """Return what lies beside the events of these positions: ``position, part, content, salt``."""
    return tx.all(_BESIDE, first=first, behind=behind)


def strays(tx: Tx, behind: Head, most: int) -> list[int]:
    """Return events without a position that stand before the chain's end."""
    return [int(row["seq"]) for row in tx.all(_STRAY[tx.dialect], most=most, **_place(tx, behind))]


def position_behind(tx: Tx, seq: int) -> int | None:
    """Return the first position of an event with a greater number than `seq`."""
    row = tx.one(_BEHIND_EVENT, seq=seq)
    return None if row is None else row["position"]


def hash_at(tx: Tx, position: int) -> str | None:
    """Return the hash that is kept for a position; None where there is none."""
    row = tx.one(_HASH_AT, position=position)
    return None if row is None else str(row["hash"])
