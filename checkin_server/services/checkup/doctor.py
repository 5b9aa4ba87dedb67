"""Would the day work? What is looked at in the venue itself: database, clock, people, devices.

What is looked at in the machine and around it is in `machine_check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from checkin_server.common.limits import LARGE_LOG_BYTES
from checkin_server.common.roles import MAY_SIGN_IN
from checkin_server.db import devices, events, members, probes, purges, soundness, staff
from checkin_server.db.health import StoreUnavailable
from checkin_server.db.tx import Row
from checkin_server.services.day import open_and_close
from checkin_server.services.plans import outside
from checkin_server.services.times import at_venue, rfc3339
from checkin_server.services.venue import Venue

Verdict = Literal["OK", "NOTE", "STOP"]


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


def check_database(venue: Venue, said: Mapping[str, Any] | None = None) -> Iterator[Finding]:
    """Read it all, see that the rules hold, and write a row, or hear what the running server's own came to.

    `said` is what that server says of its database (`/readyz`); None when none runs.
    """
    if said is not None and not said["ok"]:
        error = str(said.get("error", "failing"))
        what = f"the running server's is in trouble for {said.get('for_s', 0)} s: {STORE_TROUBLES[error][0]} ({error})"
        yield Finding("database", "STOP", what, STORE_TROUBLES[error][1])
        return
    try:
        problems = venue.db.read(lambda tx: soundness.problems(tx, quick=True))
        if said is None:
            venue.db.write(lambda tx: probes.note(tx, venue.now()))
    except StoreUnavailable as unavailable:
        yield Finding("database", "STOP", *STORE_TROUBLES[unavailable.why])
        return
    except Exception as error:
        todo = "Go back to a backup (docs/runbook.md), and keep this file."
        yield Finding("database", "STOP", f"it cannot be read or written: {error}", todo)
        return
    log_bytes = venue.db.tidy() if said is None else said.get("log_bytes")
    if (log_bytes or 0) > LARGE_LOG_BYTES:
        what = f"its write-ahead log has grown to {(log_bytes or 0) >> 20} MB: something reads and does not end"
        yield Finding("database", "NOTE", what, "End it (a backup, a program on the file); the log shrinks by itself.")
    for problem in problems:
        yield Finding("database", "STOP", problem, "Go back to the last backup (docs/runbook.md), and keep this file.")
    if not problems:
        yield Finding("database", "OK", "opens, is of this release, is sound and takes what is written")


_HANGS = "See whether its server or its disk hangs; restart that, not the venue's server."
STORE_TROUBLES: dict[str, tuple[str, str]] = {
    "disk_full": ("its disk is full", "Make room: old backups, old tickets of virtual printers. It goes on by itself."),
    "read_only": ("it can only be read", "Is its disk failing, or mounted to be read only? `dmesg` says why."),
    "disk_error": ("its disk does not take or give what it should", "Back up elsewhere; `dmesg` names the disk."),
    "locked": ("another program holds it", "End what was started beside the server: a command, a database program."),
    "overloaded": ("it takes no more connections", "End other programs on it, or raise its `max_connections`."),
    "slow": ("it takes too long over one thing", "See what else works on it, and whether its disk keeps up."),
    "unreachable": ("the database server cannot be reached", "Start it; see its address, its cable, its password."),
    "no_answer": ("it does not answer", _HANGS),
    "unknown": ("it has not answered yet", _HANGS),
    "failing": ("the probe fails", "The server's output says how."),
}
"""What each trouble of the store is and what to do about it; docs/reasons.md says more."""


def check_day(venue: Venue) -> Iterator[Finding]:
    """See that the open day is not yesterday's."""
    now, zone = venue.now(), venue.plan.timezone
    day, closing = open_and_close.current_day(venue), open_and_close.closing_day(venue)
    if closing is not None:
        todo = "It ends by itself, or at once with `riwaq day close --now --config F`."
        yield Finding("day", "NOTE", f"{closing['id']} is closed and has not ended: somebody is still served", todo)
    if day is None:
        yield Finding("day", "NOTE", "no day is open", "Open it with `riwaq day open DAY --config F` when it begins.")
    elif day["closes_at"] <= now:
        todo = (
            "Is that the time now? If not, set the machine's clock: it is asked about, and nothing is lost. If it is, "
            "close it with `riwaq day close --config F`, or open the next one: that ends it. Newcomers are refused."
        )
        ended, shown = at_venue(day["closes_at"], zone), at_venue(now, zone)
        what = f"{day['id']} is still open, but its hours ended at {ended}, and Riwaq's clock shows {shown}"
        yield Finding("day", "NOTE", what, todo)
    else:
        yield Finding("day", "OK", f"{day['id']} is open until {at_venue(day['closes_at'], zone)}")


