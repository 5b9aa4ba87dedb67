"""Would the day work? What is looked at in time: the machine's clock, and who reckons the venue's hours how."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from checkin_server.common import zones
from checkin_server.domain.plan import Plan
from checkin_server.services.checkup.doctor import Finding
from checkin_server.services.times import at_venue, offset_in_words

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
        yield Finding("clock", "NOTE", f"today is no planned day; the next one is {coming[0]}")
    else:
        todo = "If the clock is right, add the coming days to the venue's file."
        yield Finding("clock", "STOP", f"every planned day is over (the last was {max(planned)})", todo)


def check_zone(plan: Plan, now: int, system: ZoneInfo | None) -> Iterator[Finding]:
    """See that the machine's own zone data reckon the venue's hours as Riwaq does.

    Args:
        plan: the venue's plan.
        now: milliseconds since 1970 UTC.
        system: the machine's idea of the venue's zone (`zones.system_zone`); None where it has none.
    """
    name = plan.timezone
    ours = zones.offset_seconds(now, zones.zone(name))
    shown = f"{name} is UTC{offset_in_words(ours)} now, by tzdata {zones.VERSION}: server, paper and screens show this"
    moments = [now, *(at for day in plan.days for at in (day.opens_at, day.closes_at) if at > now)]
    differing = [] if system is None else zones.differences(name, system, moments)
    if system is None or not differing:
        yield Finding("zone", "OK", shown)
        return
    theirs = offset_in_words(zones.offset_seconds(differing[0], system))
    when = "now" if differing[0] == now else f"on {at_venue(differing[0], name)}"
    yield Finding("zone", "OK", shown)
    todo = (
        "Riwaq does not use them; other programs here (file times, `date`) are off by the difference. "
        "Update this machine's own zone data when you can"
    )
    yield Finding("zone", "NOTE", f"this machine's own zone data say UTC{theirs} {when}", todo)
