"""Devices are paired, people sign in (`architecture.md`, decision 8).

Tokens have 256 bits and are kept as hashes. PINs are kept as argon2id hashes, count only on a paired counter, and are
throttled per person and per device.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from checkin_server.db import devices, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.offload import offload
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

ROLES = ("board", "kiosk", "counter", "welcome", "organizer", "privacy", "print_agent")
LINK_MINUTES = 60
PAIRING_MINUTES = 10
OPEN_PAIRINGS = 30
"""Devices that may wait for approval at one time: anybody in the network may ask, and a code has six digits only."""
EXPIRED_KEPT_MS = 24 * 3_600_000
"""For so long whoever comes too late is told so."""
SESSION_HOURS = 14
STAFF_ROLES = ("counter", "welcome", "organizer")
WELCOME_STAFF = ("welcome", "organizer")
"""Who may sign in at the welcome desk."""
FREE_ATTEMPTS = 5
"""Wrong PINs before a person or a device is locked, for a minute at first, doubling up to an hour."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's second argon2id profile: 19 MiB, two passes, one lane."""


def digest(token: str) -> str:
    """Return what is kept of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Paired:
    """A new device and its token, which is shown once."""

    device_id: str
    token: str
    role: str
    station: str


def station_problem(venue: Venue, role: str, station: str) -> str | None:
    """Say what is wrong with a role and station, or None: kiosks, boards, counters, printers must be in the plan."""
    if role not in ROLES:
        return f"unknown role {role!r}: one of {', '.join(ROLES)}"
    plan = venue.plan
    places: dict[str, tuple[str, Collection[str]]] = {
        "kiosk": ("kiosk", plan.kiosks),
        "board": ("board", plan.boards),
        "counter": ("counter", plan.counters),
        "print_agent": ("printer", plan.printers),
    }
    kind, known = places.get(role, ("", (station,)))
    if station not in known:
        return f"there is no {kind} {station!r} in this venue: one of {', '.join(known)}"
    return None


def add_device(venue: Venue, role: str, station: str) -> Paired:
    """Add a device. Raises ValueError when the station is not in the plan."""
    problem = station_problem(venue, role, station)
    if problem:
        raise ValueError(problem)
    return venue.db.write(lambda tx: _add_device(tx, venue, role, station))


def _add_device(tx: Tx, venue: Venue, role: str, station: str) -> Paired:
    token = secrets.token_urlsafe(32)
    device_id = venue.new_id("d")
    devices.add(tx, id=device_id, role=role, station=station, token_hash=digest(token), created_at=venue.now())
    tx.emit("device_added", venue.now(), {"role": role, "station": station}, device=device_id)
    return Paired(device_id, token, role, station)


def list_devices(venue: Venue) -> list[Row]:
    """Return every device, without its token's hash."""
    return [{k: v for k, v in row.items() if k != "token_hash"} for row in venue.db.read(devices.every)]


def revoke_device(venue: Venue, device_id: str) -> bool:
    """Cut a device off; False when there is no such device or it was cut off before."""

    def do(tx: Tx) -> bool:
        if not devices.revoke(tx, device_id, venue.now()):
            return False
        staff.end_sessions_on(tx, device_id, venue.now())
        tx.emit("device_revoked", venue.now(), device=device_id)
        return True

    return venue.db.write(do)


def revoked_among(venue: Venue, connected: frozenset[str]) -> set[str]:
    """Return which of these devices have been cut off, by this process or by a command."""
    return set(connected & venue.db.read(devices.revoked)) if connected else set()


def note_seen(venue: Venue, seen: dict[str, int]) -> None:
    """Note when devices last spoke."""

    def do(tx: Tx) -> None:
        for device, at in seen.items():
            devices.seen(tx, device, at)

    if seen:
        venue.db.write(do)


def make_link(venue: Venue, role: str, station: str) -> str:
    """Make a one-time link's secret: whoever opens it first becomes that device."""
    problem = station_problem(venue, role, station)
    if problem:
        raise ValueError(problem)
    secret = secrets.token_urlsafe(32)
    now = venue.now()

    def do(tx: Tx) -> None:
        devices.add_pairing(
            tx,
            id=venue.new_id("l"),
            kind="link",
            code=None,
            secret_hash=digest(secret),
            role=role,
            station=station,
            state="approved",
            created_at=now,
            expires_at=now + LINK_MINUTES * 60_000,
        )

    venue.db.write(do)
    return secret


