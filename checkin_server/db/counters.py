"""Counters as they are now: open, paused or closed, and by whom."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from checkin_server.db.schema import counter, is_one_of
from checkin_server.db.tx import Row, Tx

_ALL = select(counter)
_FIND = select(counter).where(counter.c.id == bindparam("the_counter"))
_LOCK = _FIND.with_for_update()
_WORKING = (
    select(counter)
    .where(is_one_of(counter.c.state, "closed", negated=True), counter.c.since < bindparam("before"))
    .order_by(counter.c.id)
    .with_for_update()
)
_INSERT = insert(counter)
_SET = (
    update(counter)
    .where(counter.c.id == bindparam("the_counter"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        staff=bindparam("new_staff"),
        since=bindparam("now"),
    )
)


_RESTORE = (
    update(counter)
    .where(counter.c.id == bindparam("the_counter"))
    .values(
        state=bindparam("was_state"),
        reason=bindparam("was_reason"),
        staff=bindparam("was_staff"),
        since=bindparam("was_since"),
    )
)


def every(tx: Tx) -> dict[str, Row]:
    """Return all counters by id."""
    return {str(row["id"]): row for row in tx.all(_ALL)}


def find(tx: Tx, counter_id: str) -> Row | None:
    """Return a counter; None until `ensure` made its row."""
    return tx.one(_FIND, the_counter=counter_id)


def lock(tx: Tx, counter_id: str) -> Row | None:
    """Return a counter that nobody else can open, close or call to until the commit."""
    return tx.one(_LOCK, the_counter=counter_id)


def lock_working(tx: Tx, before: int) -> list[Row]:
    """Return the counters that are open or paused since before a moment; nobody else can change them meanwhile."""
    return tx.all(_WORKING, before=before)


def ensure(tx: Tx, counter_id: str, now: int) -> None:
    """Make a counter's row, closed, unless it is there."""
    if find(tx, counter_id) is None:
        tx.run(_INSERT, id=counter_id, state="closed", reason=None, staff=None, since=now)


def set_state(tx: Tx, counter_id: str, state: str, reason: str | None, staff: str | None, now: int) -> None:
    """Open, pause or close a counter."""
    tx.run(_SET, the_counter=counter_id, new_state=state, new_reason=reason, new_staff=staff, now=now)


def restore(tx: Tx, was: Row) -> None:
    """Make a counter exactly what it was."""
    tx.run(
        _RESTORE, the_counter=was["id"], **{f"was_{name}": was[name] for name in ("state", "reason", "staff", "since")}
    )
