"""Printers that say they are well and lose tickets: after two in a row they are believed no more.

A printer that restarts in the middle of each ticket, or never confirms one, answers every question about its state.
What counts is what became of its tickets. From the second one in a row of which nobody knows what came out, visitors'
tickets go to its neighbours, and it stays in trouble by name, over restarts too, until a person has asked it for a test
print and says that it came out whole.
"""

from __future__ import annotations

from typing import Any

from checkin_server.db import print_jobs, printer_doubts
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.venue import Actor, Venue

LOSES_TICKETS = "loses_tickets"
"""The trouble of a printer that is believed no more."""
MOST_IN_A_ROW = 2
"""So many tickets in a row, of which nobody knows what came out, and a printer is believed no more."""
_NOT_THE_PRINTERS = frozenset({"interrupted", "restored", "agent_silent"})
"""Why a ticket may be uncertain although the printer did nothing wrong: a server or an agent ended in its middle."""
_SAW_PAPER = ("printed", "sent", "uncertain")
"""States of a test print that somebody may look for in the tray."""


class Doubts:
    """What is held against each printer: kept in the database, remembered here, for it is asked all the time."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._rows: dict[str, Row] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read what is held, after a commit that may have changed it."""
        self._rows = {row["printer"]: row for row in self._venue.db.read(printer_doubts.every)}

    def doubted(self, printer: str) -> bool:
        """Say whether a printer is believed no more."""
        return self.since(printer) is not None

    def since(self, printer: str) -> int | None:
        """Return since when it is believed no more, in milliseconds since 1970 UTC; None when it is."""
        row = self._rows.get(printer)
        return None if row is None else row["since"]

    def judged(self, printer: str) -> str | None:
        """Return the test print that a person has looked at last, and that was not whole."""
        row = self._rows.get(printer)
        return None if row is None else row["judged"]

    def overlay(self, states: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the printers' states as they say them, with the trouble of those that are believed no more.

        What such a printer says of itself comes first where it is trouble: there is paper to put in.
        """
        return {printer: self._overlaid(printer, state) for printer, state in states.items()}

    def _overlaid(self, printer: str, state: dict[str, Any]) -> dict[str, Any]:
        since = self.since(printer)
        if since is None:
            return state
        if state["state"] != "trouble":
            state = {**state, "state": "trouble", "last_error": LOSES_TICKETS, "since": since}
        return {**state, "doubted": True, "judged": self.judged(printer)}

    def ended(self, tx: Tx, row: Row, state: str, error: str | None) -> bool:
        """Take in how a job ended, in its transaction; True when `refresh` is due after the commit."""
        held = row["printer"] in self._rows
        if state == "uncertain" and error not in _NOT_THE_PRINTERS:
            self._hold(tx, row, error or state)
            return True
        # A printer that is believed no more confirms nothing by its own word.
        if state in ("printed", "sent") and held and not self.doubted(row["printer"]):
            printer_doubts.forget(tx, row["printer"])
            return True
        return False

    def _hold(self, tx: Tx, row: Row, error: str) -> None:
        before, now = printer_doubts.find(tx, row["printer"]), self._venue.now()
        count = 1 if before is None else before["uncertain"] + 1
        since = None if before is None else before["since"]
        if since is None and count >= MOST_IN_A_ROW:
            since = now
            tx.emit("printer_doubted", now, {"printer": row["printer"], "tickets": count, "error": error})
        printer_doubts.hold(tx, row["printer"], count, since, error)


# size: whose printer, which test print and what came of it
def judge_test(
    venue: Venue, doubts: Doubts, actor: Actor, printer: str, job: str, came_out: bool, command_id: str
) -> Answer | Refusal:
    """Take a person's word for a test print: whole, and the printer is believed again; else it stays in trouble."""
    if printer not in venue.plan.printers:
        return Refusal("unknown_printer")
    body = {"print_job": job, "came_out": came_out}
    command = Command("judge_test", printer, command_id, body, actor, venue.now())

    def do(tx: Tx) -> Answer | Refusal:
        row = print_jobs.find(tx, job)
        if row is None or row["printer"] != printer or row["kind"] != "test":
            return Refusal("unknown_print_job")
        if row["state"] not in _SAW_PAPER:
            return Refusal("wrong_state", {"state": row["state"]})
        if came_out:
            printer_doubts.forget(tx, printer)
        else:
            printer_doubts.judge(tx, printer, job)
        data: dict[str, Any] = {"printer": printer, "job": job, "came_out": came_out}
        tx.emit("test_print_judged", command.now, data, device=actor.device, staff=actor.staff)
        return {"outcome": "done", "printer": printer, "believed": came_out}

    answer = once(venue, command, do)
    doubts.refresh()
    return answer
