"""Forgetting: what is to go and when, and the statements that remove it. What counts stays; events are never touched.

Each statement removes a few rows at a time, so that nobody waits for it, and finds what is left when it is run again.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, delete, func, insert, or_, select, update

from checkin_server.db.schema import (
    at_most,
    card,
    command,
    counter,
    event,
    event_personal,
    feedback,
    is_one_of,
    last_action,
    member,
    note,
    print_job,
    purge,
    referral,
    service_day,
    signed_card,
    staff,
    step,
    visit,
    visit_member,
)
from checkin_server.db.tx import Row, Tx

PATIENCE_MS = 86_400_000
"""What is due goes when no day is open, in the evening at the latest; only then is it overdue."""
A_FEW = 500
"""Rows that one transaction removes."""
_DAYS: ColumnElement[str] = bindparam("days", type_=Text())
_UNTIL: ColumnElement[int] = bindparam("until", type_=BigInteger())

# -- what is planned -------------------------------------------------------------------------------------------------

_FIND = select(purge).where(purge.c.kind == bindparam("the_kind"), purge.c.before_day == bindparam("the_day"))
_PLAN = insert(purge)
_RENEW = (
    update(purge)
    .where(purge.c.kind == bindparam("the_kind"), purge.c.before_day == bindparam("the_day"))
    .values(due_at=bindparam("new_due"), begun_at=None, done_at=None)
)
_DUE = select(purge).where(purge.c.done_at.is_(None), purge.c.due_at <= bindparam("now")).order_by(
    purge.c.before_day, purge.c.kind
)  # fmt: skip
_TO_COME = select(purge).where(purge.c.done_at.is_(None)).order_by(purge.c.due_at, purge.c.kind, purge.c.before_day)
_DONE = (
    select(event.c.at, event.c.data, staff.c.name)
    .select_from(event.outerjoin(staff, staff.c.id == event.c.staff))
    .where(is_one_of(event.c.kind, "purged", "member_erased"))
    .order_by(event.c.seq.desc())
    .limit(at_most("most"))
)
_BEGIN = (
    update(purge)
    .where(purge.c.kind == bindparam("the_kind"), purge.c.before_day == bindparam("the_day"))
    .values(begun_at=bindparam("now"))
)
_END = update(purge).where(
    purge.c.kind == bindparam("the_kind"), purge.c.before_day <= bindparam("the_day"), purge.c.done_at.is_(None)
).values(done_at=bindparam("now"))  # fmt: skip
_HELD = select(service_day.c.id, service_day.c.opened_at, service_day.c.ended_at).order_by(service_day.c.id)


# size: a row's columns; and whether what was done counts as done
def plan(tx: Tx, kind: str, before: str, due_at: int, now: int, *, again: bool) -> None:
    """Have a kind of data before a day go from a moment on.

    What was done already stays so, unless `again`: the day was opened once more and has ended again.
    """
    known = tx.one(_FIND, the_kind=kind, the_day=before)
    if known is None:
        tx.run(_PLAN, kind=kind, before_day=before, planned_at=now, due_at=due_at, begun_at=None, done_at=None)
    elif (known["done_at"] is None and known["due_at"] != due_at) or (known["done_at"] is not None and again):
        tx.run(_RENEW, the_kind=kind, the_day=before, new_due=due_at)


def due(tx: Tx, now: int) -> list[Row]:
    """Return what should be gone by a moment and is not: ``kind, before_day, due_at, begun_at``."""
    return tx.all(_DUE, now=now)


def overdue(tx: Tx, now: int) -> list[Row]:
    """Return what should have been gone a day ago: it goes by itself in the first hours in which no day is open."""
    return due(tx, now - PATIENCE_MS)


def to_come(tx: Tx) -> list[Row]:
    """Return what is planned and not done, by when it is due: ``kind, before_day, due_at, begun_at``."""
    return tx.all(_TO_COME)


def done(tx: Tx, most: int) -> list[Row]:
    """Return ``at, data`` (JSON text) and ``name`` (of staff) of the newest purges and erasures, newest first."""
    return tx.all(_DONE, most=most)


def begin(tx: Tx, kind: str, before: str, now: int) -> None:
    """Note that a purge was begun: whoever finds it unfinished goes on with it."""
    tx.run(_BEGIN, the_kind=kind, the_day=before, now=now)


def end(tx: Tx, kind: str, before: str, now: int) -> None:
    """Note that it is done; what was planned for earlier days is done with it."""
    tx.run(_END, the_kind=kind, the_day=before, now=now)


def held(tx: Tx) -> list[Row]:
    """Return ``id, opened_at, ended_at`` of every day that was ever opened."""
    return tx.all(_HELD)


# -- what is removed -------------------------------------------------------------------------------------------------


def _among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that a column is one of the days, which are given as one text: ``,2019-12-26,2019-12-27,``."""
    return func.replace(_DAYS, "," + column + ",", "") != _DAYS


_VISITS = select(visit.c.id).where(_among(visit.c.service_day))
_EVENTS = select(event.c.seq).where(or_(_among(func.coalesce(event.c.service_day, "-")), event.c.at < _UNTIL))
_SPARED = is_one_of(print_job.c.state, "queued", "sending")
_OLD_PRINTS = and_(
    or_(_among(func.coalesce(print_job.c.service_day, "-")), print_job.c.created_at < _UNTIL),
    print_job.c.spec != "{}",
    ~_SPARED,
)


def _some(key: ColumnElement[Any], which: ColumnElement[bool]) -> ColumnElement[bool]:
    return key.in_(select(key).where(which).limit(at_most("most")))


