"""Every plan that was ever in force in this venue, by its hash; the one with the greatest turn is in force."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, update

from checkin_server.db.schema import plan, service_day
from checkin_server.db.tx import Row, Tx

_NEWEST_FIRST = select(plan).order_by(plan.c.turn.desc())
_FIND = select(plan).where(plan.c.hash == bindparam("the_hash"))
_LAST = select(plan.c.hash, plan.c.turn).where(plan.c.turn == select(func.max(plan.c.turn)).scalar_subquery())
_INSERT = insert(plan)
_AGAIN = (
    update(plan)
    .where(plan.c.hash == bindparam("the_hash"))
    .values(turn=bindparam("new_turn"), since=bindparam("new_since"))
)
_NAME_DAY = update(service_day).where(service_day.c.id == bindparam("the_day")).values(plan=bindparam("new_plan"))


def every(tx: Tx) -> list[Row]:
    """Return ``hash, turn, first_at, since, document`` (JSON text) of every plan; the one in force comes first."""
    return tx.all(_NEWEST_FIRST)


def in_force(tx: Tx) -> str | None:
    """Return the hash of the plan in force; None before the first start."""
    row = tx.one(_LAST)
    return None if row is None else str(row["hash"])


def put_in_force(tx: Tx, plan_hash: str, document: str, now: int) -> str | None:
    """Make a plan the one in force, new or not, and return the hash of the one before; its own when nothing changes."""
    last = tx.one(_LAST)
    if last is not None and last["hash"] == plan_hash:
        return plan_hash
    turn = 1 if last is None else last["turn"] + 1
    if tx.one(_FIND, the_hash=plan_hash) is None:
        tx.run(_INSERT, hash=plan_hash, turn=turn, first_at=now, since=now, document=document)
    else:
        tx.run(_AGAIN, the_hash=plan_hash, new_turn=turn, new_since=now)
    return None if last is None else str(last["hash"])


def name_day(tx: Tx, day: str, plan_hash: str) -> None:
    """Note with a service day which plan holds."""
    tx.run(_NAME_DAY, the_day=day, new_plan=plan_hash)