def check_people(venue: Venue) -> Iterator[Finding]:
    """See that somebody can come in and somebody can serve."""
    known = venue.db.read(members.count)
    active = [person for person in venue.db.read(staff.every) if person["active"]]
    working = len(active)
    if known == 0 and not venue.plan.card_keys:
        what = "there are none: every card will be refused as unknown_card"
        yield Finding("members", "STOP", what, "Take a list in with `riwaq members import FILE --config F`.")
    else:
        yield Finding("members", "OK", f"{known} are known")
    if working == 0:
        todo = "Add them with `riwaq staff add NAME --role counter --config F`."
        yield Finding("staff", "STOP", "there is nobody who could sign in at a counter", todo)
    else:
        yield Finding("staff", "OK", f"{working} can sign in at a counter")
    if not any(person["role"] in MAY_SIGN_IN["organizer"] for person in active):
        todo = "Add one with `riwaq staff add NAME --role organizer --config F`."
        yield Finding("staff", "NOTE", "nobody can sign in on the dashboard: it can be read, and nothing done", todo)


def check_numbers(venue: Venue) -> Iterator[Finding]:
    """See that numbers can be reserved outside the database, and say whether it was restored."""
    places = venue.numbers.places()
    bad = [f"{path}: {why}" for path, why in places.items() if why]
    if places and len(bad) == len(places):
        todo = "Give the server the right to write there: after a restore numbers could be given twice."
        yield Finding("numbers", "NOTE", f"they can't be reserved outside the database ({'; '.join(bad)})", todo)
    else:
        good = ", ".join(str(path) for path, why in places.items() if not why)
        yield Finding("numbers", "OK", f"they are reserved in {good}" if good else "they are the database's alone")
    last = next(reversed(venue.db.read(events.restores)), None)
    if last is not None:
        what = f"a copy was brought back at {rfc3339(last['at'])}"
        yield Finding("numbers", "NOTE", what, "Tickets that are not known: the welcome desk enters their people anew.")


def check_retention(venue: Venue) -> Iterator[Finding]:
    """See that what is personal was forgotten when it was due (docs/privacy.md)."""
    overdue = venue.db.read(lambda tx: purges.overdue(tx, venue.now()))
    if not overdue:
        yield Finding("privacy", "OK", "nothing personal is kept longer than the settings say")
        return
    kinds = ", ".join(sorted({row["kind"] for row in overdue}))
    first, last = min(row["due_at"] for row in overdue), max(row["before_day"] for row in overdue)
    stopped = " (a purge was begun and not finished)" if any(row["begun_at"] for row in overdue) else ""
    todo = f"Run `riwaq purge --before {last} --config F`; a server does it by itself once no day is open."
    what = f"overdue since {at_venue(first, venue.plan.timezone)}: {kinds} of before {last}{stopped}"
    yield Finding("privacy", "NOTE", what, todo)


def check_plan(venue: Venue) -> Iterator[Finding]:
    """Name each row that points outside the plan: what earlier plans had, and today still needs."""
    found = venue.db.read(lambda tx: outside.rows(tx, venue.plan))
    for one in found:
        yield Finding("plan", "NOTE", f"{one.kind} {one.id} is not in the plan: {one.what}", one.todo)
    if not found:
        yield Finding("plan", "OK", "nothing of today points outside it")


def check_devices(venue: Venue, *, demo: bool) -> Iterator[Finding]:
    """See that each kiosk, board and counter of the plan has a paired device, and when it last spoke."""
    paired = newest_devices(venue.db.read(devices.every))
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


def newest_devices(rows: list[Row]) -> dict[tuple[str, str], Row]:
    """Return the device of each role and station that spoke last; those that were cut off say nothing."""
    newest: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["revoked_at"] is not None:
            continue
        older = newest.get((row["role"], row["station"]))
        if older is None or (row["last_seen"] or 0) >= (older["last_seen"] or 0):
            newest[row["role"], row["station"]] = row
    return newest