def ask_pairing(venue: Venue) -> dict[str, str] | Refusal:
    """Start a pairing from a device that shows a 6-digit code until an organiser approves it.

    Refused as ``too_many_pairings`` while `OPEN_PAIRINGS` wait. What has expired is removed.
    """
    secret = secrets.token_urlsafe(32)
    now = venue.now()

    def do(tx: Tx) -> dict[str, str] | Refusal:
        devices.forget_expired(tx, now - EXPIRED_KEPT_MS)
        waiting = devices.waiting_pairings(tx, now)
        if len(waiting) >= OPEN_PAIRINGS:
            return Refusal("too_many_pairings", {"retry_after": max(1, -(-(min(waiting) - now) // 1000))})
        code = f"{secrets.randbelow(10**6):06d}"
        while devices.pairing_by_code(tx, code, now) is not None:
            code = f"{secrets.randbelow(10**6):06d}"
        pairing_id = venue.new_id("a")
        devices.add_pairing(
            tx,
            id=pairing_id,
            kind="code",
            code=code,
            secret_hash=digest(secret),
            role=None,
            station=None,
            state="asked",
            created_at=now,
            expires_at=now + PAIRING_MINUTES * 60_000,
        )
        return {"pairing_id": pairing_id, "code": code, "secret": secret}

    return venue.db.write(do)


def approve_pairing(venue: Venue, code: str, role: str, station: str) -> Refusal | dict[str, str]:
    """Approve the device that shows `code`."""
    problem = station_problem(venue, role, station)
    if problem:
        return Refusal("bad_request", {"errors": [{"field": "station", "message": problem}]})

    def do(tx: Tx) -> Refusal | dict[str, str]:
        row = devices.pairing_by_code(tx, code, venue.now())
        if row is None or not devices.move_pairing(tx, row["id"], "asked", "approved", role, station):
            return Refusal("unknown_code")
        return {"pairing_id": row["id"], "role": role, "station": station}

    return venue.db.write(do)


def claim(venue: Venue, secret: str, pairing_id: str | None = None) -> Paired | Refusal:
    """Turn an approved pairing or an unused link into a device, once."""

    def do(tx: Tx) -> Paired | Refusal:
        row = devices.pairing_by_secret(tx, digest(secret))
        if row is None or (pairing_id is not None and row["id"] != pairing_id):
            return Refusal("unknown_pairing")
        if row["state"] == "asked" and row["expires_at"] > venue.now():
            return Refusal("not_approved")
        if row["state"] != "approved" or row["expires_at"] <= venue.now():
            return Refusal("pairing_used")
        if not devices.move_pairing(tx, row["id"], "approved", "claimed", row["role"], row["station"]):
            return Refusal("pairing_used")
        return _add_device(tx, venue, row["role"], row["station"])

    return venue.db.write(do)


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

    An attempt counts as failed before its PIN is looked at and is forgiven when that was right: many guesses sent at
    once are as many attempts, and no more are looked at than one after the other.
    """
    now = venue.now()

    def before(tx: Tx) -> tuple[Row | None, tuple[str, ...], Refusal] | Refusal:
        known = staff.named(tx, name)
        # By id where there is one: name and id must not give two sets of attempts.
        keys = (f"staff:{known['id'] if known else name[:100].casefold()}", f"device:{device}")
        held = {key: staff.throttled(tx, key) for key in keys}
        locked_until = max((row["locked_until"] for row in held.values() if row), default=0)
        if locked_until > now:
            return Refusal("locked", {"retry_after": -(-(locked_until - now) // 1000)})
        return known, keys, _count_failure(tx, held, now)

    begun = venue.db.write(before)
    if isinstance(begun, Refusal):
        return begun
    person, keys, refusal = begun
    right = offload(_verify, person["pin_hash"] if person else _nobody(), pin)
    if not right or person is None:
        return refusal
    token = secrets.token_urlsafe(32)

    def after(tx: Tx) -> dict[str, Any] | Refusal:
        for key in keys:
            staff.clear_throttle(tx, key)
        if role == "welcome" and person["role"] not in WELCOME_STAFF:
            return Refusal("wrong_role")
        staff.end_sessions_on(tx, device, now)
        expires = now + SESSION_HOURS * 3_600_000
        staff.add_session(
            tx, token_hash=digest(token), staff=person["id"], device=device, created_at=now, expires_at=expires
        )
        tx.emit("staff_signed_in", now, device=device, staff=person["id"])
        return {
            "session_token": token,
            "staff": {"id": person["id"], "name": person["name"]},
            "expires_at": rfc3339(expires),
        }

    return venue.db.write(after)


def _verify(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Return a hash to check for names that are not on the list, so that time does not tell who is."""
    return _hasher.hash("nobody has this pin")


def _count_failure(tx: Tx, held: dict[str, Row | None], now: int) -> Refusal:
    """Count one more failure for each key, from the very rows that were found not to be locked.

    Read again, a row that had been missing could be one that others counted in meanwhile: each of them would have been
    let in as the first, and each PIN would be looked at.
    """
    left, locked_for = FREE_ATTEMPTS, 0
    for key, row in held.items():
        failures = (row["failures"] if row else 0) + 1
        over = failures - FREE_ATTEMPTS
        seconds = min(3600, 60 * 2**over) if over >= 0 else 0
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
    if row is None or row["device"] != device or row["expires_at"] <= venue.now():
        return None
    return row


def device_of(venue: Venue, token: str) -> Row | None:
    """Return the device of a token, unless it was cut off."""
    row = venue.db.read(lambda tx: devices.by_token_hash(tx, digest(token)))
    return None if row is None or row["revoked_at"] is not None else row
