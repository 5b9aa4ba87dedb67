"""Moments in rows: moved together when a clock was wrong, and never further ahead than the rules allow.

Rows say how things are, so they are changed; the event log says what was written, and is read with an offset
(`checkin_server/db/clock.py`).
"""

from __future__ import annotations

from sqlalchemy import Column, Table, Update, and_, bindparam, update

from checkin_server.db import schema
from checkin_server.db.tx import Tx
from checkin_server.domain.moments import Longest

STAMPED: tuple[Column[int], ...] = tuple(
    table.c[name]
    for table, names in (
        (schema.service_day, ("opened_at", "closed_at", "ended_at")),
        (schema.card, ("issued_at", "revoked_at")),
        (schema.signed_card, ("revoked_at", "seen_at")),
        (schema.visit, ("not_before", "hold_until", "created_at", "numbered_at", "card_at", "left_at", "waits_from")),
        (schema.step, ("since", "headed_at", "first_called_at", "called_at", "started_at", "ended_at")),
        (schema.referral, ("at",)),
        (schema.feedback, ("at",)),
        (schema.counter, ("since",)),
        (schema.last_action, ("at",)),
        (schema.note, ("at",)),
        (schema.command, ("at",)),
        (schema.print_job, ("not_before", "created_at", "updated_at")),
        (schema.device, ("created_at", "revoked_at", "last_seen")),
        (schema.pairing, ("created_at", "expires_at")),
        (schema.throttle, ("locked_until",)),
        (schema.session, ("created_at", "expires_at", "ended_at")),
        (schema.probe, ("at",)),
        (schema.plan, ("first_at", "since")),
        (schema.life, ("at",)),
        (schema.printer_doubt, ("since",)),
        (schema.purge, ("planned_at", "due_at", "begun_at", "done_at")),
    )
    for name in names
)
"""Every moment in a row that a clock gave. Not a day's hours, which the plan gives, nor the log's moments."""


def _shift(column: Column[int], *, to_the_end: bool) -> Update:
    where = column >= bindparam("since")
    if not to_the_end:
        where = and_(where, column < bindparam("before"))
    return update(column.table).where(where).values({column: column + bindparam("by")})


_AHEAD = ("not_before", "hold_until", "expires_at", "locked_until", "due_at")
"""Moments that lie in the future when they are written."""
_SHIFT_STAMPS = tuple(_shift(column, to_the_end=True) for column in STAMPED if column.name not in _AHEAD)
_SHIFTS = tuple(_shift(column, to_the_end=True) for column in STAMPED)
_SHIFTS_BEFORE = tuple(_shift(column, to_the_end=False) for column in STAMPED)
_HOURS = (
    update(schema.service_day)
    .where(schema.service_day.c.id == bindparam("the_day"))
    .values(
        opens_at=schema.service_day.c.opens_at + bindparam("by"),
        closes_at=schema.service_day.c.closes_at + bindparam("by"),
    )
)


def shift(tx: Tx, since: int, by: int, before: int | None = None) -> int:
    """Move all moments of rows from `since` on (those that lie ahead as well, or up to `before`) by `by` ms.

    Returns how many were moved.
    """
    if before is None:
        return sum(tx.run(statement, since=since, by=by) for statement in _SHIFTS)
    return sum(tx.run(statement, since=since, before=before, by=by) for statement in _SHIFTS_BEFORE)


def shift_stamps(tx: Tx, since: int, by: int) -> int:
    """Move the moments of rows from `since` on that say when something happened; return how many were moved."""
    return sum(tx.run(statement, since=since, by=by) for statement in _SHIFT_STAMPS)


def shift_hours(tx: Tx, day: str, by: int) -> None:
    """Move a day's hours: a demo's were reckoned from the clock that was wrong."""
    tx.run(_HOURS, the_day=day, by=by)


_CLAMPS: dict[str, Update] = {}


def _clamp(name: str) -> Update:
    table_name, column_name = name.split(".")
    table: Table = schema.metadata.tables[table_name]
    column = table.c[column_name]
    return update(table).where(column > bindparam("latest")).values({column: bindparam("latest")})


def clamp(tx: Tx, longest: Longest, now: int) -> int:
    """Bring what lies further ahead than the rules allow to the longest that they do; return how many rows."""
    changed = 0
    for name, span in longest.spans.items():
        statement = _CLAMPS.setdefault(name, _clamp(name))
        changed += tx.run(statement, latest=now + span)
    return changed
