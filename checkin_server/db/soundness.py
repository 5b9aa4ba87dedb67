"""Checks that a restart, a restore or an inspector may run: integrity and what a day promises its visitors."""

from __future__ import annotations

import json

from sqlalchemy import and_, bindparam, func, or_, select, text

from checkin_server.db import events
from checkin_server.db.schema import is_one_of, service_day, step, visit
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as states

_INTEGRITY = text("PRAGMA integrity_check")
_QUICK = text("PRAGMA quick_check")
"""All but the comparison of indexes with their tables, which takes most of the time."""
_NUMBERS = (
    select(
        service_day.c.id,
        service_day.c.last_number,
        func.count(visit.c.number).label("numbers"),
        func.coalesce(func.min(visit.c.number), 1).label("lowest"),
        func.coalesce(func.max(visit.c.number), 0).label("highest"),
    )
    .select_from(service_day.outerjoin(visit, visit.c.service_day == service_day.c.id))
    .group_by(service_day.c.id, service_day.c.last_number)
)
_WITHIN = select(func.count().label("numbers")).where(
    visit.c.service_day == bindparam("the_day"), visit.c.number.between(bindparam("first"), bindparam("last"))
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
    skipped = _skipped(tx)
    for row in tx.all(_NUMBERS):
        found += _gaps(tx, row, skipped.get(row["id"], []))
    for statement, name, words in (
        (_LOST, "visits", "visits are open without a number"),
        (_CLAIMS, "visits", "visits are claimed for a step that is at no counter"),
        (_UNCLAIMED, "steps", "steps are at a counter without a claim on their visit"),
    ):
        row_or_none = tx.one(statement)
        if row_or_none and row_or_none[name]:
            found.append(f"{row_or_none[name]} {words}")
    return found


def _skipped(tx: Tx) -> dict[str, list[tuple[int, int]]]:
    """Return by day which numbers were left out after a restore: first and last, as the log says."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    for row in events.restores(tx):
        if row["kind"] == "numbers_skipped":
            data = json.loads(row["data"])
            ranges.setdefault(row["service_day"], []).append((data["from"], data["to"]))
    return ranges


def _gaps(tx: Tx, row: Row, skipped: list[tuple[int, int]]) -> list[str]:
    """Say what is wrong with a day's numbers: they go from 1 to the counter row, but for exactly those left out.

    No number is given twice (a unique index), so that their count says whether all are there.
    """
    left_out = sum(last - first + 1 for first, last in skipped)
    inside = sum(
        int((tx.one(_WITHIN, the_day=row["id"], first=first, last=last) or {"numbers": 0})["numbers"])
        for first, last in skipped
    )
    below = row["numbers"] == 0 or (row["lowest"] >= 1 and row["highest"] <= row["last_number"])
    if row["last_number"] == row["numbers"] + left_out and not inside and below:
        return []
    words = f"{row['numbers']} numbers given, lowest {row['lowest']}, highest {row['highest']}, "
    words += f"counter row {row['last_number']}"
    words += f", {left_out} left out after a restore" if left_out else ""
    return [f"day {row['id']}: {words}; they must go from 1 to the counter row without another gap"]
