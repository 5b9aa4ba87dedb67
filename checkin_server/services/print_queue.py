"""The print jobs of the database, as the spool asks for them (`printers.spool.JobQueue`)."""

from __future__ import annotations

import json
from typing import Any

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.services.venue import Venue


class PrintQueue:
    """Moves jobs from state to state, each move a committed transaction: a crash at any instant loses none."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def look(self, printer: str) -> Row | None:
        """Return the printer's oldest due job with its ``spec`` read; it stays ``queued``."""
        row = self._venue.db.read(lambda tx: print_jobs.next_queued(tx, printer, self._venue.now()))
        return None if row is None else {**row, "attempts": row["attempts"] + 1, "spec": json.loads(row["spec"])}

    def sending(self, job_id: str, printer: str) -> bool:
        """The first byte is about to leave; False when the job is not this printer's any more."""

        def do(tx: Tx) -> bool:
            row = print_jobs.find(tx, job_id)
            if row is None or row["printer"] != printer:
                return False
            return print_jobs.move(tx, job_id, "queued", "sending", self._venue.now(), tries=1)

        return self._venue.db.write(do)

    def printed(self, job_id: str) -> None:
        """The printer has confirmed the job."""
        self._end(job_id, "printed", None)

    def uncertain(self, job_id: str, error: str) -> None:
        """Bytes were sent and not confirmed: it may lie in the tray, so it is never printed again by itself."""
        self._end(job_id, "uncertain", error)

    def failed(self, job_id: str, error: str) -> None:
        """The job cannot be printed and is set aside, whether or not it was being sent."""
        self._end(job_id, "failed", error, also_queued=True)

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        """Nothing was sent: try again after a while."""

        def do(tx: Tx) -> None:
            now = self._venue.now()
            not_before = now + round(delay_s * 1000)
            if not print_jobs.move(tx, job_id, "sending", "queued", now, error=error, not_before=not_before):
                print_jobs.move(tx, job_id, "queued", "queued", now, error=error, not_before=not_before, tries=1)

        self._venue.db.write(do)

    def recover(self, printer: str, idempotent: bool) -> None:
        """At start: what a crash left in ``sending`` is tried again where that is harmless, else it is uncertain."""
        state, error = ("queued", None) if idempotent else ("uncertain", "interrupted")
        self._venue.db.write(lambda tx: print_jobs.recover(tx, printer, state, error, self._venue.now()))

    def _end(self, job_id: str, state: str, error: str | None, also_queued: bool = False) -> None:
        def do(tx: Tx) -> None:
            now = self._venue.now()
            moved = print_jobs.move(tx, job_id, "sending", state, now, error=error)
            if not moved and also_queued:
                moved = print_jobs.move(tx, job_id, "queued", state, now, error=error, tries=1)
            if moved:
                row = print_jobs.find(tx, job_id)
                assert row is not None
                data: dict[str, Any] = {"job": job_id, "printer": row["printer"], "error": error}
                tx.emit(f"ticket_{state}", now, data, service_day=row["service_day"], visit=row["visit"])

        self._venue.db.write(do)
