"""Checks that a restart, a restore or an inspector may run: integrity and what a day promises its visitors."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select, text

from checkin_server.db.schema import is_one_of, service_day, step, visit
from checkin_server.db.tx import Tx
from checkin_server.domain import steps as states

_INTEGRITY = text("PRAGMA integrity_check")
_QUICK = text("PRAGMA quick_check")
"""All but the comparison of indexes with their tables, which takes most of the time."""
_NUMBERS = (
    select(
        service_day.c.id,
        service_day.c.last_number,
        func.count(visit.c.number).label("numbers"),
        # A day without a number has begun well: its first one will be 1.
        func.coalesce(func.min(visit.c.number), 1).label("lowest"),
        func.coalesce(func.max(visit.c.number), 0).label("highest"),
    )
    .select_from(service_day.outerjoin(visit, visit.c.service_day == service_day.c.id))
    .group_by(service_day.c.id, service_day.c.last_number)
)
_LOST = select(func.count().label("visits")).where(visit.c.state == "open", visit.c.number.is_(None))
_CLAIMS = (
    select(func.count().label("visits"))
    .select_from(visit.outerjoin(step, step.c.id == visit.c.active_step))
    .where(
        visit.c.active_step.is_not(None),
        or_(
            step.c.id.is_(None),
            is_one_of(step.c.state, *states.PLACED, negated=True),
            step.c.visit != visit.c.id,
        ),
    )
)
_UNCLAIMED = (
    select(func.count().label("steps"))
    .select_from(step.join(visit, visit.c.id == step.c.visit))
    .where(
        is_one_of(step.c.state, *states.PLACED),
        or_(visit.c.active_step.is_(None), and_(visit.c.active_step != step.c.id)),
    )
)


def problems(tx: Tx, *, quick: bool = False) -> list[str]:
    """Return what is wrong, in words; `quick` leaves out what takes long and is seldom broken."""
    found: list[str] = []
    if tx.dialect == "sqlite":
        answers = [str(next(iter(row.values()))) for row in tx.all(_QUICK if quick else _INTEGRITY)]
        found += [f"integrity: {answer}" for answer in answers if answer != "ok"]
    for row in tx.all(_NUMBERS):
        # No number is given twice (a unique index), so that these together say: 1, 2, 3 and so on, without a gap.
        if row["lowest"] != 1 or not row["last_number"] == row["numbers"] == row["highest"]:
            found.append(
                f"day {row['id']}: {row['numbers']} numbers given, lowest {row['lowest']}, highest {row['highest']}, "
                f"counter row {row['last_number']}; they must go from 1 to the counter row without a gap"
            )
    for statement, name, words in (
        (_LOST, "visits", "visits are open without a number"),
        (_CLAIMS, "visits", "visits are claimed for a step that is at no counter"),
        (_UNCLAIMED, "steps", "steps are at a counter without a claim on their visit"),
    ):
        row_or_none = tx.one(statement)
        if row_or_none and row_or_none[name]:
            found.append(f"{row_or_none[name]} {words}")
    return found
