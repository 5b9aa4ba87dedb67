"""Forgetting: what is due goes, from the database and from the files beside it; what counts stays as it is.

A purge is many small transactions. What was begun and not finished is found in the table `purge` and goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from checkin_server.common.faults import WrongUse
from checkin_server.common.offload import give_way
from checkin_server.db import days as service_days
from checkin_server.db import purges
from checkin_server.db.compaction import compact
from checkin_server.db.tx import Tx
from checkin_server.domain import retention as rules
from checkin_server.services import retention
from checkin_server.services.times import midnight
from checkin_server.services.venue import Venue

log = logging.getLogger(__name__)
PAGES = "pages"
"""Planned by an erasure: nothing is to be removed any more, but the pages to be written anew."""


@dataclass(frozen=True, slots=True)
class Files:
    """What lies outside the database and may hold what is forgotten in it."""

    printers: Path | None = None
    """The folder of the virtual printers' folders."""
    copies: tuple[Path, ...] = ()
    """Databases that a restore has replaced (`riwaq-replaced-…`)."""

    @staticmethod
    def of(data_dir: Path) -> Files:
        """Return what a venue's data folder may hold."""
        return Files(data_dir / "printers", tuple(sorted(data_dir.glob("*-replaced-*"))))

    def copies_older_than(self, days: int) -> list[Path]:
        """Return the copies that were put aside so long ago, by the machine's clock."""
        before = time.time() - days * 86_400
        return [path for path in self.copies if path.exists() and path.stat().st_mtime < before]


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge has done."""

    before: str
    kinds: tuple[str, ...]
    rows: int
    """Rows that were removed or emptied."""
    files: int
    """Files that were removed."""
    kept_days: tuple[str, ...] = field(default=())
    """Days before it that have not ended, of which nothing was forgotten."""

    def __str__(self) -> str:
        """Say it in a line."""
        return f"forgotten before {self.before}: {', '.join(self.kinds)} ({self.rows} rows, {self.files} files)"


def due(venue: Venue, files: Files) -> list[Purged]:
    """Forget what is due; for a server's round and, with what was missed, for its start. Nothing while a day is open.

    To write the database anew afterwards would hold up whoever comes in: what falls due on a morning goes that evening.
    """
    now = venue.now()

    def wanted(tx: Tx) -> list[tuple[str, str]]:
        if service_days.open_day(tx) is not None or service_days.closing_days(tx):
            return []
        return [(row["before_day"], row["kind"]) for row in purges.due(tx, now)]

    return _forget_all(venue, files, venue.db.read(wanted))


def _forget_all(venue: Venue, files: Files, found: Iterable[tuple[str, str]]) -> list[Purged]:
    """Forget each kind up to the latest day for which it is due: what lies before includes the days before."""
    latest: dict[str, str] = {}
    for before, kind in found:
        latest[kind] = max(before, latest.get(kind, ""))
    return [
        _forget(
            venue, files, before, [kind for kind in (*rules.KINDS, PAGES) if latest.get(kind) == before], by_hand=False
        )
        for before in sorted(set(latest.values()))
    ]


def before_serving(venue: Venue, files: Files) -> list[Purged]:
    """Plan anew by the settings in force, then forget what is due: a machine that was off has missed it.

    Also while a day is open: nobody is being let in yet. What can't be done now must not keep the hall closed: it is
    logged, and the server's rounds and the doctor come back to it.
    """
    now = venue.now()
    try:
        venue.db.write(lambda tx: retention.plan_all(tx, venue.plan, now))
        return _forget_all(
            venue, files, [(r["before_day"], r["kind"]) for r in venue.db.read(partial(purges.due, now=now))]
        )
    except Exception:
        log.exception("what is due could not be forgotten; it is tried again")
        return []


def by_hand(venue: Venue, files: Files, before: str) -> Purged:
    """Forget at once, whatever the settings say, all that is personal and lies before a day (ISO date).

    The member list goes with it when the tour is over by then.

    Raises `WrongUse` for what is no date.
    """
    try:
        start = midnight(before, venue.plan.timezone)
    except ValueError as error:
        raise WrongUse(f"{before} is no day; write it as 2019-12-28") from error
    kinds = [kind for kind in rules.KINDS if kind != "members" or retention.tour_over(venue.plan) <= start]
    now = venue.now()

    def plan(tx: Tx) -> None:
        for kind in kinds:
            purges.plan(tx, kind, before, now, now, again=True)

    venue.db.write(plan)
    return _forget(venue, files, before, kinds, by_hand=True)


def _forget(venue: Venue, files: Files, before: str, kinds: Sequence[str], *, by_hand: bool) -> Purged:
    start = midnight(before, venue.plan.timezone)
    held = [rules.Held(row["id"], row["opened_at"], row["ended_at"]) for row in venue.db.read(purges.held)]
    reach = rules.reach(held, before, start)
    rows = removed = 0
    for kind in kinds:
        venue.db.write(partial(purges.begin, kind=kind, before=before, now=venue.now()))
        if kind == "prints" and files.printers is not None:
            removed += _remove_prints(venue, files.printers, reach)
        for part in range(purges.parts(kind)):
            while some := venue.db.write(
                partial(purges.remove, kind=kind, part=part, days=reach.days, until=reach.until)
            ):
                rows += some
                give_way()
    if by_hand:
        removed += remove_files(files.copies)
    elif "texts" in kinds:
        removed += remove_files(files.copies_older_than(venue.plan.retention.texts_days))
    compact(venue.db.engine)
    done = venue.now()

    def end(tx: Tx) -> None:
        for kind in kinds:
            purges.end(tx, kind, before, done)
        tx.emit(
            "purged", done, {"before": before, "kinds": list(kinds), "rows": rows, "files": removed, "by_hand": by_hand}
        )

    venue.db.write(end)
    return Purged(
        before, tuple(kinds), rows, removed, tuple(d.day for d in held if d.day < before and d.ended_at is None)
    )


def _remove_prints(venue: Venue, folder: Path, reach: rules.Reach) -> int:
    """Remove the pictures and bytes of old jobs, and of jobs that nobody knows any more."""
    old = venue.db.read(lambda tx: purges.old_jobs(tx, reach.days, reach.until))
    known = venue.db.read(purges.jobs)
    return remove_files(
        path
        for path in folder.glob("*/*")
        if path.is_file() and ((job := path.name.split(".")[0]) in old or job not in known)
    )


def remove_files(paths: Iterable[Path]) -> int:
    """Remove files; return how many went. One that can't be removed is logged and left for the next time."""
    removed = 0
    for path in list(paths):
        try:
            path.unlink()
            removed += 1
        except OSError as error:
            log.warning("%s cannot be removed (%s); it is tried again", path, error.strerror)
    return removed
