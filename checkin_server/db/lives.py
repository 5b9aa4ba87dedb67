"""What this database has lived through: it was made, and brought back from a copy; each time it begins a new life."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from checkin_server.db.schema import life
from checkin_server.db.tx import Row, Tx

_EVERY = select(life).order_by(life.c.turn)
_INSERT = insert(life)
_MARK = update(life).where(life.c.id == bindparam("the_life")).values(marked=1)


def every(tx: Tx) -> list[Row]:
    """Return ``id, turn, cause, at, marked`` of every life, the present one last."""
    return tx.all(_EVERY)


def add(tx: Tx, life_id: str, cause: str, at: int) -> None:
    """Begin a life. `cause`: ``made``, ``restored``, or ``marker_lost``: nobody can tell whether it was restored."""
    tx.run(_INSERT, id=life_id, turn=len(every(tx)) + 1, cause=cause, at=at, marked=0)


def mark(tx: Tx, life_id: str) -> None:
    """Note that in this life there is a marker outside the database."""
    tx.run(_MARK, the_life=life_id)
