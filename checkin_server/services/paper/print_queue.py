"""The print jobs of the database, as the spool asks for them (`printers.spool.JobQueue`), and the ladder.

The ladder: a job whose printer stays down goes to the next printer that its kiosk names, as long as no byte of it was
sent. When no printer is left the job is `failed`, at once and visibly, and the kiosk shows the number instead.
"""

from __future__ import annotations

import json
import time
from collections.abc import Set
from typing import Any

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.services.paper import stale
from checkin_server.services.paper.doubted import LOSES_TICKETS, Doubts
from checkin_server.services.venue import Venue

MAX_FALSE_STARTS = 3
"""Attempts without a byte sent after which a job leaves a printer that says it is well and then isn't."""

ASKED_AGAIN_MS = 2_500
"""How long a reprint or a test print waits at least: asked for by somebody who has just mended the printer, as a rule,
and a printer that is down is asked again within two seconds."""


class PrintQueue:
    """Moves jobs from state to state, each move a committed transaction: a crash at any instant loses none."""

    def __init__(self, venue: Venue, doubts: Doubts | None = None) -> None:
        self._venue = venue
        self.doubts = doubts or Doubts(venue)

    def look(self, printer: str) -> Row | None:
        """Return the printer's oldest due job with its ``spec`` read; it stays ``queued``.

        One that is believed no more is given test prints only.
        """
        only_tests, now = self.doubts.doubted(printer), self._venue.now()
        row = self._venue.db.read(lambda tx: print_jobs.next_queued(tx, printer, now, only_tests=only_tests))
        return None if row is None else {**row, "attempts": row["attempts"] + 1, "spec": json.loads(row["spec"])}

    def sending(self, job_id: str, printer: str) -> bool:
        """The first byte is about to leave; False when the job has gone to another printer, or its time is over."""

        def do(tx: Tx) -> bool:
            now = self._venue.now()
            return not stale.settle(tx, self._venue, job_id) and print_jobs.begin(tx, job_id, printer, now)

        return self._venue.db.write(do)

    def printed(self, job_id: str) -> None:
        """The printer has confirmed the job."""
        self._end(job_id, "printed", None)

    def sent(self, job_id: str) -> None:
        """The printer has taken the job, and is one that acknowledges nothing."""
        self._end(job_id, "sent", None)

    def uncertain(self, job_id: str, error: str) -> None:
        """Bytes were sent and not confirmed: it may lie in the tray, so it is never printed again by itself."""
        self._end(job_id, "uncertain", error)

    def failed(self, job_id: str, error: str) -> None:
        """The job cannot be printed and is set aside."""
        self._end(job_id, "failed", error)

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        """Nothing was sent: try again after a while."""
        not_before = self._venue.now() + round(delay_s * 1000)

        def do(tx: Tx) -> None:
            now = self._venue.now()
            # One that was `sending` was counted when that began.
            for state, tries in (("sending", 0), ("queued", 1)):
                if print_jobs.move(tx, job_id, state, "queued", now, error=error, tries=tries, not_before=not_before):
                    return

        self._venue.db.write(do)

    def recover(self, printer: str, idempotent: bool) -> int:
        """Settle what a crash left in ``sending``: tried again where that is harmless, else uncertain.

        Each job that becomes uncertain is told of: somebody may stand there without paper. Returns how many there were.
        """

        def do(tx: Tx) -> int:
            now = self._venue.now()
            if idempotent:
                return print_jobs.recover(tx, printer, "queued", None, now)
            left = print_jobs.sending(tx, printer)
            for row in left:
                _ended(tx, row, "uncertain", "interrupted", now)
            return len(left)

        return self._venue.db.write(do)

    def leave_gone(self) -> int:
        """At the start: let nothing wait on printers that the plan has no more; return how much did.

        What waited goes to the next of its ladder, or has ``failed`` with none left. What was under way there may lie
        in the tray: it is ``uncertain``.
        """
        plan = self._venue.plan

        def do(tx: Tx) -> int:
            lost = [row for row in print_jobs.unsettled(tx) if row["printer"] not in plan.printers]
            for row in lost:
                whole = print_jobs.find(tx, row["id"])
                if whole is not None and whole["state"] == "queued":
                    # Whoever asked for it stands at one of today's printers; of an old ladder none may be left.
                    self._move_on(tx, whole, "printer_gone", frozenset())
                elif whole is not None:
                    _ended(tx, whole, "uncertain", "printer_gone", self._venue.now())
            return len(lost)

        return self._venue.db.write(do)

    def step_aside(self, printer: str, error: str, down_for_s: float, avoid: Set[str] = frozenset()) -> int:
        """Move what waits on a printer that is down to the next printer of its ladder; return how many jobs moved.

        Nothing moves before the venue's patience is over, but for a job that this printer has begun several times
        without a byte. Printers in `avoid` are in trouble themselves and are passed over. A job with no printer left is
        ``failed`` with the error of the printer it waited on. A printer that is only believed no more keeps its test
        prints.
        """
        impatient = down_for_s >= self._venue.plan.print_patience_s
        tests_stay = error == LOSES_TICKETS

        def is_due(row: Row) -> bool:
            if row["kind"] == "test" and tests_stay:
                return False
            rested = row["kind"] == "ticket" or self._venue.now() - row["created_at"] >= ASKED_AGAIN_MS
            return (impatient and rested) or bool(row["attempts"] >= MAX_FALSE_STARTS)

        def due(tx: Tx) -> list[Row]:
            return [row for row in print_jobs.waiting(tx, printer) if is_due(row)]

        def do(tx: Tx) -> int:
            return sum(self._move_on(tx, row, error, avoid) for row in due(tx))

        # Asked every second while a printer is down: look before queueing for the writer.
        return self._venue.db.write(do) if self._venue.db.read(due) else 0

    def _move_on(self, tx: Tx, row: Row, error: str, avoid: Set[str]) -> int:
        now = self._venue.now()
        if stale.settle(tx, self._venue, row["id"]):
            return 0
        ladder: list[str] = json.loads(row["ladder"])
        usable = [at for at, name in enumerate(ladder) if name in self._venue.plan.printers and name not in avoid]
        if not usable:
            return int(_ended(tx, row, "failed", error, now))
        to, rest = ladder[usable[0]], ladder[usable[0] + 1 :]
        if not print_jobs.give(tx, row["id"], row["printer"], to, json.dumps(rest), error, now):
            return 0
        tx.emit(
            "ticket_moved",
            now,
            {"job": row["id"], "printer": to, "from": row["printer"], "error": error},
            service_day=row["service_day"],
            visit=row["visit"],
        )
        return 1

    def _end(self, job_id: str, state: str, error: str | None) -> None:
        def do(tx: Tx) -> bool:
            row = print_jobs.find(tx, job_id)
            # A ticket may turn out to be impossible before its first byte; nothing else ends a job that has not begun.
            begun = ("sending", "queued") if state == "failed" else ("sending",)
            if row is None or row["state"] not in begun or not _ended(tx, row, state, error, self._venue.now()):
                return False
            return self.doubts.ended(tx, row, state, error)

        if self._venue.db.write(do):
            self.doubts.refresh()


def _ended(tx: Tx, row: Row, state: str, error: str | None, now: int) -> bool:
    if not print_jobs.move(tx, row["id"], row["state"], state, now, error=error):
        return False
    data: dict[str, Any] = {"job": row["id"], "printer": row["printer"], "error": error}
    tx.emit(f"ticket_{state}", now, data, service_day=row["service_day"], visit=row["visit"])
    return True


def settle_restored(tx: Tx) -> int:
    """Leave no ticket of a backup to be printed by itself; return how many there were.

    What waited or was under way when the backup was made was most likely printed since: nobody knows, so that it is
    ``uncertain``. Whoever stands there without paper may have it again, marked as a duplicate.
    """
    # A backup is brought back by a command, beside no server and no virtual clock.
    now = time.time_ns() // 1_000_000
    return sum(_ended(tx, row, "uncertain", "restored", now) for row in print_jobs.unsettled(tx))
