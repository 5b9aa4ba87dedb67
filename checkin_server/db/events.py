"""Reading the append-only event log; `Tx.emit` writes it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from checkin_server.db.schema import event
from checkin_server.db.tx import Row, Tx

_LAST = select(func.max(event.c.at).label("at")).where(event.c.service_day.is_not(None))
_SINCE = select(event).where(event.c.seq > bindparam("after")).order_by(event.c.seq)


def last_at(tx: Tx) -> int:
    """Return the time of the newest event of a service day, or 0; commands beside the server only know real time."""
    row = tx.one(_LAST)
    return int(row["at"] or 0) if row else 0


def since(tx: Tx, seq: int) -> list[Row]:
    """Return the events after a sequence number, oldest first."""
    return tx.all(_SINCE, after=seq)
