"""Devices, their one-time links and pairings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, bindparam, delete, insert, select, update

from checkin_server.db.schema import device, is_one_of, pairing
from checkin_server.db.tx import Row, Tx

_INSERT = insert(device)
_ALL = select(device).order_by(device.c.created_at, device.c.id)
_BY_TOKEN = select(device).where(device.c.token_hash == bindparam("the_hash"))
_FIND = select(device).where(device.c.id == bindparam("the_device"))
_REVOKE = (
    update(device)
    .where(device.c.id == bindparam("the_device"), device.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_REVOKED = select(device.c.id).where(device.c.revoked_at.is_not(None))
_SEEN = update(device).where(device.c.id == bindparam("the_device")).values(last_seen=bindparam("at"))
_RECKONS = (
    update(device)
    .where(device.c.id == bindparam("the_device"))
    .values(utc_offset_s=bindparam("seconds", type_=Integer))
)
_INSERT_PAIRING = insert(pairing)
_PAIRING_BY_SECRET = select(pairing).where(pairing.c.secret_hash == bindparam("the_hash"))
_PAIRING_BY_CODE = select(pairing).where(
    pairing.c.code == bindparam("the_code"), pairing.c.state == "asked", pairing.c.expires_at > bindparam("now")
)
_FORGET = delete(pairing).where(
    pairing.c.expires_at <= bindparam("before"), is_one_of(pairing.c.state, "asked", "approved")
)
_WAITING = (
    select(pairing.c.id, pairing.c.expires_at)
    .where(is_one_of(pairing.c.state, "asked"), pairing.c.expires_at > bindparam("now"))
    .order_by(pairing.c.expires_at, pairing.c.id)
)
_EXPIRE = update(pairing).where(pairing.c.id == bindparam("the_id")).values(expires_at=bindparam("now"))
_MOVE_PAIRING = (
    update(pairing)
    .where(pairing.c.id == bindparam("the_id"), pairing.c.state == bindparam("old_state"))
    .values(state=bindparam("new_state"), role=bindparam("new_role"), station=bindparam("new_station"))
)


def add(tx: Tx, **values: Any) -> None:
    """Add a device."""
    tx.run(_INSERT, **{"revoked_at": None, "last_seen": None, "utc_offset_s": None, **values})


def every(tx: Tx) -> list[Row]:
    """Return all devices, revoked ones too."""
    return tx.all(_ALL)


def by_token_hash(tx: Tx, token_hash: str) -> Row | None:
    """Return the device that has a token."""
    return tx.one(_BY_TOKEN, the_hash=token_hash)


def find(tx: Tx, device_id: str) -> Row | None:
    """Return a device."""
    return tx.one(_FIND, the_device=device_id)


def revoke(tx: Tx, device_id: str, at: int) -> bool:
    """Cut a device off."""
    return tx.run(_REVOKE, the_device=device_id, at=at) == 1


def revoked(tx: Tx) -> set[str]:
    """Return the ids of all devices that were cut off."""
    return {str(row["id"]) for row in tx.all(_REVOKED)}


def seen(tx: Tx, device_id: str, at: int) -> None:
    """Note when a device last spoke."""
    tx.run(_SEEN, the_device=device_id, at=at)


def reckons(tx: Tx, device_id: str, seconds: int) -> None:
    """Note what a screen's browser adds to UTC at the venue."""
    tx.run(_RECKONS, the_device=device_id, seconds=seconds)


def add_pairing(tx: Tx, **values: Any) -> None:
    """Add a pairing (asked for by a device) or a one-time link (made for one)."""
    tx.run(_INSERT_PAIRING, **values)


def pairing_by_secret(tx: Tx, secret_hash: str) -> Row | None:
    """Return the pairing whose secret has this hash."""
    return tx.one(_PAIRING_BY_SECRET, the_hash=secret_hash)


def pairing_by_code(tx: Tx, code: str, now: int) -> Row | None:
    """Return the pairing that shows a 6-digit code and waits for approval."""
    return tx.one(_PAIRING_BY_CODE, the_code=code, now=now)


def forget_expired(tx: Tx, before: int) -> int:
    """Remove the pairings and links that nobody used and that expired before a time; return how many."""
    return tx.run(_FORGET, before=before)


def waiting_pairings(tx: Tx, now: int) -> dict[str, int]:
    """Return when each pairing expires that waits for approval, the oldest first."""
    return {row["id"]: int(row["expires_at"]) for row in tx.all(_WAITING, now=now)}


def expire_pairing(tx: Tx, pairing_id: str, now: int) -> None:
    """Let a pairing end now, for somebody else's."""
    tx.run(_EXPIRE, the_id=pairing_id, now=now)


def move_pairing(tx: Tx, pairing_id: str, old: str, new: str, role: str | None, station: str | None) -> bool:
    """Move a pairing on; False when somebody did before."""
    return (
        tx.run(_MOVE_PAIRING, the_id=pairing_id, old_state=old, new_state=new, new_role=role, new_station=station) == 1
    )
