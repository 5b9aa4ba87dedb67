"""People sign in on a paired device: who they are, their sessions, and the throttle on wrong PINs.

PINs count only on a paired device, and are throttled per person on each device, and per device: a stolen tablet locks
itself, and nobody out elsewhere.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from checkin_server.common.offload import offload
from checkin_server.common.roles import MAY_SIGN_IN
from checkin_server.db import days, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.moments import LONGEST_LOCK_S, SESSION_HOURS
from checkin_server.domain.refusal import Refusal
from checkin_server.services.access import pins
from checkin_server.services.access.devices import digest
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

FREE_ATTEMPTS = 5
"""Wrong PINs before a person on a device, or a device, is locked, for a minute at first, doubling up to an hour."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: staff today, the office's accounts as well one day, and nothing else anywhere."""

    id: str
    name: str
    role: str

    def shown(self) -> dict[str, str]:
        """Return who it is as screens see it."""
        return {"id": self.id, "name": self.name}


class Key(NamedTuple):
    """What wrong PINs lock: a device, or one person (by id, or by a name that is nobody's) on it."""

    device: str
    person: str | None = None

    def __str__(self) -> str:
        return f"device:{self.device}" if self.person is None else f"staff:{self.person}@{self.device}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """Return what a key of the table stands for; None for one of an older release."""
        kind, _, what = text.partition(":")
        person, at, device = what.rpartition("@")
        if kind == "device":
            return cls(what)
        return cls(device, person) if at else None


def sign_in(venue: Venue, device: str, name: str, pin: str, role: str = "counter") -> dict[str, Any] | Refusal:
    """Sign a person in on a paired device of a role; `MAY_SIGN_IN` says who may there, all others get ``wrong_role``.

    Refused with ``wrong_pin`` (and how many attempts are left) or ``locked`` (and for how many seconds). A name that
    is not on the list answers exactly like a wrong PIN.

    Attempts at one person's PIN on a device, and all on that device, are looked at one after the other: many guesses
    sent at once are as many attempts, no more of them are looked at than if each had waited for the last one's answer,
    and right PINs count for nothing. Turns are this process's; two would look at one guess more each.
    """
    now = venue.now()
    # By id where there is one: name and id must not give two sets of attempts.
    known = venue.db.read(lambda tx: staff.named(tx, name))
    keys = (Key(device, known["id"] if known else name[:100].casefold()), Key(device))
    with venue.turns.of(*map(str, keys)):
        return _attempt(venue, _Attempt(device, name, keys, role), pin, now)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Who wants to sign in where."""

    device: str
    name: str
    keys: tuple[Key, ...]
    """What is locked after too many wrong PINs."""
    role: str


def _attempt(venue: Venue, attempt: _Attempt, pin: str, now: int) -> dict[str, Any] | Refusal:
    def before(tx: Tx) -> tuple[Row | None, int]:
        held = [staff.throttled_now(tx, str(key)) for key in attempt.keys]
        until = [venue.longest.clamped("throttle.locked_until", row["locked_until"], now) for row in held if row]
        return staff.named(tx, attempt.name), max(until, default=0)

    person, locked_until = venue.db.read(before)
    if locked_until > now:
        return Refusal("locked", {"retry_after": -(-(locked_until - now) // 1000)})
    right = offload(pins.fits, person["pin_hash"] if person else _nobody(), pin)
    if not right or person is None:
        return venue.db.write(lambda tx: _count_failure(tx, attempt, person, now))
    return _begin_session(venue, attempt, person, now)


def _begin_session(venue: Venue, attempt: _Attempt, person: Row, now: int) -> dict[str, Any] | Refusal:
    token = secrets.token_urlsafe(32)

    def begin(tx: Tx) -> dict[str, Any] | Refusal:
        for key in attempt.keys:
            staff.clear_throttle(tx, str(key))
        if person["role"] not in MAY_SIGN_IN.get(attempt.role, ()):
            return Refusal("wrong_role")
        staff.end_sessions_on(tx, attempt.device, now)
        expires = now + SESSION_HOURS * 3_600_000
        staff.add_session(
            tx,
            token_hash=digest(token),
            staff=person["id"],
            device=attempt.device,
            created_at=now,
            expires_at=expires,
        )
        tx.emit(
            "staff_signed_in",
            now,
            service_day=days.running_id(tx),
            device=attempt.device,
            staff=person["id"],
        )
        return {
            "session_token": token,
            "staff": {"id": person["id"], "name": person["name"]},
            "expires_at": rfc3339(expires),
        }

    return venue.db.write(begin)


@cache
def _nobody() -> str:
    """Return a hash to check for names that are not on the list, so that time does not tell who is."""
    return pins.hashed("nobody has this pin")


def _count_failure(tx: Tx, attempt: _Attempt, person: Row | None, now: int) -> Refusal:
    """Count one more failure for each key; what is locked by it is an alarm to the organisers."""
    left, locked_for = FREE_ATTEMPTS, 0
    for key in attempt.keys:
        row = staff.throttled(tx, str(key))
        failures = (row["failures"] if row else 0) + 1
        over = failures - FREE_ATTEMPTS
        seconds = min(LONGEST_LOCK_S, 60 * 2**over) if over >= 0 else 0
        (staff.set_throttle if row else staff.add_throttle)(tx, str(key), failures, now + seconds * 1000)
        left, locked_for = min(left, max(0, -over)), max(locked_for, seconds)
    if locked_for:
        tx.emit(
            "sign_in_locked",
            now,
            {"seconds": locked_for},
            service_day=days.running_id(tx),
            device=attempt.device,
            staff=person["id"] if person else None,
        )
        return Refusal("locked", {"retry_after": locked_for})
    return Refusal("wrong_pin", {"attempts_left": left})


def locked(tx: Tx, venue: Venue, now: int) -> dict[str, int]:
    """Return the devices on which too many wrong PINs were typed, and until when (milliseconds since 1970 UTC)."""
    found: dict[str, int] = {}
    for row in staff.locked_after(tx, now):
        key = Key.read(row["key"])
        if key is not None:
            until = venue.longest.clamped("throttle.locked_until", row["locked_until"], now)
            found[key.device] = max(until, found.get(key.device, 0))
    return found


def sign_out(venue: Venue, token: str, device: str) -> bool:
    """End the session of a token on the device it was begun on; False when that device has no such session."""
    return venue.db.write(lambda tx: staff.end_session(tx, digest(token), device, venue.now()))


def session_of(venue: Venue, token: str, device: str) -> Row | None:
    """Return the running session of a token on the device it was begun on."""
    row = venue.db.read(lambda tx: staff.session_by_hash(tx, digest(token)))
    if row is None or row["device"] != device:
        return None
    now = venue.now()
    if venue.longest.clamped("session.expires_at", row["expires_at"], now) <= now:
        return None
    return row
