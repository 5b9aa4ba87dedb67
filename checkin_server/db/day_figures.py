"""What a day's figures are made from: its whole event log, and what is kept beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, func, or_, select, tuple_

from checkin_server.db import days
from checkin_server.db.clock import MOMENT
from checkin_server.db.schema import at_most, device, event, feedback, is_one_of, referral, step, visit
from checkin_server.db.tx import Row, Tx

AT_ONCE = 20_000
"""Events that are read at a time, so that a long day is never in memory twice."""
_BEFORE = ("counter_opened", "counter_paused", "counter_closed")
"""What belongs to the day though it was done before it was opened: who opened a counter early is there then."""
BEGINNING = (-1, 0)
"""Before the first event."""
Span = dict[str, Any]
_NEVER = 2**62
_SPAN = select(func.min(event.c.seq).label("first"), func.max(event.c.seq).label("last")).where(
    event.c.service_day == bindparam("the_day")
)
_DAY_BEFORE = select(func.coalesce(func.max(event.c.seq), 0).label("seq")).where(
    is_one_of(event.c.kind, "day_ended"), event.c.seq < bindparam("first")
)
_events = select(
    event.c.seq, event.c.xid, MOMENT.label("at"), event.c.kind, event.c.visit, event.c.step, event.c.service,
    event.c.counter, event.c.number, event.c.device, event.c.plan, event.c.data,
).where(
    event.c.seq <= bindparam("last"),
    or_(
        event.c.service_day == bindparam("the_day"),
        and_(
            event.c.service_day.is_(None),
            event.c.seq > bindparam("before"),
            or_(event.c.seq >= bindparam("first"), is_one_of(event.c.kind, *_BEFORE)),
        ),
    ),
)  # fmt: skip
# Each database reads on from a place by its own key: what was read already is not looked at again.
_PART = {
    "sqlite": _events.where(event.c.seq > bindparam("after_seq")).order_by(event.c.seq).limit(at_most("most")),
    "postgresql": _events.where(
        tuple_(event.c.xid, event.c.seq)
        > tuple_(bindparam("after_xid", type_=BigInteger), bindparam("after_seq", type_=BigInteger))
    )
    .order_by(event.c.xid, event.c.seq)
    .limit(at_most("most")),
}
_STATIONS = select(device.c.id, device.c.station).where(is_one_of(device.c.role, "kiosk", "welcome"))
_WORDS = (
    select(feedback.c.kind, feedback.c.locale, feedback.c.text)
    .join_from(feedback, visit, feedback.c.visit == visit.c.id)
    .where(visit.c.service_day == bindparam("the_day"), feedback.c.text.is_not(None))
    .order_by(feedback.c.at, feedback.c.id)
)
_REFERRALS = (
    select(
        referral.c.office, referral.c.subject, referral.c.at, step.c.service, visit.c.number, step.c.note.label("note")
    )
    .join_from(referral, step, referral.c.step == step.c.id)
    .join(visit, step.c.visit == visit.c.id)
    .where(visit.c.service_day == bindparam("the_day"))
    .order_by(referral.c.office, referral.c.at, referral.c.id)
)


def span_of(tx: Tx, day: str) -> Span | None:
    """Return where a day's events lie in the log; None when it was never opened."""
    span = tx.one(_SPAN, the_day=day)
    if span is None or span["first"] is None:
        return None
    before = tx.one(_DAY_BEFORE, first=span["first"])
    assert before is not None
    row = days.find(tx, day)
    last = span["last"] if row is None or row["ended_at"] is not None else _NEVER
    return {"the_day": day, "before": before["seq"], "first": span["first"], "last": last}


def part(tx: Tx, span: Span, after: tuple[int, int], most: int) -> list[Row]:
    """Return up to `most` events of a day behind a place (``xid``, ``seq``) in the order of the log.

    Those of no day that lie between them too; ``data`` is JSON text.
    """
    place = {"after_seq": after[1]} if tx.dialect == "sqlite" else {"after_xid": after[0], "after_seq": after[1]}
    return tx.all(_PART[tx.dialect], **span, **place, most=most)


def stations(tx: Tx) -> dict[str, str]:
    """Return the station of every kiosk's and welcome desk's device, by the device's id; of those cut off too."""
    return {str(row["id"]): str(row["station"]) for row in tx.all(_STATIONS)}


def words(tx: Tx, day: str) -> list[Row]:
    """Return ``kind, locale, text`` of what was written that day, as far as it is kept."""
    return tx.all(_WORDS, the_day=day)


def referrals(tx: Tx, day: str) -> list[Row]:
    """Return ``office, subject, at, service, number, note`` of that day's cases, as far as they are kept."""
    return tx.all(_REFERRALS, the_day=day)
