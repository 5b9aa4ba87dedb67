"""Who looked whom up, from the event log: how much it was, and whom a search has shown to whom."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from checkin_server.db.schema import JUST_ONE, device, event, event_personal, is_one_of, session, staff
from checkin_server.db.tx import Row, Tx

_SAME = (event.c.device == bindparam("the_device"), event.c.staff == bindparam("the_staff"))
_SINCE = event.c.at >= bindparam("since")
_LOOKS = (
    select(event.c.kind, event.c.at, event.c.data)
    .where(is_one_of(event.c.kind, "members_searched", "visit_looked_up"), *_SAME, _SINCE)
    .order_by(event.c.seq)
)
_TOLD = (
    select(event.c.seq)
    .where(is_one_of(event.c.kind, "searches_limited"), *_SAME, _SINCE)
    .limit(JUST_ONE)
)  # fmt: skip
_SHOWN = (
    select(event.c.seq)
    .join_from(event_personal, event, event.c.seq == event_personal.c.event)
    .where(
        is_one_of(event_personal.c.kind, "member"),
        event_personal.c.content == bindparam("the_member"),
        is_one_of(event.c.kind, "members_searched", "member_registered", "card_issued_at_desk"),
        *_SAME,
        _SINCE,
    )
    .limit(JUST_ONE)
)
_SIGNED_IN = select(func.max(session.c.created_at).label("at")).where(
    session.c.device == bindparam("the_device"), session.c.staff == bindparam("the_staff"), session.c.ended_at.is_(None)
)
_ALARMS = (
    select(event.c.at, event.c.data, event.c.device, event.c.staff, device.c.role, device.c.station, staff.c.name)
    .select_from(event.join(device, device.c.id == event.c.device).outerjoin(staff, staff.c.id == event.c.staff))
    .where(is_one_of(event.c.kind, "searches_limited"), _SINCE)
    .order_by(event.c.seq)
)


def looks(tx: Tx, device_id: str, staff_id: str | None, since: int) -> list[Row]:
    """Return ``kind, at, data`` (JSON text) of a person's look-ups on a device since a moment, oldest first."""
    return tx.all(_LOOKS, the_device=device_id, the_staff=staff_id, since=since)


def was_told(tx: Tx, device_id: str, staff_id: str | None, since: int) -> bool:
    """Whether an alarm was raised about them since a moment."""
    return tx.one(_TOLD, the_device=device_id, the_staff=staff_id, since=since) is not None


def was_shown(tx: Tx, device_id: str, staff_id: str | None, member: str, since: int) -> bool:
    """Whether a person was shown a member on a device since a moment, by a search or by having registered them."""
    values = {"the_device": device_id, "the_staff": staff_id, "the_member": member, "since": since}
    return tx.one(_SHOWN, **values) is not None


def signed_in_at(tx: Tx, device_id: str, staff_id: str | None) -> int | None:
    """Return when the session of a person that runs on a device was begun; None when there is none."""
    row = tx.one(_SIGNED_IN, the_device=device_id, the_staff=staff_id)
    return None if row is None else row["at"]


def alarms(tx: Tx, since: int) -> list[Row]:
    """Return ``at, data, device, staff, role, station, name`` of who looked too many people up since a moment."""
    return tx.all(_ALARMS, since=since)
