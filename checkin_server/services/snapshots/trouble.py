"""What is wrong in the hall, in words of one code each; what to do about it is said by the screens."""

from __future__ import annotations

import json
from typing import NamedTuple

from checkin_server.common import zones
from checkin_server.db import devices, events, purges
from checkin_server.db import hall as aggregates
from checkin_server.db import lookups as looks
from checkin_server.db.tx import Row, Tx
from checkin_server.services import access, lookups
from checkin_server.services.day import clock
from checkin_server.services.hall import Hall
from checkin_server.services.snapshots.dashboard_shapes import (
    ClockDiffers,
    DayLeftOpen,
    DeviceShown,
    NobodyAtBooth,
    PaperLow,
    PrinterFailing,
    Restored,
    SearchesLimited,
    ServiceShown,
    SignInLocked,
    Trouble,
)
from checkin_server.services.snapshots.doors import left_open
from checkin_server.services.snapshots.printers import Printer
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_NOBODY_SERVED_AFTER_WAITING = 3
"""So many waiting at a service without an open counter is trouble and no longer a late start."""
NOBODY_CALLS_AFTER_MS = 10 * 60_000
"""A counter that is open, has callable visitors and has called nobody for so long: nobody is there."""


class Shown(NamedTuple):
    """What the dashboard shows of services, printers and paired devices, where trouble is looked for."""

    services: list[ServiceShown]
    printers: list[Printer]
    devices: list[DeviceShown]


def troubles(tx: Tx, venue: Venue, hall: Hall, shown: Shown, now: int) -> list[Trouble]:
    """Return what is wrong, what to do first on top."""
    found: list[Trouble] = [*_clock(tx, now)]
    if hall.day is not None and left_open(venue, hall, now):
        found.append(_left_open(venue, hall.day, now))
    found += _failing(shown.printers)
    found += _guessed(tx, venue, now)
    found += _searched(tx, now)
    for service in shown.services if hall.day is not None else ():
        if service["id"] not in venue.plan.services:
            if inside := service["waiting"] + service["headed"]:
                found.append({"code": "service_gone", "service": service["id"], "waiting": inside})
        elif service["counters_open"] == 0 and service["waiting"] >= _NOBODY_SERVED_AFTER_WAITING:
            found.append({"code": "no_counter_open", "service": service["id"], "waiting": service["waiting"]})
    found += _nobody_at_booth(tx, venue, hall, now)
    for device in shown.devices:
        if device["role"] in ("kiosk", "board", "counter") and device["silent"]:
            found.append(
                {
                    "code": "device_silent",
                    "role": device["role"],
                    "station": device["station"],
                    "since": device["last_seen"],
                }
            )
    if hall.day is not None:
        found += _restored(tx, hall.day["id"])
    overdue = purges.overdue(tx, now)
    if overdue:
        found.append({"code": "purge_overdue", "since": rfc3339(min(row["due_at"] for row in overdue))})
    # Last: nothing is wrong yet.
    return [*found, *_running_low(shown.printers)]


def _left_open(venue: Venue, day: Row, now: int) -> DayLeftOpen:
    dates = {zones.local(moment, venue.plan.timezone).date() for moment in (day["closes_at"], now)}
    closes_at = rfc3339(day["closes_at"])
    return {"code": "day_left_open", "day": day["id"], "closes_at": closes_at, "another_date": len(dates) > 1}


def _guessed(tx: Tx, venue: Venue, now: int) -> list[SignInLocked]:
    """Say where too many wrong PINs were typed; a device that was cut off is no trouble any more."""
    held = access.locked(tx, venue, now)
    if not held:
        return []
    known = {str(row["id"]): row for row in devices.every(tx) if row["revoked_at"] is None}
    return [
        {
            "code": "sign_in_locked",
            "role": known[device]["role"],
            "station": known[device]["station"],
            "until": rfc3339(until),
        }
        for device, until in held.items()
        if device in known
    ]


