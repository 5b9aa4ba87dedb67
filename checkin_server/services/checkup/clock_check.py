"""Would the day work? What is looked at in time: the machine's clock, and who reckons the venue's hours how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from checkin_server.common import zones
from checkin_server.common.clock import SteadyClock
from checkin_server.db import devices, events
from checkin_server.domain.plan import Plan
from checkin_server.services.checkup.doctor import Finding, newest_devices
from checkin_server.services.day import clock
from checkin_server.services.times import at_venue, offset_in_words
from checkin_server.services.venue import Venue

_FIRST_MS = 1_546_300_800_000
"""The start of 2019: a clock before it was lost with the machine's battery."""


def check_clock(plan: Plan, now: int, *, any_day: bool, ntp: bool | None) -> Iterator[Finding]:
    """See that the clock fits the planned days.

    Args:
        plan: the venue's plan.
        now: the machine's clock, milliseconds since 1970 UTC.
        any_day: a demo, whose day opens on any date.
        ntp: whether the machine's clock is set by the network; None when that is not known.
    """
    local = zones.local(now, plan.timezone)
    shown = f"{local:%Y-%m-%d %H:%M} in {plan.timezone}"
    if now < _FIRST_MS:
        yield Finding("clock", "STOP", f"it shows {shown}", "Set the machine's clock, then restart the server.")
        return
    if ntp is False:
        todo = "Compare it with a watch; waits and opening hours depend on it."
        yield Finding("clock", "NOTE", f"it shows {shown} and is not set by the network", todo)
    else:
        yield Finding("clock", "OK", f"it shows {shown}")
    today = local.date().isoformat()
    planned = [day.id for day in plan.days]
    if any_day or today in planned:
        return
    coming = [day for day in planned if day > today]
    if coming:
        todo = (
            "Compare the clock's date with a calendar before the day: a machine may have been started with a wrong one."
        )
        yield Finding("clock", "NOTE", f"today is no planned day; the next one is {coming[0]}", todo)
    else:
        todo = "If the clock is wrong, set it; if it is right, add the coming days to the venue's file."
        yield Finding("clock", "STOP", f"every planned day is over (the last was {max(planned)})", todo)


def check_zone(
    plan: Plan, now: int, system: ZoneInfo | None, server: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    """See that the machine's own zone data, and the server that runs, reckon the venue's hours as they are here.

    Args:
        plan: the venue's plan.
        now: milliseconds since 1970 UTC.
        system: the machine's idea of the venue's zone (`zones.system_zone`); None where it has none.
        server: what a running server says of its clock in ``/readyz``; None when none runs or says so.
    """
    name = plan.timezone
    ours = zones.offset_seconds(now, zones.zone(name))
    shown = f"{name} is UTC{offset_in_words(ours)} now, by tzdata {zones.VERSION}: server, paper and screens show this"
    moments = [now, *(at for day in plan.days for at in (day.opens_at, day.closes_at) if at > now)]
    yield Finding("zone", "OK", shown)
    if server is not None and (server.get("utc_offset_s"), server.get("tzdata")) != (ours, zones.VERSION):
        theirs = offset_in_words(int(server.get("utc_offset_s") or 0))
        what = f"the server that runs says UTC{theirs}, by tzdata {server.get('tzdata')}"
        yield Finding("zone", "NOTE" if server.get("utc_offset_s") == ours else "STOP", what, "Restart the server")
    differing = [] if system is None else zones.differences(name, system, moments)
    if system is None or not differing:
        return
    theirs = offset_in_words(zones.offset_seconds(differing[0], system))
    when = "now" if differing[0] == now else f"on {at_venue(differing[0], name)}"
    todo = (
        "Riwaq does not use them; other programs here (file times, `date`) are off by the difference. "
        "Update this machine's own zone data when you can"
    )
    yield Finding("zone", "NOTE", f"this machine's own zone data say UTC{theirs} {when}", todo)


def check_time(venue: Venue) -> Iterator[Finding]:
    """See that the machine's clock and what Riwaq goes by agree, or that somebody has said which is right."""
    steady = venue.clock
    if not isinstance(steady, SteadyClock):
        return
    zone = venue.plan.timezone
    now = venue.now()
    asked = venue.db.read(lambda tx: clock.question(tx, now))
    if asked is not None:
        shown = f"the machine's shows {at_venue(asked.machine, zone)}, Riwaq's {at_venue(asked.riwaq, zone)}"
        followed = "the machine's" if asked.at_start else "its own"
        what = f"the machine's clock and Riwaq's differ by {_span(asked.offset_ms)}: {shown}; it goes by {followed}"
        yield Finding("clock", "STOP", what, _WHICH)
        return
    kept = venue.db.read(clock.known_wrong)
    if kept:
        todo = "Set the machine's clock. Riwaq goes by its own time until the two agree"
        yield Finding("clock", "NOTE", f"the machine's clock is wrong by {_span(kept)}, as somebody has said", todo)
        return
    begun = venue.db.read(lambda tx: clock.expected_start(tx, steady))
    if begun.question:
        last = at_venue(venue.db.read(events.last_at), zone)
        behind = f"it is behind what was written last, at {last}"
        way = "forward" if begun.offset > 0 else "back"
        was_set = f"it was set {way} by {_span(begun.offset)} since the server looked last"
        yield Finding("clock", "STOP", behind if begun.question == "behind" else was_set, _SET_OR_START)


_WHICH = "Say which is right: `riwaq clock accept` (the machine's), `riwaq clock keep` (Riwaq's), or on the dashboard"
_SET_OR_START = "Set it if it is wrong; if it is right, start the server and run `riwaq clock accept`"


def _span(ms: int) -> str:
    """Write how far two clocks are apart: ``2 d 3 h``, ``3 h``, ``40 min``."""
    minutes = round(abs(ms) / 60_000)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if minutes < 60:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"


def check_screens_hours(venue: Venue) -> Iterator[Finding]:
    """See which paired screens' browsers reckon the venue's hours otherwise. What Riwaq shows on them is right."""
    name = venue.plan.timezone
    ours = zones.offset_seconds(venue.now(), zones.zone(name))
    paired = newest_devices(venue.db.read(devices.every))
    said = {key: row["utc_offset_s"] for key, row in sorted(paired.items()) if row["utc_offset_s"] is not None}
    differing = [
        f"{role} {station} (UTC{offset_in_words(theirs)})" for (role, station), theirs in said.items() if theirs != ours
    ]
    if differing:
        shown = ", ".join(differing[:8]) + ("…" if len(differing) > 8 else "")
        todo = "Riwaq shows the server's hours on them all the same; update their browsers when you can"
        yield Finding("zone", "NOTE", f"{len(differing)} of {len(said)} browsers say otherwise: {shown}", todo)
    elif said:
        yield Finding("zone", "OK", f"the browsers of {len(said)} paired screens say the same")
