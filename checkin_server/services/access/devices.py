"""Devices are paired: by a one-time link, or by a code that an organiser approves.

Tokens have 256 bits and are kept as hashes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from checkin_server.common.roles import BEYOND, ROLES
from checkin_server.db import days, devices, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import access_times as rules
from checkin_server.domain.moments import LINK_MINUTES
from checkin_server.domain.refusal import Refusal
from checkin_server.services.access.askers import Askers
from checkin_server.services.venue import Actor, Venue

PAIRING_MINUTES = 10
OPEN_PAIRINGS = 120
"""Devices that may wait for approval at one time: anybody in the network may ask, and a code has six digits only."""
OWN_PAIRINGS = 20
"""How many of them may have been asked for from one address."""
EXPIRED_KEPT_MS = 24 * 3_600_000
"""For so long whoever comes too late is told so."""


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
    tx.emit(
        "device_added",
        venue.now(),
        {"role": role, "station": station},
        service_day=days.running_id(tx),
        device=device_id,
    )
    return Paired(device_id, token, role, station)


def list_devices(venue: Venue) -> list[Row]:
    """Return every device, without its token's hash."""
    return [{k: v for k, v in row.items() if k != "token_hash"} for row in venue.db.read(devices.every)]


def revoke_device(venue: Venue, device_id: str, by: Actor | None = None) -> bool:
    """Cut a device off; False when there is no such device or it was cut off before.

    The log says whose it was that did it (`by`); at the command line it is nobody that Riwaq knows.
    """

    def do(tx: Tx) -> bool:
        if not devices.revoke(tx, device_id, venue.now()):
            return False
        staff.end_sessions_on(tx, device_id, venue.now())
        tx.emit(
            "device_revoked",
            venue.now(),
            {"by": by.device if by else None},
            service_day=days.running_id(tx),
            device=device_id,
            staff=by.staff if by else None,
        )
        return True

    return venue.db.write(do)


def revoked_among(venue: Venue, connected: frozenset[str]) -> set[str]:
    """Return which of these devices have been cut off, by this process or by a command."""
    return set(connected & venue.db.read(devices.revoked)) if connected else set()


def note_seen(venue: Venue, seen: dict[str, int], offsets: Mapping[str, int] | None = None) -> None:
    """Note when devices last spoke, and what their browsers add to UTC at the venue where that is news."""

    def do(tx: Tx) -> None:
        for device, at in seen.items():
            devices.seen(tx, device, at)
        for device, seconds in (offsets or {}).items():
            devices.reckons(tx, device, seconds)

    if seen or offsets:
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


def ask_pairing(venue: Venue, askers: Askers, address: str) -> dict[str, str] | Refusal:
    """Start a pairing from a device that shows a 6-digit code until an organiser approves it.

    Refused as ``too_many_pairings`` while `OWN_PAIRINGS` of its address wait. When `OPEN_PAIRINGS` wait in all, the
    oldest of the address with most of them gives way, unless that is the one who asks. What has expired is removed.
    """
    secret = secrets.token_urlsafe(32)
    now = venue.now()

    def room(tx: Tx) -> str | Refusal | None:
        """Return whose pairing has to give way, if any."""
        waiting = devices.waiting_pairings(tx, now)
        askers.only(waiting)
        own = askers.of(waiting, address)
        most = askers.greediest(waiting) if len(waiting) >= OPEN_PAIRINGS else None
        if len(own) >= OWN_PAIRINGS or most == address:
            return Refusal("too_many_pairings", {"retry_after": max(1, -(-(waiting[own[0]] - now) // 1000))})
        return None if most is None else askers.of(waiting, most)[0]

    def do(tx: Tx) -> dict[str, str] | Refusal:
        devices.forget_expired(tx, now - EXPIRED_KEPT_MS)
        gives_way = room(tx)
        if isinstance(gives_way, Refusal):
            return gives_way
        if gives_way is not None:
            devices.expire_pairing(tx, gives_way, now)
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

    # Whoever floods is refused without the writer.
    looked = venue.db.read(room)
    asked = looked if isinstance(looked, Refusal) else venue.db.write(do)
    if not isinstance(asked, Refusal):
        askers.note(asked["pairing_id"], address)
    return asked


def approve_pairing(venue: Venue, actor: Actor, code: str, role: str, station: str) -> Refusal | dict[str, str]:
    """Approve the device that shows `code`, for whoever is signed in on an organiser's device.

    Refused with ``more_rights`` for a device that could do more than the one which lets it in.
    """
    if role in BEYOND.get(actor.role, ()):
        return Refusal("more_rights", {"role": role})
    problem = station_problem(venue, role, station)

    def do(tx: Tx) -> Refusal | dict[str, str]:
        row = devices.pairing_by_code(tx, code, venue.now())
        if row is not None and problem:
            return Refusal("unknown_station", {"detail": problem})
        if row is None or not devices.move_pairing(tx, row["id"], "asked", "approved", role, station):
            return Refusal("unknown_code")
        tx.emit(
            "pairing_approved",
            venue.now(),
            {"role": role, "station": station},
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )
        return {"pairing_id": row["id"], "role": role, "station": station}

    return venue.db.write(do)


def claim(venue: Venue, secret: str, pairing_id: str | None = None) -> Paired | Refusal:
    """Turn an approved pairing or an unused link into a device, once."""

    def claimable(tx: Tx) -> Row | Refusal:
        row = devices.pairing_by_secret(tx, digest(secret))
        if row is None or (pairing_id is not None and row["id"] != pairing_id):
            return Refusal("unknown_pairing")
        now = venue.now()
        expired = venue.longest.clamped("pairing.expires_at", row["expires_at"], now) <= now
        if row["state"] == "asked" and not expired:
            return Refusal("not_approved")
        return row if row["state"] == "approved" and not expired else Refusal("pairing_used")

    def do(tx: Tx) -> Paired | Refusal:
        row = claimable(tx)
        if isinstance(row, Refusal):
            return row
        if not devices.move_pairing(tx, row["id"], "approved", "claimed", row["role"], row["station"]):
            return Refusal("pairing_used")
        return _add_device(tx, venue, row["role"], row["station"])

    # Anybody may ask, every few seconds: the writer is for those to whom something will be given.
    looked = venue.db.read(claimable)
    return looked if isinstance(looked, Refusal) else venue.db.write(do)


def device_of(venue: Venue, token: str) -> Row | None:
    """Return the device of a token, unless it was cut off or not used for longer than the event lasts."""
    row = venue.db.read(lambda tx: devices.by_token_hash(tx, digest(token)))
    return None if row is None or row["revoked_at"] is not None or not is_good(venue, row) else row


def good_digests(venue: Venue) -> frozenset[str]:
    """Return the digests of the tokens that are good now."""
    rows = venue.db.read(devices.every)
    return frozenset(row["token_hash"] for row in rows if row["revoked_at"] is None and is_good(venue, row))


def token_ms(venue: Venue) -> int:
    """Return for how many milliseconds a device's token is good after it was used."""
    return rules.token_ms(venue.plan.access, venue.plan.event)


def is_good(venue: Venue, device: Row) -> bool:
    """Whether a device's token is good still: each use rolls it on (`checkin_server/domain/access_times.py`)."""
    used_at = max(device["created_at"], device["last_seen"] or 0)
    return rules.is_good(venue.plan.access, venue.plan.event, used_at, venue.now())
