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

    def take(self, printer: str) -> Row | None:
        """Move the printer's oldest due job to ``sending`` and return it with its ``spec`` read."""

        def do(tx: Tx) -> Row | None:
            now = self._venue.now()
            row = print_jobs.next_queued(tx, printer, now)
            if row is None or not print_jobs.move(tx, row["id"], "queued", "sending", now, tries=1):
                return None
            return {**row, "attempts": row["attempts"] + 1, "spec": json.loads(row["spec"])}

        # Most wake-ups find nothing: look before queueing for the writer.
        if self._venue.db.read(lambda tx: print_jobs.next_queued(tx, printer, self._venue.now())) is None:
            return None
        return self._venue.db.write(do)

    def printed(self, job_id: str) -> None:
        """The printer has confirmed the job."""
        self._end(job_id, "printed", None)

    def uncertain(self, job_id: str, error: str) -> None:
        """Bytes were sent and not confirmed: it may lie in the tray, so it is never printed again by itself."""
        self._end(job_id, "uncertain", error)

    def failed(self, job_id: str, error: str) -> None:
        """The job cannot be printed and is set aside."""
        self._end(job_id, "failed", error)

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        """Nothing was sent: try again after a while."""
        not_before = self._venue.now() + round(delay_s * 1000)
        self._venue.db.write(
            lambda tx: print_jobs.move(
                tx, job_id, "sending", "queued", self._venue.now(), error=error, not_before=not_before
            )
        )

    def recover(self, printer: str, idempotent: bool) -> None:
        """At start: what a crash left in ``sending`` is tried again where that is harmless, else it is uncertain."""
        state, error = ("queued", None) if idempotent else ("uncertain", "interrupted")
        self._venue.db.write(lambda tx: print_jobs.recover(tx, printer, state, error, self._venue.now()))

    def _end(self, job_id: str, state: str, error: str | None) -> None:
        def do(tx: Tx) -> None:
            now = self._venue.now()
            if print_jobs.move(tx, job_id, "sending", state, now, error=error):
                row = print_jobs.find(tx, job_id)
                assert row is not None
                data: dict[str, Any] = {"job": job_id, "printer": row["printer"], "error": error}
                tx.emit(f"ticket_{state}", now, data, service_day=row["service_day"], visit=row["visit"])

        self._venue.db.write(do)
