"""The event log as an audit reads it: newest or oldest first, a stretch of numbers at a time, so that nobody waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, func, or_, select

from checkin_server.db.clock import MOMENT
from checkin_server.db.schema import (
    at_most,
    device,
    event,
    event_personal,
    is_one_of,
    ledger,
    member,
    staff,
    visit,
    visit_member,
)
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.audit import OF_THE_MACHINE


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are asked for. None: all."""

    day: str | None = None
    """Of this service day; what has none, by its moment."""
    begins: int = 0
    """When the day's date begins at the venue (milliseconds since 1970 UTC)."""
    ends: int = 0
    member: str | None = None
    """About this member, or a visit that was theirs."""
    visits: str = ""
    """Those visits: `visits_of`."""
    staff: str | None = None
    """By this person of the staff, or about them; by id."""


def _text(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text())


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger())


_OF_DAY = or_(
    _text("day").is_(None),
    event.c.service_day == _text("day"),
    and_(event.c.service_day.is_(None), _number("begins") <= MOMENT, _number("ends") > MOMENT),
)
_ABOUT = select(event_personal.c.event).where(
    is_one_of(event_personal.c.kind, "member"), event_personal.c.content == _text("member")
)
_OF_MEMBER = or_(
    _text("member").is_(None),
    func.replace(_text("visits"), "," + event.c.visit + ",", "") != _text("visits"),
    event.c.seq.in_(_ABOUT),
)
_OF_STAFF = or_(_text("staff").is_(None), event.c.staff == _text("staff"))
_STRETCH = and_(event.c.seq >= _number("first"), event.c.seq < _number("behind"))
_ASKED_FOR = and_(_STRETCH, is_one_of(event.c.kind, *OF_THE_MACHINE, negated=True), _OF_DAY, _OF_MEMBER, _OF_STAFF)
_ROWS = (
    select(
        event.c.seq, ledger.c.position, MOMENT.label("at"), event.c.kind, event.c.service_day, event.c.visit,
        event.c.service, event.c.counter, event.c.number, event.c.device, event.c.staff, event.c.data,
        staff.c.name.label("staff_name"), device.c.role, device.c.station,
    )
    .select_from(
        event.outerjoin(staff, staff.c.id == event.c.staff)
        .outerjoin(device, device.c.id == event.c.device)
        .outerjoin(ledger, ledger.c.event == event.c.seq)
    )
    .where(_ASKED_FOR)
)  # fmt: skip
_OLDEST_FIRST = _ROWS.order_by(event.c.seq).limit(at_most("most"))
_NEWEST_FIRST = _ROWS.order_by(event.c.seq.desc()).limit(at_most("most"))
_BESIDE = (
    select(event_personal.c.event, event_personal.c.part, event_personal.c.kind, event_personal.c.content)
    .where(event_personal.c.event >= _number("first"), event_personal.c.event < _number("behind"))
    .order_by(event_personal.c.event, event_personal.c.part)
)
_WHOSE = (
    select(event.c.seq, visit_member.c.member)
    .join_from(event, visit_member, visit_member.c.visit == event.c.visit)
    .where(_STRETCH)
    .order_by(event.c.seq, visit_member.c.member)
)
_VISITS = (
    select(visit.c.id)
    .where(visit.c.member == _text("member"))
    .union(select(visit_member.c.visit).where(visit_member.c.member == _text("member")))
)
_KNOWN_MEMBER = (
    select(member.c.id).where(member.c.id == _text("member")).union(
        select(event_personal.c.content).where(
            is_one_of(event_personal.c.kind, "member"), event_personal.c.content == _text("member")
        )
    )
)  # fmt: skip
_STAFF = (
    select(staff.c.id, staff.c.name)
    .where(or_(staff.c.name == _text("who"), staff.c.id == _text("who")))
    .order_by(staff.c.name != _text("who"))
)


def stretch(tx: Tx, wanted: Filter, first: int, behind: int, most: int, *, newest_first: bool) -> list[Row]:
    """Return up to `most` events with numbers from `first` on and before `behind`; ``data`` is JSON text.

    ``members``: whom they are about, by id, as far as that is still known; ``typed``: what was typed, by its name.
    """
    statement = _NEWEST_FIRST if newest_first else _OLDEST_FIRST
    rows = tx.all(statement, **asdict(wanted), first=first, behind=behind, most=most)
    if not rows:
        return []
    low, high = min(row["seq"] for row in rows), max(row["seq"] for row in rows) + 1
    by_seq: dict[int, Row] = {row["seq"]: row for row in rows}
    for row in rows:
        row.update(members=[], typed={})
    for part in tx.all(_BESIDE, first=low, behind=high):
        row = by_seq.get(part["event"], {})
        if row and part["kind"] == "member":
            row["members"].append((int(part["part"].rpartition(".")[2] or 0), part["content"]))
        elif row:
            row["typed"][part["part"]] = part["content"]
    for row in rows:
        row["members"] = [name for _, name in sorted(row["members"])]
    for found in tx.all(_WHOSE, first=low, behind=high):
        row = by_seq.get(found["seq"], {})
        if row and found["member"] not in row["members"]:
            row["members"].append(found["member"])
    return rows


def visits_of(tx: Tx, member_id: str) -> str | None:
    """Return a member's visits as `Filter.visits`; None when nobody of that id was ever known, or is any more."""
    if tx.one(_KNOWN_MEMBER, member=member_id) is None:
        return None
    return "," + "".join(f"{row['id']}," for row in tx.all(_VISITS, member=member_id))


def somebody(tx: Tx, who: str) -> Row | None:
    """Return ``id, name`` of somebody of the staff by name or id, also of one who may not sign in any more."""
    return tx.one(_STAFF, who=who)
