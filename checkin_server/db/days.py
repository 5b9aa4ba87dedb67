"""Service days, and the counter row that numbers come from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from checkin_server.db.schema import JUST_ONE, is_one_of
from checkin_server.db.schema import service_day as day
from checkin_server.db.tx import LostRace, Row, Tx

_OPEN = select(day).where(is_one_of(day.c.state, "open"))
_LOCK_OPEN = _OPEN.with_for_update()
_CLOSED = is_one_of(day.c.state, "closed")
# The day that was closed last is what screens go on showing; when nobody wrote that down, the one opened last.
_NEWEST_FIRST = (func.coalesce(day.c.closed_at, day.c.opened_at).desc(), day.c.id.desc())
_LAST_CLOSED = select(day).where(_CLOSED).order_by(*_NEWEST_FIRST).limit(JUST_ONE)
_UNENDED = select(day).where(_CLOSED, day.c.ended_at.is_(None)).order_by(day.c.id).with_for_update()
_CLOSING = select(day).where(_CLOSED, day.c.ended_at.is_(None)).order_by(*_NEWEST_FIRST)
_FIND = select(day).where(day.c.id == bindparam("the_day"))
_EVERY = select(day).order_by(day.c.id)
_INSERT = insert(day)
_SET_HOURS = (
    update(day)
    .where(day.c.id == bindparam("the_day"))
    .values(
        state=bindparam("new_state"),
        opens_at=bindparam("new_opens_at"),
        closes_at=bindparam("new_closes_at"),
        closed_at=None,
        ended_at=None,
        plan=func.coalesce(bindparam("new_plan"), day.c.plan),
    )
)
_CLOSE = update(day).where(day.c.id == bindparam("the_day")).values(state="closed", closed_at=bindparam("at"))
_END = update(day).where(day.c.id == bindparam("the_day")).values(ended_at=bindparam("at"))
# Of a day that another process has closed meanwhile, nothing is counted or given any more.
_ADMIT = (
    update(day)
    .where(
        day.c.id == bindparam("the_day"),
        is_one_of(day.c.state, "open"),
        or_(day.c.capacity.is_(None), day.c.admitted < day.c.capacity),
    )
    .values(admitted=day.c.admitted + 1)
)
_NEXT_NUMBER = (
    update(day)
    .where(day.c.id == bindparam("the_day"), is_one_of(day.c.state, "open"))
    .values(last_number=day.c.last_number + 1)
    .returning(day.c.last_number)
)
_SKIP_TO = (
    update(day)
    .where(day.c.id == bindparam("the_day"), day.c.last_number < bindparam("number"))
    .values(last_number=bindparam("number"))
)


def open_day(tx: Tx) -> Row | None:
    """Return the service day that is open; at most one is (a unique index holds that)."""
    return tx.one(_OPEN)


def lock_open_day(tx: Tx) -> Row | None:
    """Return the open day; nobody else can admit to it, close or end it until the commit."""
    return tx.one(_LOCK_OPEN)


def closing_days(tx: Tx) -> list[Row]:
    """Return the days that were closed and have not ended, the one that was closed last first: one, as a rule."""
    return tx.all(_CLOSING)


def running_id(tx: Tx) -> str | None:
    """Return the day that something belongs to which is done beside every visit; None when no day runs."""
    day = running_day(tx)
    return None if day is None else str(day["id"])


def running_day(tx: Tx) -> Row | None:
    """Return the day that is open, else the one that is closing: the day of whoever is at a counter."""
    return open_day(tx) or tx.one(_CLOSING)


def lock_unended(tx: Tx) -> list[Row]:
    """Return the same by date, and nobody else can end them until the commit."""
    return tx.all(_UNENDED)


def last_closed(tx: Tx) -> Row | None:
    """Return the day that was closed last, ended or not."""
    return tx.one(_LAST_CLOSED)


def find(tx: Tx, day_id: str) -> Row | None:
    """Return a service day in any state."""
    return tx.one(_FIND, the_day=day_id)


def every(tx: Tx) -> list[Row]:
    """Return every service day that was ever opened, in the order of their dates."""
    return tx.all(_EVERY)


def add(tx: Tx, **values: Any) -> None:
    """Add a service day; it names the plan in force."""
    tx.run(_INSERT, **{"closed_at": None, "ended_at": None, "plan": tx.plan, **values})


def set_hours(tx: Tx, day_id: str, state: str, opens_at: int, closes_at: int) -> None:
    """Change a day's state and opening hours; it is neither closed nor ended then, and names the plan in force."""
    tx.run(
        _SET_HOURS,
        the_day=day_id,
        new_state=state,
        new_opens_at=opens_at,
        new_closes_at=closes_at,
        new_plan=tx.plan,
    )


def close(tx: Tx, day_id: str, at: int) -> None:
    """Close a day: nobody is admitted or called any more, who is at a counter is served to the end."""
    tx.run(_CLOSE, the_day=day_id, at=at)


def end(tx: Tx, day_id: str, at: int) -> None:
    """Write down that a closed day has ended."""
    tx.run(_END, the_day=day_id, at=at)


def count_admitted(tx: Tx, day_id: str) -> bool:
    """Count one more admitted visit; False when the last place has been taken meanwhile."""
    return tx.run(_ADMIT, the_day=day_id) == 1


def skip_to(tx: Tx, day_id: str, number: int) -> None:
    """Have the next number be the one behind `number`: those up to it may have been given before a restore."""
    tx.run(_SKIP_TO, the_day=day_id, number=number)


def next_number(tx: Tx, day_id: str) -> int:
    """Take the next number. The row is locked until the commit, so numbers are gapless and never used twice.

    Raises `LostRace` when another process has closed the day since it was read.
    """
    row = tx.one(_NEXT_NUMBER, the_day=day_id)
    if row is None:
        raise LostRace(f"day {day_id} is not open any more")
    return int(row["last_number"])
