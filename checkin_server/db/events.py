"""Questions to the append-only event log. `Tx.emit` writes it, `checkin_server/db/feed.py` follows it."""

from __future__ import annotations

import json

from sqlalchemy import and_, bindparam, func, select

from checkin_server.db import clock
from checkin_server.db.clock import MOMENT
from checkin_server.db.schema import JUST_ONE, event, event_personal, is_one_of
from checkin_server.db.tx import Row, Tx

_LAST_SEQ = select(func.coalesce(func.max(event.c.seq), 0).label("seq"))
_RESTORES = (
    select(event.c.kind, event.c.service_day, MOMENT.label("at"), event.c.data)
    .where(is_one_of(event.c.kind, "database_restored", "numbers_skipped"))
    .order_by(event.c.seq)
)
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
_ACTIVE = (
    select(event.c.counter)
    .where(bindparam("after") < MOMENT, event.c.counter.is_not(None), is_one_of(event.c.kind, *_DEEDS))
    .distinct()
)
_OF_DAY = (
    select(
        event.c.seq,
        MOMENT.label("at"),
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
    select(event.c.service, MOMENT.label("at"), event.c.data, event_personal.c.content.label("reason"))
    .outerjoin_from(
        event, event_personal, and_(event_personal.c.event == event.c.seq, event_personal.c.part == "reason")
    )
    .where(is_one_of(event.c.kind, "last_tickets_set"), event.c.service_day == bindparam("the_day"))
    .order_by(event.c.seq)
)

_ENDED_WITH_DAY = (
    select(event.c.visit, event.c.data)
    .where(
        is_one_of(event.c.kind, "visit_ended"),
        event.c.service_day == bindparam("the_day"),
        event.c.at == bindparam("the_moment"),
    )
    .order_by(event.c.seq)
)
_GIVEN_UP = (
    select(event.c.data)
    .where(
        is_one_of(event.c.kind, "visit_left"),
        event.c.service_day == bindparam("the_day"),
        event.c.visit == bindparam("the_visit"),
        event.c.at == bindparam("the_moment"),
    )
    .order_by(event.c.seq.desc())
    .limit(1)
)


_TIMES = (
    select(event.c.at)
    .where(event.c.kind == bindparam("the_kind"), event.c.visit == bindparam("the_visit"))
    .where(event.c.at > bindparam("since"))
    .order_by(event.c.seq)
)
_BETWEEN = (
    select(event.c.seq)
    .where(event.c.service_day.is_(None), event.c.at >= bindparam("begins"), event.c.at < bindparam("ends"))
    .limit(JUST_ONE)
)


def between(tx: Tx, begins: int, ends: int) -> bool:
    """Whether something happened beside every service day from a moment on and before another."""
    return tx.one(_BETWEEN, begins=begins, ends=ends) is not None


def times_of(tx: Tx, visit: str, kind: str, since: int) -> list[int]:
    """Return when something of a kind happened to a visit since a time, oldest first."""
    return [int(row["at"]) for row in tx.all(_TIMES, the_visit=visit, the_kind=kind, since=since)]


def ended_with_day(tx: Tx, day: str, at: int) -> list[Row]:
    """Return ``visit, data`` (JSON text) of the visits that ended when their day did, at `at`."""
    return tx.all(_ENDED_WITH_DAY, the_day=day, the_moment=at)


def given_up(tx: Tx, visit_id: str, day: str, at: int) -> str | None:
    """Return the data (JSON text) of the event by which a visit left at `at`; None where it ended otherwise."""
    row = tx.one(_GIVEN_UP, the_visit=visit_id, the_day=day, the_moment=at)
    return None if row is None else str(row["data"])


def rulings(tx: Tx, day: str) -> list[Row]:
    """Return ``service, at, data`` (JSON text) and ``reason`` of what was decided about last tickets, newest last.

    The reason is null once it is forgotten.
    """
    return tx.all(_RULINGS, the_day=day)


def last_at(tx: Tx) -> int:
    """Return the time of the newest event of a service day, or 0; commands beside the server only know real time."""
    return clock.last_at(tx)


def last_seq(tx: Tx) -> int:
    """Return the number of the newest event, or 0."""
    row = tx.one(_LAST_SEQ)
    assert row is not None
    return int(row["seq"])


def restores(tx: Tx) -> list[Row]:
    """Return ``kind, service_day, at, data`` (JSON text) of what was restored, and of numbers left out since."""
    return tx.all(_RESTORES)


def was_restored(tx: Tx, day: str) -> bool:
    """Whether a copy was brought back on a service day, or since before it was opened: visits of it may be unknown."""
    return any(row["service_day"] == day for row in restores(tx))


def copied_at(tx: Tx, day: str) -> int | None:
    """Return the last moment that the copy knew which was brought back on a day; None where nobody can tell."""
    known = [json.loads(row["data"]).get("copy_at") for row in restores(tx) if row["service_day"] == day]
    return max((int(at) for at in known if at is not None), default=None)


def active_counters(tx: Tx, after: int) -> set[str]:
    """Return the counters at which somebody has done something since a time."""
    return {str(row["counter"]) for row in tx.all(_ACTIVE, after=after)}


def of_day(tx: Tx, day: str) -> list[Row]:
    """Return a day's events in the order of the log, without visits' references; ``data`` is JSON text."""
    return tx.all(_OF_DAY, the_day=day)