def _of_visits(table: Any, extra: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(or_(table.c.visit.in_(_VISITS), table.c.at < _UNTIL), extra)


_TYPED_STEP = and_(_among(step.c.service_day), step.c.note.is_not(None))
_TYPED_WHY = select(step.c.id, step.c.why).where(
    _among(step.c.service_day), step.c.why.like('%"out_of_turn"%"reason"%')
).limit(at_most("most"))  # fmt: skip
_NEW_WHY = update(step).where(step.c.id == bindparam("the_step")).values(why=bindparam("new_why"))
_OLD_SUBJECT = and_(
    or_(referral.c.step.in_(select(step.c.id).where(_among(step.c.service_day))), referral.c.at < _UNTIL),
    referral.c.subject != "",
)
_TEXTS = (
    update(feedback).where(_some(feedback.c.id, _of_visits(feedback, feedback.c.text.is_not(None)))).values(text=None),
    update(note).where(_some(note.c.id, _of_visits(note, note.c.text != ""))).values(text=""),
    update(referral).where(_some(referral.c.id, _OLD_SUBJECT)).values(subject=""),
    update(step).where(_some(step.c.id, _TYPED_STEP)).values(note=None),
    delete(event_personal).where(
        _some(event_personal.c.event, and_(event_personal.c.kind == "typed", event_personal.c.event.in_(_EVENTS))),
        event_personal.c.kind == "typed",
    ),
    delete(command).where(_some(command.c.id, command.c.at < _UNTIL)),
    delete(last_action).where(last_action.c.at < _UNTIL),
    update(counter).where(counter.c.since < _UNTIL, counter.c.reason.is_not(None)).values(reason=None),
)
_PRINTS = (update(print_job).where(_some(print_job.c.id, _OLD_PRINTS)).values(spec="{}"),)
_LINKS = (
    delete(visit_member).where(_some(visit_member.c.visit, _among(visit_member.c.service_day))),
    update(visit)
    .where(_some(visit.c.id, and_(_among(visit.c.service_day), visit.c.member.is_not(None))))
    .values(member=None),
    update(signed_card)
    .where(_some(signed_card.c.card, and_(signed_card.c.seen_at.is_not(None), signed_card.c.seen_at < _UNTIL)))
    .values(seen_place=None, seen_at=None),
    delete(event_personal).where(
        _some(event_personal.c.event, and_(event_personal.c.kind == "member", event_personal.c.event.in_(_EVENTS))),
        event_personal.c.kind == "member",
    ),
)
_FREE = and_(
    ~select(visit.c.id).where(visit.c.member == member.c.id).exists(),
    ~select(visit_member.c.visit).where(visit_member.c.member == member.c.id).exists(),
)
_FREE_MEMBERS = select(member.c.id).where(_FREE)
_MEMBERS = (
    delete(card).where(_some(card.c.code, card.c.member.in_(_FREE_MEMBERS))),
    delete(signed_card).where(
        _some(signed_card.c.card, and_(signed_card.c.member.in_(_FREE_MEMBERS), signed_card.c.revoked_at.is_(None)))
    ),
    update(signed_card)
    .where(_some(signed_card.c.card, signed_card.c.member.in_(_FREE_MEMBERS)))
    .values(member=None, turn=None, seen_place=None, seen_at=None),
    delete(member).where(_some(member.c.id, _FREE)),
    delete(event_personal).where(
        event_personal.c.kind == "member", event_personal.c.content.not_in(select(member.c.id))
    ),
)
_STATEMENTS: dict[str, tuple[Any, ...]] = {
    "texts": _TEXTS, "prints": _PRINTS, "links": _LINKS, "members": _MEMBERS, "pages": (),
}  # fmt: skip
_OLD_JOBS = select(print_job.c.id).where(
    or_(_among(func.coalesce(print_job.c.service_day, "-")), print_job.c.created_at < _UNTIL), ~_SPARED
)
_JOBS = select(print_job.c.id)


def parts(kind: str) -> int:
    """Return in how many parts a kind of data is removed; `remove` takes their numbers."""
    return len(_STATEMENTS[kind]) + (kind == "texts")


def remove(tx: Tx, kind: str, part: int, days: frozenset[str], until: int) -> int:
    """Remove a few rows of a part of what lies before; return how many there were, 0 when nothing is left."""
    listed = f",{','.join(sorted(days))},"
    if part == len(_STATEMENTS[kind]):
        return _shorten_whys(tx, listed)
    statement = _STATEMENTS[kind][part]
    required = {"days": listed, "until": until, "most": A_FEW}
    wanted = tx.names_in(statement)
    return tx.run(statement, **{name: value for name, value in required.items() if name in wanted})


def _shorten_whys(tx: Tx, listed: str) -> int:
    """Take what a clerk typed out of why somebody was served out of turn."""
    rows = tx.all(_TYPED_WHY, days=listed, most=A_FEW)
    for row in rows:
        why = {name: said for name, said in json.loads(row["why"]).items() if name != "reason"}
        tx.run(_NEW_WHY, the_step=row["id"], new_why=json.dumps(why))
    return len(rows)


def old_jobs(tx: Tx, days: frozenset[str], until: int) -> set[str]:
    """Return the print jobs that lie before, whose files may go."""
    return {str(row["id"]) for row in tx.all(_OLD_JOBS, days=f",{','.join(sorted(days))},", until=until)}


def jobs(tx: Tx) -> set[str]:
    """Return every print job that is known."""
    return {str(row["id"]) for row in tx.all(_JOBS)}
