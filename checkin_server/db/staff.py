"""Staff, their sessions at counters, and the throttle on wrong PINs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from checkin_server.common.roles import OFFICE
from checkin_server.db.schema import device, is_one_of, session, staff, throttle
from checkin_server.db.tx import Row, Tx

_INSERT = insert(staff)
_BY_NAME = select(staff).where(staff.c.name == bindparam("the_name"), staff.c.active == 1)
_BY_ID = select(staff).where(staff.c.id == bindparam("the_name"), staff.c.active == 1)
_ALL = select(staff).order_by(staff.c.name)
_THROTTLE = select(throttle).where(throttle.c.key == bindparam("the_key")).with_for_update()
_THROTTLE_NOW = select(throttle).where(throttle.c.key == bindparam("the_key"))
_SET_THROTTLE = (
    update(throttle)
    .where(throttle.c.key == bindparam("the_key"))
    .values(failures=bindparam("new_failures"), locked_until=bindparam("new_locked_until"))
)
_ADD_THROTTLE = insert(throttle)
_CLEAR_THROTTLE = delete(throttle).where(throttle.c.key == bindparam("the_key"))
_THROTTLES = select(throttle).order_by(throttle.c.key)
_LOCKED = select(throttle).where(throttle.c.locked_until > bindparam("now")).order_by(throttle.c.key)
_SET_PIN = update(staff).where(staff.c.id == bindparam("the_id")).values(pin_hash=bindparam("new_hash"))
_SET_ACTIVE = update(staff).where(staff.c.id == bindparam("the_id")).values(active=bindparam("new_active"))
_ADD_SESSION = insert(session)
_SESSION = (
    select(session, staff.c.name, staff.c.role)
    .join_from(session, staff, session.c.staff == staff.c.id)
    .where(session.c.token_hash == bindparam("the_hash"), session.c.ended_at.is_(None), staff.c.active == 1)
)
_END_SESSION = (
    update(session)
    .where(
        session.c.token_hash == bindparam("the_hash"),
        session.c.device == bindparam("the_device"),
        session.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_RUNNING = (
    select(session.c.staff, session.c.device, session.c.token_hash)
    .join_from(session, staff, session.c.staff == staff.c.id)
    .where(session.c.ended_at.is_(None), session.c.expires_at > bindparam("now"), staff.c.active == 1)
)
_END_OF_PERSON = (
    update(session)
    .where(session.c.staff == bindparam("the_staff"), session.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_END_ON_DEVICE = (
    update(session)
    .where(session.c.device == bindparam("the_device"), session.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)

_END_ALL = (
    update(session)
    .where(
        session.c.ended_at.is_(None),
        session.c.created_at < bindparam("before"),
        session.c.device.in_(select(device.c.id).where(is_one_of(device.c.role, *OFFICE, negated=True))),
    )
    .values(ended_at=bindparam("at"))
)


def add(tx: Tx, **values: Any) -> None:
    """Add a member of staff."""
    tx.run(_INSERT, **values)


def named(tx: Tx, name: str) -> Row | None:
    """Return an active member of staff by name or by id."""
    return tx.one(_BY_NAME, the_name=name) or tx.one(_BY_ID, the_name=name)


def every(tx: Tx) -> list[Row]:
    """Return all staff."""
    return tx.all(_ALL)


def set_pin(tx: Tx, person: str, pin_hash: str) -> None:
    """Give somebody another PIN."""
    tx.run(_SET_PIN, the_id=person, new_hash=pin_hash)


def set_active(tx: Tx, person: str, active: int) -> None:
    """Say whether somebody may sign in: 1 or 0."""
    tx.run(_SET_ACTIVE, the_id=person, new_active=active)


def throttles(tx: Tx) -> list[Row]:
    """Return every throttle: ``key, failures, locked_until``."""
    return tx.all(_THROTTLES)


def locked_after(tx: Tx, now: int) -> list[Row]:
    """Return the throttles that lock at a moment."""
    return tx.all(_LOCKED, now=now)


def throttled(tx: Tx, key: str) -> Row | None:
    """Return ``failures`` and ``locked_until`` of a throttle key, if it has any, held until the commit.

    None holds nothing: whoever goes on must add the key with `add_throttle`.
    """
    return tx.one(_THROTTLE, the_key=key)


def throttled_now(tx: Tx, key: str) -> Row | None:
    """Return the same without holding it, for who only looks."""
    return tx.one(_THROTTLE_NOW, the_key=key)


def add_throttle(tx: Tx, key: str, failures: int, locked_until: int) -> None:
    """Add a throttle key that had none. Whoever was faster wins: the database runs the loser's job again."""
    tx.run(_ADD_THROTTLE, key=key, failures=failures, locked_until=locked_until)


def set_throttle(tx: Tx, key: str, failures: int, locked_until: int) -> None:
    """Write the failures of a throttle key that `throttled` holds."""
    tx.run(_SET_THROTTLE, the_key=key, new_failures=failures, new_locked_until=locked_until)


def clear_throttle(tx: Tx, key: str) -> None:
    """Forget a throttle key."""
    tx.run(_CLEAR_THROTTLE, the_key=key)


def add_session(tx: Tx, **values: Any) -> None:
    """Add a session."""
    tx.run(_ADD_SESSION, **{"ended_at": None, **values})


def session_by_hash(tx: Tx, token_hash: str) -> Row | None:
    """Return a session that has not been ended, with its staff's ``name`` and ``role``."""
    return tx.one(_SESSION, the_hash=token_hash)


def end_session(tx: Tx, token_hash: str, device: str, at: int) -> bool:
    """End a session of a device; False when it has none with this token."""
    return tx.run(_END_SESSION, the_hash=token_hash, the_device=device, at=at) == 1


def end_sessions_of(tx: Tx, person: str, at: int) -> int:
    """End all sessions of a person; return how many."""
    return tx.run(_END_OF_PERSON, the_staff=person, at=at)


def running(tx: Tx, now: int) -> list[Row]:
    """Return ``staff, device, token_hash`` of every session that runs: not ended, not over, its person active."""
    return tx.all(_RUNNING, now=now)


def end_sessions_on(tx: Tx, device: str, at: int) -> None:
    """End all sessions on a device: one person works at a tablet."""
    tx.run(_END_ON_DEVICE, the_device=device, at=at)


def end_sessions_before(tx: Tx, before: int, at: int) -> int:
    """End all sessions that were begun before a moment, but for the office's; return how many."""
    return tx.run(_END_ALL, before=before, at=at)
