"""After a copy of the database was brought back: no number that was given since the copy is given again.

A start compares the database with the marker outside it (`checkin_server/services/numbers.py`). When the marker has
seen more than the database knows, the database is older than the marker: it was restored, however that was done. The
numbers then go on above what the marker has reserved. Where the marker itself is lost, they go on above what the time
since the copy could have given.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass

from checkin_server.common.marker import Mark
from checkin_server.db import days, events, lives
from checkin_server.db.tx import Row, Tx
from checkin_server.services.numbers import BLOCK
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

log = logging.getLogger(__name__)
A_MINUTE = 20
"""So many numbers a minute a venue may have given at most since the copy, where nothing else tells."""

_FURTHEST = BLOCK + 64
"""So many numbers at most are reserved and not given: a block, and a group of jobs that was rolled back."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Numbers of a day that may have been given, and are not given again."""

    day: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a start found to have been restored."""

    copy_at: int
    """When the last thing happened that the copy knows, in milliseconds since 1970 UTC."""
    marker_lost: bool
    """Whether nothing outside the database says how far the numbers had come."""
    skipped: tuple[Skipped, ...]

    def __str__(self) -> str:
        """Say it in lines for the terminal."""
        why = "The marker of numbers is lost, so that" if self.marker_lost else "The database was restored:"
        lines = [f"{why} what happened after {rfc3339(self.copy_at)} may be missing."]
        for one in self.skipped:
            lines.append(f"Numbers {one.first}-{one.last} of {one.day} may have been given: they are not given again.")
        lines.append("Whoever has a ticket that is not known is entered anew at the welcome desk.")
        return "\n".join(lines)


def begin(venue: Venue) -> Restored | None:
    """At the start of a server, before it gives a number: see whether the database was restored, and skip what it must.

    Returns what was restored, or None on an ordinary start.
    """
    now = venue.now()

    def do(tx: Tx) -> tuple[Restored | None, Mark]:
        known = lives.every(tx)
        if not known:
            # A copy of a release without lives goes on as the database that it was restored for.
            lives.add(tx, venue.numbers.restored_from() or venue.new_id("l"), "made", now)
            known = lives.every(tx)
        marks = venue.numbers.marks(known[0]["id"])
        seq, copy_at = events.last_seq(tx), events.last_at(tx)
        numbers = _merged(marks)
        lost = not marks and bool(known[-1]["marked"])
        restored = None
        if lost or _is_older(known, marks, seq) or _is_far_behind(tx, numbers):
            if lost:
                numbers = _at_most(tx, copy_at, now)
            lives.add(tx, venue.new_id("l"), "marker_lost" if lost else "restored", now)
            restored = _skip(tx, copy_at, numbers, lost=lost, now=now)
            known = lives.every(tx)
        lives.mark(tx, known[-1]["id"])
        # What this start has written itself is in the log too.
        return restored, Mark(known[0]["id"], known[-1]["id"], events.last_seq(tx), numbers)

    if not venue.numbers.kept:
        return None
    found, mark = venue.db.write(do)
    venue.numbers.begin(mark)
    return found


def reported(venue: Venue, day: str, number: int) -> Skipped | None:
    """Take in which number of a day a screen has shown: one above the last that was given tells of a restore.

    Nothing else may tell of it: a whole machine that was set back has its marker from then, too. What is above the last
    one given is left out. A screen is not believed beyond what the doors can have given since the day was opened.
    """
    if venue.numbers.database is None or not venue.numbers.is_news(day, number):
        return None
    now = venue.now()

    def do(tx: Tx) -> Skipped | None:
        row = days.open_day(tx)
        if row is None or row["id"] != day or number <= row["last_number"]:
            return None
        minutes = max(0, now - min(row["opens_at"], row["opened_at"])) / 60_000
        if number > BLOCK + math.ceil(minutes * A_MINUTE):
            log.warning("a screen says that it has shown number %d of %s: more than can have been given", number, day)
            return None
        first = int(row["last_number"]) + 1
        skip(tx, day, first, number, now)
        return Skipped(day, first, number)

    return venue.db.write(do)


def _is_older(known: list[Row], marks: list[Mark], seq: int) -> bool:
    """Whether the database is older than the marker: one of its places has seen what the database doesn't know."""
    ids = {row["id"] for row in known}
    present = known[-1]["id"]
    return any(mark.restored or mark.life not in ids or (mark.life == present and mark.seq > seq) for mark in marks)


def _is_far_behind(tx: Tx, numbers: Mapping[str, int]) -> bool:
    """Whether more is reserved than any server reserves ahead, of a day that the database knows."""
    return any((row := days.find(tx, day)) and upto > row["last_number"] + _FURTHEST for day, upto in numbers.items())


def _merged(marks: list[Mark]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for mark in marks:
        for day, upto in mark.numbers.items():
            numbers[day] = max(upto, numbers.get(day, 0))
    return numbers


def _at_most(tx: Tx, copy_at: int, now: int) -> dict[str, int]:
    """Return how far the numbers of the open day may have come since the copy, while its doors were open."""
    day = days.open_day(tx)
    if day is None:
        return {}
    minutes = max(0, min(now, day["closes_at"]) - max(copy_at, day["opens_at"])) / 60_000
    return {str(day["id"]): int(day["last_number"]) + math.ceil(minutes * A_MINUTE)}


def _skip(tx: Tx, copy_at: int, numbers: Mapping[str, int], *, lost: bool, now: int) -> Restored:
    skipped = []
    open_day = days.open_day(tx)
    for day, upto in sorted(numbers.items()):
        row = days.find(tx, day)
        # A day that the copy doesn't know yet begins above the marker when it is opened.
        if row is not None and row["last_number"] < upto:
            skip(tx, day, int(row["last_number"]) + 1, upto, now)
            skipped.append(Skipped(day, int(row["last_number"]) + 1, upto))
    tx.emit(
        "database_restored",
        now,
        {"copy_at": copy_at, "marker_lost": lost},
        service_day=open_day["id"] if open_day else None,
    )
    return Restored(copy_at, lost, tuple(skipped))


def skip(tx: Tx, day: str, first: int, last: int, now: int) -> None:
    """Leave numbers out, once and for all: they may stand on somebody's ticket."""
    days.skip_to(tx, day, last)
    tx.emit("numbers_skipped", now, {"from": first, "to": last}, service_day=day)
