"""Reading the append-only event log; `Tx.emit` writes it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from checkin_server.db.schema import at_most, event, is_one_of
from checkin_server.db.tx import Row, Tx

_DEEDS = (
    "visitor_called",
    "visitor_recalled",
    "visitor_missed",
    "service_started",
    "service_finished",
    "step_parked",
    "step_resumed",
    "step_transferred",
    "service_added",
    "note_written",
    "action_undone",
    "counter_opened",
    "counter_paused",
)
"""What only somebody who is at the counter does."""
_LAST = select(func.max(event.c.at).label("at")).where(event.c.service_day.is_not(None))
_LAST_DAY_NEWS = select(func.max(event.c.seq).label("seq")).where(
    is_one_of(event.c.kind, "day_opened", "day_closed", "day_hours_set")
)
_ACTIVE = (
    select(event.c.counter)
    .where(event.c.at > bindparam("after"), event.c.counter.is_not(None), is_one_of(event.c.kind, *_DEEDS))
    .distinct()
)
_PART_OF_DAY = (
    select(
        event.c.seq,
        event.c.at,
        event.c.kind,
        event.c.visit,
        event.c.step,
        event.c.service,
        event.c.number,
        event.c.data,
    )
    .where(event.c.seq > bindparam("after"), event.c.service_day == bindparam("the_day"))
    .order_by(event.c.seq)
    .limit(at_most("most"))
)
_TAIL = (
    select(event.c.seq, event.c.kind, event.c.visit, event.c.counter)
    .where(event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
)
_LAST_SEQ = select(func.max(event.c.seq).label("seq"))


def part_of_day(tx: Tx, day: str, after: int, most: int) -> list[Row]:
    """Return up to `most` events of a day behind a place in the log, oldest first; ``data`` is JSON text."""
    return tx.all(_PART_OF_DAY, the_day=day, after=after, most=most)


def tail(tx: Tx, after: int) -> list[Row]:
    """Return ``seq, kind, visit, counter`` of the events behind a place in the log."""
    return tx.all(_TAIL, after=after)


def last_seq(tx: Tx) -> int:
    """Return the place of the newest event in the log, or 0."""
    row = tx.one(_LAST_SEQ)
    return int(row["seq"] or 0) if row else 0


_OF_DAY = (
    select(
        event.c.seq,
        event.c.at,
        event.c.kind,
        event.c.number,
        event.c.service,
        event.c.counter,
        event.c.device,
        event.c.staff,
        event.c.data,
    )
    .where(event.c.service_day == bindparam("the_day"))
    .order_by(event.c.seq)
)

_RULINGS = (
    select(event.c.service, event.c.at, event.c.data)
    .where(is_one_of(event.c.kind, "last_tickets_set"), event.c.service_day == bindparam("the_day"))
    .order_by(event.c.seq)
)


def rulings(tx: Tx, day: str) -> list[Row]:
    """Return ``service, at, data`` (JSON text) of what was decided about last tickets, the newest last."""
    return tx.all(_RULINGS, the_day=day)


def last_at(tx: Tx) -> int:
    """Return the time of the newest event of a service day, or 0; commands beside the server only know real time."""
    row = tx.one(_LAST)
    return int(row["at"] or 0) if row else 0


def last_day_news(tx: Tx) -> int:
    """Return the place in the log of the newest event that opened or closed a day, or 0."""
    row = tx.one(_LAST_DAY_NEWS)
    return int(row["seq"] or 0) if row else 0


def active_counters(tx: Tx, after: int) -> set[str]:
    """Return the counters at which somebody has done something since a time."""
    return {str(row["counter"]) for row in tx.all(_ACTIVE, after=after)}


def of_day(tx: Tx, day: str) -> list[Row]:
    """Return a day's events in the order of the log, without visits' references; ``data`` is JSON text."""
    return tx.all(_OF_DAY, the_day=day)