def _searched(tx: Tx, now: int) -> list[SearchesLimited]:
    """Say who looked too many people up within the last hour, and where; each once, with the newest time."""
    newest = {(row["device"], row["staff"]): row for row in looks.alarms(tx, now - lookups.ALARM_MS)}
    return [
        {
            "code": "searches_limited",
            "role": row["role"],
            "station": row["station"],
            "staff": row["name"],
            "at": rfc3339(row["at"]),
        }
        for row in newest.values()
    ]


def _restored(tx: Tx, day: str) -> list[Restored]:
    """Say that a copy was brought back today, and which numbers are left out since; one entry a restore."""
    found: list[Restored] = []
    for row in events.restores(tx):
        if row["service_day"] != day:
            continue
        data, at = json.loads(row["data"]), rfc3339(row["at"])
        if row["kind"] == "database_restored":
            copy_at = rfc3339(data["copy_at"]) if data["copy_at"] else None
            last = found[-1] if found and found[-1]["copy_at"] is None else None
            if last is not None:  # the numbers were left out in the same transaction, just before
                last["copy_at"] = copy_at
            else:
                found.append({"code": "restored", "at": at, "copy_at": copy_at, "first": None, "last": None})
        else:
            shown: Restored = {
                "code": "restored", "at": at, "copy_at": None, "first": data["from"], "last": data["to"],
            }  # fmt: skip
            found.append(shown)
    return found


def _clock(tx: Tx, now: int) -> list[ClockDiffers]:
    """Say that somebody has to decide which clock is right; first of all, since everything else hangs on it."""
    asked = clock.question(tx, now)
    if asked is None:
        return []
    shown = {"machine": rfc3339(asked.machine), "riwaq": rfc3339(asked.riwaq)}
    return [{"code": "clock_differs", "machine": shown["machine"], "riwaq": shown["riwaq"], "followed": asked.at_start}]


def printer_troubles(printers: list[Printer]) -> list[PrinterFailing | PaperLow]:
    """Return which printers do not print, then those whose roll ends soon: one entry a printer, not one a ticket."""
    return [*_failing(printers), *_running_low(printers)]


def _failing(printers: list[Printer]) -> list[PrinterFailing]:
    return [
        {
            "code": "printer_failing",
            "printer": printer["id"],
            "error": printer["last_error"],
            "kiosk": next(iter(printer["kiosks"]), None),
            "since": printer["since"],
            "waiting": printer["queued"],
        }
        for printer in printers
        if printer["state"] == "trouble"
    ]


def _running_low(printers: list[Printer]) -> list[PaperLow]:
    return [
        {"code": "paper_low", "printer": printer["id"], "kiosk": next(iter(printer["kiosks"]), None)}
        for printer in printers
        if printer["paper"] == "low" and printer["state"] != "trouble"
    ]


def _nobody_at_booth(tx: Tx, venue: Venue, hall: Hall, now: int) -> list[NobodyAtBooth]:
    """Find stands where nobody has done anything at an open counter for ten minutes, although somebody waits."""
    if hall.day is None:
        return []
    before = now - NOBODY_CALLS_AFTER_MS
    busy = {row["counter"] for row in aggregates.at_counters(tx, hall.day["id"])}
    idle = {name for name, row in hall.counters.items() if row["state"] == "open" and name not in busy}
    if all(hall.counters[name]["since"] > before for name in idle):
        return []
    waiting = {row["service"]: row for row in aggregates.callable_now(tx, hall.day["id"], now)}
    active = events.active_counters(tx, before)
    found: list[NobodyAtBooth] = []
    for booth in venue.plan.booths.values():
        counters = [counter for counter in venue.plan.counters.values() if counter.booth == booth.id]
        here = [counter for counter in counters if counter.id in idle]
        # Whoever serves at one counter of the stand is there for its others too.
        somebody = any(counter.id in busy for counter in counters) or any(
            counter.id in active or hall.counters[counter.id]["since"] > before for counter in here
        )
        if somebody or not here:
            continue
        given = {service for counter in here for service in counter.services}
        queues = [waiting[service] for service in sorted(given) if service in waiting]
        if queues and min(int(queue["since"]) for queue in queues) <= before:
            count = sum(int(queue["steps"]) for queue in queues)
            found.append({"code": "nobody_at_booth", "booth": booth.id, "waiting": count})
    return found
