"""Aggregates over a day: what dashboards, boards and estimates are made of."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, and_, bindparam, case, func, or_, select

from checkin_server.db.schema import at_most, is_one_of, step, visit
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as states

_STEP_COUNTS = (
    select(step.c.service, step.c.state, func.count().label("steps"))
    .where(step.c.service_day == bindparam("the_day"))
    .group_by(step.c.service, step.c.state)
    .order_by(step.c.service, step.c.state)
)


def _passed(earlier: Column[int], later: Column[int]) -> ColumnElement[int]:
    """Write how long it was from one moment to another; nothing where a clock went back in between."""
    return case((later > earlier, later - earlier), else_=0)


_TICKETS_OF = select(func.count().label("tickets")).where(
    step.c.service_day == bindparam("the_day"),
    step.c.service == bindparam("the_service"),
    step.c.state != "cancelled",
)
_WAITS = (
    select(
        step.c.service,
        func.count().label("called"),
        func.sum(_passed(step.c.since, step.c.called_at)).label("total_ms"),
        func.max(_passed(step.c.since, step.c.called_at)).label("max_ms"),
        func.sum(case((step.c.called_at - step.c.since <= bindparam("target_ms"), 1), else_=0)).label("in_time"),
    )
    .where(step.c.service_day == bindparam("the_day"), step.c.called_at.is_not(None))
    .group_by(step.c.service)
    .order_by(step.c.service)
)
_VISIT_COUNTS = select(
    func.count().label("arrivals"),
    func.sum(case((visit.c.number.is_not(None), 1), else_=0)).label("numbered"),
    func.sum(case((visit.c.state == "left", 1), else_=0)).label("left"),
).where(visit.c.service_day == bindparam("the_day"))
# Visits that have left have no open steps, so their table need not be asked.
_VISITS_WITH = select(func.count(func.distinct(step.c.visit)).label("visits")).where(
    step.c.service_day == bindparam("the_day"),
    is_one_of(step.c.state, *states.OPEN),
)
_INCOMPLETE = select(func.count(func.distinct(step.c.visit)).label("visits")).where(
    step.c.service_day == bindparam("the_day"),
    is_one_of(step.c.state, "cancelled"),
    is_one_of(step.c.outcome, "incomplete"),
)
_ARRIVALS = (
    select(
        ((visit.c.created_at - bindparam("since")) // bindparam("every")).label("slot"),
        func.count().label("visits"),
    )
    .where(visit.c.service_day == bindparam("the_day"))
    .group_by("slot")
    .order_by("slot")
)
_CALLS = (
    select(
        step.c.id,
        step.c.service,
        step.c.counter,
        step.c.called_at,
        step.c.recalls,
        step.c.state,
        visit.c.number,
        visit.c.locale,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(
        step.c.service_day == bindparam("the_day"),
        # Said first, so that the index skips those who were never called: they are most of a busy hall.
        step.c.called_at.is_not(None),
        or_(step.c.called_at > bindparam("since"), step.c.state == "called"),
        step.c.counter.is_not(None),
    )
    .order_by(step.c.called_at.desc(), step.c.id)
    .limit(at_most("most"))
)
# Few steps are placed, and each kind has an index of its own. With a day in the condition SQLite would rather read all
# steps of the day, so the day is compared afterwards.
_AT_COUNTERS = (
    select(
        step.c.service_day,
        step.c.id,
        step.c.visit,
        step.c.service,
        step.c.counter,
        step.c.state,
        step.c.called_at,
        step.c.started_at,
        visit.c.number,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(is_one_of(step.c.state, *states.AT_COUNTER))
)
_QUEUE = (
    select(
        step.c.id,
        step.c.service,
        step.c.state,
        step.c.since,
        visit.c.number,
        visit.c.locale,
        step.c.for_counter,
        visit.c.party_size,
        visit.c.active_step,
        visit.c.not_before,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(
        step.c.service_day == bindparam("the_day"),
        step.c.service == bindparam("the_service"),
        is_one_of(step.c.state, *states.AWAITING),
        visit.c.state == "open",
    )
    # Who is on the way comes first.
    .order_by(step.c.state, step.c.since, visit.c.number)
    .limit(at_most("most"))
)
_CALLABLE = (
    select(step.c.service, func.count().label("steps"), func.min(step.c.since).label("since"))
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(
        step.c.service_day == bindparam("the_day"),
        is_one_of(step.c.state, *states.AWAITING),
        visit.c.state == "open",
        or_(
            is_one_of(step.c.state, "headed"),
            and_(visit.c.active_step.is_(None), visit.c.not_before <= bindparam("now")),
        ),
    )
    .group_by(step.c.service)
)
_COUNTER_DAY = select(
    func.count().label("served"), func.sum(_passed(step.c.started_at, step.c.ended_at)).label("total_ms")
).where(
    step.c.counter == bindparam("the_counter"),
    step.c.service_day == bindparam("the_day"),
    step.c.state == "served",
)
_HEADED = (
    select(
        step.c.service_day,
        step.c.id,
        step.c.service,
        step.c.visit,
        step.c.since,
        step.c.headed_at,
        visit.c.number,
        visit.c.locale,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(is_one_of(step.c.state, *states.PLACED), is_one_of(step.c.state, "headed"))
    .order_by(visit.c.number)
)


def step_counts(tx: Tx, day: str) -> list[Row]:
    """Return ``service, state, steps``."""
    return tx.all(_STEP_COUNTS, the_day=day)


def tickets_of(tx: Tx, day: str, service: str) -> int:
    """Count the tickets given out for a service, less those that were given back."""
    row = tx.one(_TICKETS_OF, the_day=day, the_service=service)
    assert row is not None
    return int(row["tickets"])


def waiting_times(tx: Tx, day: str, target_ms: int) -> list[Row]:
    """Return ``service, called, total_ms, max_ms, in_time``: waiting time is from issue to last call."""
    return tx.all(_WAITS, the_day=day, target_ms=target_ms)


def visit_counts(tx: Tx, day: str) -> Row:
    """Return ``arrivals, numbered, left``."""
    row = tx.one(_VISIT_COUNTS, the_day=day)
    assert row is not None
    return {name: int(value or 0) for name, value in row.items()}


def visits_with_open_steps(tx: Tx, day: str) -> int:
    """Count the visits that still want something."""
    row = tx.one(_VISITS_WITH, the_day=day)
    assert row is not None
    return int(row["visits"])


def incomplete_visits(tx: Tx, day: str) -> int:
    """Count the visits that still wanted something when their day ended."""
    row = tx.one(_INCOMPLETE, the_day=day)
    assert row is not None
    return int(row["visits"])


def arrivals(tx: Tx, day: str, since: int, every_ms: int) -> dict[int, int]:
    """Return arrivals per slot of `every_ms` counted from `since`."""
    return {int(r["slot"]): int(r["visits"]) for r in tx.all(_ARRIVALS, the_day=day, since=since, every=every_ms)}


def calls(tx: Tx, day: str, since: int, most: int) -> list[Row]:
    """Return the calls since a time, and those that nobody has come to yet; newest first."""
    return tx.all(_CALLS, the_day=day, since=since, most=most)


def at_counters(tx: Tx, day: str) -> list[Row]:
    """Return every step that is called or being served."""
    return [row for row in tx.all(_AT_COUNTERS) if row["service_day"] == day]


def at_any_counter(tx: Tx) -> list[Row]:
    """Return every step that is called or being served, of whatever day."""
    return tx.all(_AT_COUNTERS)


def headed_anywhere(tx: Tx) -> list[Row]:
    """Return every step whose visitor is on the way, of whatever day."""
    return tx.all(_HEADED)


def queue(tx: Tx, day: str, service: str, most: int) -> list[Row]:
    """Return the head of a service's queue, longest waiting first."""
    return tx.all(_QUEUE, the_day=day, the_service=service, most=most)


def counter_day(tx: Tx, day: str, counter: str) -> Row:
    """Return ``served, total_ms`` of one counter."""
    row = tx.one(_COUNTER_DAY, the_day=day, the_counter=counter)
    assert row is not None
    return row


def headed(tx: Tx, day: str) -> list[Row]:
    """Return ``id, service, visit, since, headed_at, number, locale`` of visits on their way to a ready area."""
    return [row for row in tx.all(_HEADED) if row["service_day"] == day]


def callable_now(tx: Tx, day: str, now: int) -> list[Row]:
    """Return ``service, steps, since`` (of the longest waiting) of whom a counter could call now."""
    return tx.all(_CALLABLE, the_day=day, now=now)
