"""Accounts of staff: who they are, their PINs, and taking somebody off the list at once.

What is changed here ends sessions in the same transaction, and each request looks its session up: on every tablet it is
over with the next request, on sockets within two seconds (`checkin_server/running/rounds.py`).
"""

from __future__ import annotations

from typing import Any

from checkin_server.common.offload import offload
from checkin_server.common.roles import STAFF_ROLES
from checkin_server.db import days, devices, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.texts import one_line, seen
from checkin_server.services.access import pins
from checkin_server.services.access.sessions import Key
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue


class NoSuchStaff(ValueError):
    """Nobody on the staff list has this name or id."""


def add_staff(venue: Venue, name: str, role: str, pin: str) -> str:
    """Add a member of staff; return the id.

    Raises ValueError for a name that cannot be seen, an unknown role, a PIN that is not 4 to 8 digits, or a taken name.
    """
    name = one_line(name)
    if not seen(name):
        raise ValueError("a name has letters that can be seen")
    if role not in STAFF_ROLES:
        raise ValueError(f"unknown role {role!r}: one of {', '.join(STAFF_ROLES)}")
    pins.check(pin)
    pin_hash = offload(pins.hashed, pin)
    staff_id = venue.new_id("u")

    def do(tx: Tx) -> None:
        if any(person["name"] == name for person in staff.every(tx)):
            raise ValueError(f"{name} is on the staff list already")
        staff.add(tx, id=staff_id, name=name, role=role, pin_hash=pin_hash, active=1)
        tx.emit("staff_added", venue.now(), {"role": role}, service_day=days.running_id(tx), staff=staff_id)

    venue.db.write(do)
    return staff_id


def list_staff(venue: Venue) -> list[dict[str, Any]]:
    """Return everybody on the list: ``id, name, role, state, signed_in, locked``.

    `state` is ``active`` or ``disabled``; `signed_in` are the stations where the person is signed in now; `locked` are
    those where too many wrong PINs were typed for the person, each with ``until`` (RFC 3339).
    """
    now = venue.now()

    def read(tx: Tx) -> list[dict[str, Any]]:
        stations = {str(row["id"]): str(row["station"]) for row in devices.every(tx)}
        held = [(Key.read(row["key"]), row["locked_until"]) for row in staff.locked_after(tx, now)]
        running: dict[str, list[str]] = {}
        for session in staff.running(tx, now):
            running.setdefault(session["staff"], []).append(stations.get(session["device"], ""))
        return [
            {
                "id": person["id"],
                "name": person["name"],
                "role": person["role"],
                "state": "active" if person["active"] else "disabled",
                "signed_in": sorted(running.get(person["id"], [])),
                "locked": [
                    {"station": stations.get(key.device, key.device), "until": rfc3339(until)}
                    for key, until in held
                    if key is not None and key.person == person["id"]
                ],
            }
            for person in staff.every(tx)
        ]

    return venue.db.read(read)


def set_pin(venue: Venue, name: str, pin: str) -> None:
    """Give somebody another PIN: the old one's sessions end, and what wrong ones had locked is open again.

    Raises `NoSuchStaff`, or ValueError for what can't be a PIN.
    """
    pins.check(pin)
    pin_hash = offload(pins.hashed, pin)

    def do(tx: Tx) -> None:
        person = _person(tx, name)
        staff.set_pin(tx, person["id"], pin_hash)
        staff.end_sessions_of(tx, person["id"], venue.now())
        _unlock(tx, person["id"])
        tx.emit("staff_pin_set", venue.now(), service_day=days.running_id(tx), staff=person["id"])

    venue.db.write(do)


def disable(venue: Venue, name: str) -> bool:
    """Take somebody off the list: no session goes on, none begins. False when they were off it before.

    Raises `NoSuchStaff`.
    """

    def do(tx: Tx) -> bool:
        person = _person(tx, name)
        staff.end_sessions_of(tx, person["id"], venue.now())
        if not person["active"]:
            return False
        staff.set_active(tx, person["id"], 0)
        tx.emit("staff_disabled", venue.now(), service_day=days.running_id(tx), staff=person["id"])
        return True

    return venue.db.write(do)


def enable(venue: Venue, name: str) -> bool:
    """Let somebody sign in again, with the same PIN; False when they could anyway. Raises `NoSuchStaff`."""

    def do(tx: Tx) -> bool:
        person = _person(tx, name)
        if person["active"]:
            return False
        staff.set_active(tx, person["id"], 1)
        tx.emit("staff_enabled", venue.now(), service_day=days.running_id(tx), staff=person["id"])
        return True

    return venue.db.write(do)


def unlock(venue: Venue, name: str) -> list[str]:
    """Forget the wrong PINs typed for somebody, and those of the devices they were typed on; return the stations.

    Raises `NoSuchStaff`.
    """

    def do(tx: Tx) -> list[str]:
        person = _person(tx, name)
        stations = {row["id"]: str(row["station"]) for row in devices.every(tx)}
        freed = _unlock(tx, person["id"])
        if freed:
            tx.emit("staff_unlocked", venue.now(), service_day=days.running_id(tx), staff=person["id"])
        return sorted({stations.get(device, device) for device in freed})

    return venue.db.write(do)


def unlock_at(venue: Venue, station: str) -> list[str]:
    """Forget the wrong PINs typed on the devices of a station, whoever's they were; return the station if there were.

    Raises ValueError when no device has this station.
    """

    def do(tx: Tx) -> list[str]:
        here = {str(row["id"]) for row in devices.every(tx) if row["station"] == station}
        if not here:
            raise ValueError(f"no device is paired for {station}; see `riwaq devices list`")
        keys = [key for row in staff.throttles(tx) if (key := Key.read(row["key"])) is not None and key.device in here]
        for key in keys:
            staff.clear_throttle(tx, str(key))
        for device in sorted({key.device for key in keys}):
            tx.emit("staff_unlocked", venue.now(), service_day=days.running_id(tx), device=device)
        return [station] if keys else []

    return venue.db.write(do)


def _unlock(tx: Tx, person: str) -> set[str]:
    """Forget the throttles of a person and of the devices where they failed; return these devices."""
    keys = [key for row in staff.throttles(tx) if (key := Key.read(row["key"])) is not None]
    freed = {key.device for key in keys if key.person == person}
    for key in keys:
        if key.person == person or (key.person is None and key.device in freed):
            staff.clear_throttle(tx, str(key))
    return freed


def _person(tx: Tx, name: str) -> Row:
    """Return somebody by name or id, whether they may sign in or not."""
    people = staff.every(tx)
    found = next((one for one in people if one["name"] == name), None)
    found = found or next((one for one in people if one["id"] == name), None)
    if found is None:
        raise NoSuchStaff(f"there is nobody named {name} on the staff list; see `riwaq staff list`")
    return found
