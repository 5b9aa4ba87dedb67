"""Would the day work? What is looked at in the venue itself: database, clock, people, devices.

What is looked at in the machine and around it is in `doctor_machine`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from checkin_server.db import devices, members, soundness, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.services.day import open_and_close
from checkin_server.services.times import at_venue
from checkin_server.services.venue import Venue

Verdict = Literal["OK", "NOTE", "STOP"]
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


def check_day(venue: Venue) -> Iterator[Finding]:
    """See that the open day is not yesterday's, and that the clock has not gone back behind what was written."""
    now, zone = venue.now(), venue.plan.timezone
    last = open_and_close.last_moment(venue)
    if last > now + _AHEAD_MS:
        todo = "Set the machine's clock, then restart the server."
        yield Finding("clock", "STOP", f"it is behind what was written last, at {at_venue(last, zone)}", todo)
    day = open_and_close.current_day(venue)
    if day is None:
        yield Finding("day", "NOTE", "no day is open", "Open it with `riwaq day open DAY --config F` when it begins.")
    elif day["closes_at"] <= now:
        todo = "Newcomers are refused as outside_hours until the next day is opened."
        what = f"{day['id']} is still open, but its hours ended at {at_venue(day['closes_at'], zone)}"
        yield Finding("day", "NOTE", what, todo)
    else:
        yield Finding("day", "OK", f"{day['id']} is open until {at_venue(day['closes_at'], zone)}")


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
            what += (
                f"the last word came at {at_venue(heard, plan.timezone)}"
                if heard is not None
                else "none has spoken yet"
            )
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
