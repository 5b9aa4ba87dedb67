"""What the router's mirror in memory reads: visits that still want something, whole, and what it has learned from."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from checkin_server.db.schema import event, is_one_of, step, visit
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as states

_VISIT = (
    visit.c.id,
    visit.c.service_day,
    visit.c.number,
    visit.c.state,
    visit.c.category,
    visit.c.needs,
    visit.c.party_size,
    visit.c.keep_together,
    visit.c.active_step,
    visit.c.not_before,
    visit.c.created_at,
    visit.c.numbered_at,
    visit.c.link,
    visit.c.priority,
    visit.c.priority_minutes,
)
_OPEN_VISITS = select(*_VISIT).where(
    visit.c.service_day == bindparam("the_day"),
    visit.c.id.in_(
        select(step.c.visit).where(
            step.c.service_day == bindparam("the_day"),
            is_one_of(step.c.state, *states.OPEN),
        )
    ),
)
_THEIR_STEPS = (
    select(step)
    .where(
        step.c.visit.in_(
            select(step.c.visit).where(
                step.c.service_day == bindparam("the_day"),
                is_one_of(step.c.state, *states.OPEN),
            )
        )
    )
    .order_by(step.c.visit, step.c.position)
)
_SERVED = (
    select(
        step.c.id,
        step.c.service,
        step.c.state,
        step.c.counter,
        step.c.started_at,
        step.c.ended_at,
        visit.c.party_size,
        visit.c.keep_together,
    )
    .select_from(event.join(step, step.c.id == event.c.step).join(visit, visit.c.id == step.c.visit))
    .where(
        is_one_of(event.c.kind, "service_finished"),
        event.c.service_day == bindparam("the_day"),
        step.c.state == "served",
        step.c.started_at.is_not(None),
    )
    # In the order in which it was learned the first time.
    .order_by(event.c.seq)
)
_STARTED = (
    select(
        step.c.id,
        step.c.visit,
        step.c.service,
        step.c.state,
        step.c.headed_at,
        step.c.called_at,
        step.c.started_at,
        step.c.recalls,
        visit.c.category,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(step.c.service_day == bindparam("the_day"), step.c.started_at.is_not(None))
    # In the order in which it was learned the first time.
    .order_by(step.c.started_at, step.c.id)
)
_ARRIVED = (
    select(
        step.c.id,
        step.c.visit,
        step.c.service,
        step.c.since,
        visit.c.number,
        visit.c.category,
        visit.c.needs,
        visit.c.party_size,
        visit.c.keep_together,
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(step.c.service_day == bindparam("the_day"), visit.c.number.is_not(None))
    .order_by(visit.c.number, step.c.position)
)


def open_visits(tx: Tx, day: str) -> list[Row]:
    """Return the visits that still want something."""
    return tx.all(_OPEN_VISITS, the_day=day)


def steps_of_open_visits(tx: Tx, day: str) -> list[Row]:
    """Return all steps of those visits, also the ended ones, by visit and in the order they were asked for."""
    return tx.all(_THEIR_STEPS, the_day=day)


def served(tx: Tx, day: str) -> list[Row]:
    """Return the services that have ended with their times, in the log's order: what is learned from."""
    return tx.all(_SERVED, the_day=day)


def started(tx: Tx, day: str) -> list[Row]:
    """Return the services that have begun with the way to them, in the order of time: what is learned from as well."""
    return tx.all(_STARTED, the_day=day)


def arrived(tx: Tx, day: str) -> list[Row]:
    """Return what each visit of the day wanted, in the order of their numbers: the like of them are expected."""
    return tx.all(_ARRIVED, the_day=day)
