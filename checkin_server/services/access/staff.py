"""People sign in on a paired device: staff, their sessions, and the throttle on wrong PINs.

PINs are kept as argon2id hashes, count only on a paired counter, and are throttled per person and per device.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from checkin_server.common.offload import offload
from checkin_server.common.roles import STAFF_ROLES
from checkin_server.db import staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.moments import LONGEST_LOCK_S, SESSION_HOURS
from checkin_server.domain.refusal import Refusal
from checkin_server.services.access.devices import digest
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

WELCOME_STAFF = ("welcome", "organizer")
"""Who may sign in at the welcome desk."""
FREE_ATTEMPTS = 5
"""Wrong PINs before a person or a device is locked, for a minute at first, doubling up to an hour."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's second argon2id profile: 19 MiB, two passes, one lane."""


def add_staff(venue: Venue, name: str, role: str, pin: str) -> str:
    """Add a member of staff; return the id.

    Raises ValueError for an unknown role, a PIN that is not 4 to 8 digits, or a taken name.
    """
    if role not in STAFF_ROLES:
        raise ValueError(f"unknown role {role!r}: one of {', '.join(STAFF_ROLES)}")
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise ValueError("a PIN has 4 to 8 digits")
    pin_hash = offload(_hasher.hash, pin)
    staff_id = venue.new_id("u")

    def do(tx: Tx) -> None:
        if staff.named(tx, name) is not None:
            raise ValueError(f"{name} is on the staff list already")
        staff.add(tx, id=staff_id, name=name, role=role, pin_hash=pin_hash, active=1)

    venue.db.write(do)
    return staff_id


def sign_in(venue: Venue, device: str, name: str, pin: str, role: str = "counter") -> dict[str, Any] | Refusal:
    """Sign a member of staff in on a paired device of a role: a counter, or the welcome desk.

    Members are looked up at the welcome desk: it takes its own staff and organisers, nobody who was lent to a stand
    (``wrong_role``).

    Refused with ``wrong_pin`` (and how many attempts are left) or ``locked`` (and for how many seconds). A name that
    is not on the list answers exactly like a wrong PIN.

    Attempts at one person's PIN, and those on one device, are looked at one after the other: many guesses sent at once
    are as many attempts, no more of them are looked at than if each had waited for the last one's answer, and right
    PINs count for nothing, however many people sign in with one name at the same moment. Turns are this process's; two
    would look at one guess more each.
    """
    now = venue.now()
    # By id where there is one: name and id must not give two sets of attempts.
    known = venue.db.read(lambda tx: staff.named(tx, name))
    keys = (f"staff:{known['id'] if known else name[:100].casefold()}", f"device:{device}")
    with venue.turns.of(*keys):
        return _attempt(venue, _Attempt(device, name, keys, role), pin, now)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Who wants to sign in where."""

    device: str
    name: str
    keys: tuple[str, ...]
    """What is locked after too many wrong PINs."""
    role: str


def _attempt(venue: Venue, attempt: _Attempt, pin: str, now: int) -> dict[str, Any] | Refusal:
    def before(tx: Tx) -> tuple[Row | None, int]:
        held = [staff.throttled_now(tx, key) for key in attempt.keys]
        until = [venue.longest.clamped("throttle.locked_until", row["locked_until"], now) for row in held if row]
        return staff.named(tx, attempt.name), max(until, default=0)

    person, locked_until = venue.db.read(before)
    if locked_until > now:
        return Refusal("locked", {"retry_after": -(-(locked_until - now) // 1000)})
    right = offload(_verify, person["pin_hash"] if person else _nobody(), pin)
    if not right or person is None:
        return venue.db.write(lambda tx: _count_failure(tx, attempt.keys, now))
    return _begin_session(venue, attempt, person, now)


def _begin_session(venue: Venue, attempt: _Attempt, person: Row, now: int) -> dict[str, Any] | Refusal:
    token = secrets.token_urlsafe(32)

    def begin(tx: Tx) -> dict[str, Any] | Refusal:
        for key in attempt.keys:
            staff.clear_throttle(tx, key)
        if attempt.role == "welcome" and person["role"] not in WELCOME_STAFF:
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
        tx.emit("staff_signed_in", now, device=attempt.device, staff=person["id"])
        return {
            "session_token": token,
            "staff": {"id": person["id"], "name": person["name"]},
            "expires_at": rfc3339(expires),
        }

    return venue.db.write(begin)


def _verify(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Return a hash to check for names that are not on the list, so that time does not tell who is."""
    return _hasher.hash("nobody has this pin")


def _count_failure(tx: Tx, keys: tuple[str, ...], now: int) -> Refusal:
    """Count one more failure for each key."""
    left, locked_for = FREE_ATTEMPTS, 0
    for key in keys:
        row = staff.throttled(tx, key)
        failures = (row["failures"] if row else 0) + 1
        over = failures - FREE_ATTEMPTS
        seconds = min(LONGEST_LOCK_S, 60 * 2**over) if over >= 0 else 0
        (staff.set_throttle if row else staff.add_throttle)(tx, key, failures, now + seconds * 1000)
        left, locked_for = min(left, max(0, -over)), max(locked_for, seconds)
    if locked_for:
        return Refusal("locked", {"retry_after": locked_for})
    return Refusal("wrong_pin", {"attempts_left": left})


def sign_out(venue: Venue, token: str) -> None:
    """End a session."""
    venue.db.write(lambda tx: staff.end_session(tx, digest(token), venue.now()))


def session_of(venue: Venue, token: str, device: str) -> Row | None:
    """Return the running session of a token on the device it was begun on."""
    row = venue.db.read(lambda tx: staff.session_by_hash(tx, digest(token)))
    if row is None or row["device"] != device:
        return None
    now = venue.now()
    if venue.longest.clamped("session.expires_at", row["expires_at"], now) <= now:
        return None
    return row
