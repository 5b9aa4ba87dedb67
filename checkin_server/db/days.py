"""Service days, and the counter row that numbers come from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from checkin_server.db.schema import is_one_of
from checkin_server.db.schema import service_day as day
from checkin_server.db.tx import Row, Tx

_OPEN = select(day).where(is_one_of(day.c.state, "open"))
_FIND = select(day).where(day.c.id == bindparam("the_day"))
_EVERY = select(day).order_by(day.c.id)
_INSERT = insert(day)
_SET_HOURS = (
    update(day)
    .where(day.c.id == bindparam("the_day"))
    .values(state=bindparam("new_state"), opens_at=bindparam("new_opens_at"), closes_at=bindparam("new_closes_at"))
)
_CLOSE = update(day).where(day.c.id == bindparam("the_day")).values(state="closed")
_ADMIT = (
    update(day)
    .where(day.c.id == bindparam("the_day"), or_(day.c.capacity.is_(None), day.c.admitted < day.c.capacity))
    .values(admitted=day.c.admitted + 1)
)
_NEXT_NUMBER = (
    update(day)
    .where(day.c.id == bindparam("the_day"))
    .values(last_number=day.c.last_number + 1)
    .returning(day.c.last_number)
)


def open_day(tx: Tx) -> Row | None:
    """Return the service day that is open; at most one is (a unique index holds that)."""
    return tx.one(_OPEN)


def find(tx: Tx, day_id: str) -> Row | None:
    """Return a service day in any state."""
    return tx.one(_FIND, the_day=day_id)


def every(tx: Tx) -> list[Row]:
    """Return every service day that was ever opened, in the order of their dates."""
    return tx.all(_EVERY)


def add(tx: Tx, **values: Any) -> None:
    """Add a service day."""
    tx.run(_INSERT, **values)


def set_hours(tx: Tx, day_id: str, state: str, opens_at: int, closes_at: int) -> None:
    """Change a day's state and opening hours."""
    tx.run(_SET_HOURS, the_day=day_id, new_state=state, new_opens_at=opens_at, new_closes_at=closes_at)


def close(tx: Tx, day_id: str) -> None:
    """Close a day: nobody is admitted or called any more."""
    tx.run(_CLOSE, the_day=day_id)


def count_admitted(tx: Tx, day_id: str) -> bool:
    """Count one more admitted visit; False when the last place has been taken meanwhile."""
    return tx.run(_ADMIT, the_day=day_id) == 1


def next_number(tx: Tx, day_id: str) -> int:
    """Take the next number. The row is locked until the commit, so numbers are gapless and never used twice."""
    row = tx.one(_NEXT_NUMBER, the_day=day_id)
    assert row is not None, "numbers are only taken for a day that exists"
    return int(row["last_number"])
