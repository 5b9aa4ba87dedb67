"""Would the day work? What is looked at in the venue itself: database, clock, people, devices.

What is looked at in the machine and around it is in `doctor_machine`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from checkin_server.db import devices, members, soundness, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.plan import Plan
from checkin_server.services.day import open_and_close
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

Verdict = Literal["OK", "NOTE", "STOP"]
_FIRST_MS = 1_546_300_800_000
"""The start of 2019: a clock before it was lost with the machine's battery."""
_AHEAD_MS = 60_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    """What was looked at, in one word."""
    verdict: Verdict
    """``STOP``: the day would not work. ``NOTE``: worth knowing, or something is missing that can be done without."""
    what: str
    todo: str = ""
    """What to do; empty when there is nothing to."""

    def __str__(self) -> str:
        """Write it on one line."""
        return f"{self.verdict:<5}{self.check:<10} {self.what}" + (f". {self.todo}" if self.todo else "")

    def as_dict(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return asdict(self)


def check_database(venue: Venue) -> Iterator[Finding]:
    """Read it all, see that the rules hold, and commit."""
    try:
        problems = venue.db.read(lambda tx: soundness.problems(tx, quick=True))
        venue.db.write(_touch)
    except Exception as error:
        todo = "Is its disk full, does anything else hold it? Else go back to a backup (docs/runbook.md)."
        yield Finding("database", "STOP", f"it cannot be read or written: {error}", todo)
        return
    for problem in problems:
        yield Finding("database", "STOP", problem, "Go back to the last backup (docs/runbook.md), and keep this file.")
    if not problems:
        yield Finding("database", "OK", "opens, is of this release, is sound and takes commits")


def _touch(tx: Tx) -> None:
    """Take part in a commit without changing anything."""


def check_clock(plan: Plan, now: int, *, any_day: bool, ntp: bool | None) -> Iterator[Finding]:
    """See that the time zone is known and that the clock fits the planned days.

    Args:
        plan: the venue's plan.
        now: the machine's clock, milliseconds since 1970 UTC.
        any_day: a demo, whose day opens on any date.
        ntp: whether the machine's clock is set by the network; None when that is not known.
    """
    try:
        zone = ZoneInfo(plan.timezone)
    except (ZoneInfoNotFoundError, OSError):
        yield Finding("clock", "STOP", f"the time zone {plan.timezone} is not known here", "Install it: make setup.")
        return
    local = datetime.fromtimestamp(now / 1000, zone)
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


def check_day(venue: Venue) -> Iterator[Finding]:
    """See that the open day is not yesterday's, and that the clock has not gone back behind what was written."""
    now = venue.now()
    last = open_and_close.last_moment(venue)
    if last > now + _AHEAD_MS:
        todo = "Set the machine's clock, then restart the server."
        yield Finding("clock", "STOP", f"it is behind what was written last, at {rfc3339(last)}", todo)
    day = open_and_close.current_day(venue)
    if day is None:
        yield Finding("day", "NOTE", "no day is open", "Open it with `riwaq day open DAY --config F` when it begins.")
    elif day["closes_at"] <= now:
        todo = "Newcomers are refused as outside_hours until the next day is opened."
        what = f"{day['id']} is still open, but its hours ended at {rfc3339(day['closes_at'])}"
        yield Finding("day", "NOTE", what, todo)
    else:
        yield Finding("day", "OK", f"{day['id']} is open until {rfc3339(day['closes_at'])}")


def check_people(venue: Venue) -> Iterator[Finding]:
    """See that somebody can come in and somebody can serve."""
    known = venue.db.read(members.count)
    working = sum(1 for person in venue.db.read(staff.every) if person["active"])
    if known == 0:
        what = "there are none: every card will be refused as unknown_card"
        yield Finding("members", "STOP", what, "Take a list in with `riwaq members import FILE --config F`.")
    else:
        yield Finding("members", "OK", f"{known} are known")
    if working == 0:
        todo = "Add them with `riwaq staff add NAME --role counter --config F`."
        yield Finding("staff", "STOP", "there is nobody who could sign in at a counter", todo)
    else:
        yield Finding("staff", "OK", f"{working} can sign in at a counter")


def check_devices(venue: Venue, *, demo: bool) -> Iterator[Finding]:
    """See that each kiosk, board and counter of the plan has a paired device, and when it last spoke."""
    paired = _newest(venue.db.read(devices.every))
    plan = venue.plan
    stations: Mapping[str, tuple[str, ...]] = {
        "kiosk": tuple(plan.kiosks),
        "counter": tuple(plan.counters),
        "board": tuple(plan.boards),
        "print_agent": tuple(p.id for p in plan.printers.values() if p.kind == "agent"),
    }
    for role, wanted in stations.items():
        if not wanted:
            continue
        missing = [station for station in wanted if (role, station) not in paired]
        there = [paired[role, station] for station in wanted if (role, station) in paired]
        plural = f"{role.replace('_', ' ')}s"
        if missing:
            # Without any kiosk nobody comes in, without any counter nobody is served. A demo pairs with a click.
            none_left = not there and role in ("kiosk", "counter") and not demo
            how = "add" if role == "print_agent" else "link"
            todo = f"Pair them: riwaq devices {how} --role {role} --station {missing[0]}"
            what = f"{len(missing)} of {len(wanted)} {plural} are not paired: {', '.join(missing[:6])}"
            yield Finding("devices", "STOP" if none_left else "NOTE", what + ("…" if len(missing) > 6 else ""), todo)
        if there:
            silent = [row["station"] for row in there if row["last_seen"] is None]
            heard = max((row["last_seen"] for row in there if row["last_seen"] is not None), default=None)
            what = f"{len(there)} of {len(wanted)} {plural} are paired; "
            what += f"the last word came at {rfc3339(heard)}" if heard is not None else "none has spoken yet"
            if silent and heard is not None:
                what += f"; never heard: {', '.join(silent)}"
            yield Finding("devices", "OK", what)
    if ("organizer", "dashboard") not in paired and not any(role == "organizer" for role, _ in paired):
        todo = "Pair one: riwaq devices link --role organizer --station dashboard"
        yield Finding("devices", "NOTE", "no dashboard is paired", todo)


def _newest(rows: list[Row]) -> dict[tuple[str, str], Row]:
    """Return the device of each role and station that spoke last; those that were cut off say nothing."""
    newest: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["revoked_at"] is not None:
            continue
        older = newest.get((row["role"], row["station"]))
        if older is None or (row["last_seen"] or 0) >= (older["last_seen"] or 0):
            newest[row["role"], row["station"]] = row
    return newest
