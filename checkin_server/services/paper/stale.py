"""Tickets whose time is over never print: they fail as ``stale``, at once and visibly.

Every way to a printer asks here before its first byte, in the transaction that lets it begin: the server's own
spools, print agents, and a neighbour that takes over. A round looks for them as well, so that kiosk and desk show the
number although the printer stays down.
"""

from __future__ import annotations

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.tickets import STALE, Waiting, is_stale
from checkin_server.services.venue import Venue


def is_over(tx: Tx, venue: Venue, job_id: str) -> bool:
    """Whether a job is still queued and its time is over."""
    row = print_jobs.queued_job(tx, job_id)
    return row is not None and _stale(venue, row)


def settle(tx: Tx, venue: Venue, job_id: str) -> bool:
    """Let a queued job fail if its time is over; return whether it was."""
    row = print_jobs.queued_job(tx, job_id)
    if row is None or not _stale(venue, row):
        return False
    return fail(tx, row, venue.now())


def settle_one(venue: Venue, job_id: str) -> bool:
    """Do the same in a transaction of its own, which is begun only where there is something to settle."""
    over = venue.db.read(lambda tx: is_over(tx, venue, job_id))
    return over and venue.db.write(lambda tx: settle(tx, venue, job_id))


def fail(tx: Tx, row: Row, now: int) -> bool:
    """Let a queued job fail as stale; False when it has begun meanwhile."""
    if not print_jobs.move(tx, row["id"], "queued", "failed", now, error=STALE):
        return False
    tx.emit(
        "ticket_failed",
        now,
        {"job": row["id"], "printer": row["printer"], "error": STALE},
        service_day=row["service_day"],
        visit=row["visit"],
    )
    return True


def sweep(venue: Venue) -> int:
    """Let all queued jobs fail whose time is over, at any printer; return how many."""

    def old(tx: Tx) -> list[Row]:
        return [
            row for printer in venue.plan.printers for row in print_jobs.queued_at(tx, printer) if _stale(venue, row)
        ]

    def do(tx: Tx) -> int:
        return sum(fail(tx, row, venue.now()) for row in old(tx))

    # Asked every second: look before queueing for the writer.
    return venue.db.write(do) if venue.db.read(old) else 0


def _stale(venue: Venue, row: Row) -> bool:
    waiting = Waiting(row["created_at"], row["ended_at"] is not None, row["visit_state"] == "left")
    return is_stale(waiting, venue.now(), venue.plan.print_stale_minutes)
