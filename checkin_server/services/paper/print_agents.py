"""Printers that are driven by another computer: a print agent asks for the next ticket and says what became of it.

The server lays the ticket out and sends the finished bytes: the organiser's template and the fonts are in one
place, every ticket looks the same, and a kiosk computer needs neither. A job stays `queued` while an agent only has
it in its hands; it becomes `sending` just before the first byte. So an agent that dies before loses nothing, and the
job needs no lease: of two that hold it, only one may begin.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.paper import stale
from checkin_server.services.paper.doubted import Doubts
from checkin_server.services.venue import Actor, Venue
from printers.renderer import RenderedTicket, RenderError

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 20.0
"""A request for the next ticket is answered at the latest after this time."""
SILENT_AFTER_S = 15.0
"""Agents report every few seconds; one that has not been heard of for so long does not print."""
UNANSWERED_AFTER_S = 120.0
"""What is `sending` for so long, at an agent that is silent or asks for the next ticket, is `uncertain`."""
_LOOK_EVERY_S = 1.0
"""A job may come due without an event: one that was put off, or that came from a neighbour."""
_BEFORE = {
    "printed": ("sending", "uncertain"),
    "sent": ("sending", "uncertain"),
    "uncertain": ("sending",),
    "failed": ("queued", "sending"),
}
"""From which states a job may come to its end."""
SILENT = "agent_silent"
"""The trouble of a printer whose agent has not been heard of for too long."""

Down = Callable[[str, str, float], None]
"""Told, while a printer can't print: printer, trouble, seconds since it began."""


class Render(Protocol):
    """Lays a ticket out, as `printers.renderer.Renderer.render` does."""

    def __call__(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Return the ticket's bytes. Raises RenderError."""
        ...


@dataclass(frozen=True, slots=True)
class _Report:
    said: dict[str, Any]
    at: float
    """Monotonic seconds."""


class PrintAgents:
    """The agents of a venue's printers of the kind ``agent``.

    Args:
        venue: the venue.
        render: lays tickets out.
        changed: called when a printer's state has changed.
        down: called about once a second for each printer that can't print.
        doubts: what is held against printers.
    """

    # size: the venue, and whom it works with
    def __init__(
        self,
        venue: Venue,
        render: Render,
        changed: Callable[[], None],
        down: Down | None = None,
        doubts: Doubts | None = None,
    ) -> None:
        self._venue = venue
        self.doubts = doubts or Doubts(venue)
        self._render = render
        self._changed = changed
        self._down = down
        self.printers = frozenset(p.id for p in venue.plan.printers.values() if p.kind == "agent")
        self._since = time.monotonic()
        self._reports: dict[str, _Report] = {}
        self._down_since: dict[str, float] = {}
        self._waiting: dict[str, set[threading.Event]] = {printer: set() for printer in self.printers}
        self._told: dict[str, dict[str, Any]] = {}

    # -- what agents ask ---------------------------------------------------------------------------------------------

    def next_job(self, actor: Actor, printer: str, wait_s: float) -> Answer | Refusal:
        """Give the oldest due job with its bytes, waiting up to `wait_s` seconds for one."""
        refusal = self._not_theirs(actor, printer)
        if refusal is not None:
            return refusal
        # Who asks for a ticket is at none: what is still `sending` is one of which the agent knows nothing.
        self._give_up(printer, "interrupted")
        deadline = time.monotonic() + min(wait_s, LONGEST_WAIT_S)
        knock = threading.Event()
        self._waiting[printer].add(knock)
        try:
            while True:
                knock.clear()
                answer = self._ready(actor, printer)
                left = deadline - time.monotonic()
                if answer is not None:
                    return answer
                if left <= 0:
                    return {"job": None}
                knock.wait(min(left, _LOOK_EVERY_S))
        finally:
            self._waiting[printer].discard(knock)

    def _ready(self, actor: Actor, printer: str) -> Answer | Refusal | None:
        only_tests, now = self.doubts.doubted(printer), self._venue.now()
        row = self._venue.db.read(lambda tx: print_jobs.next_queued(tx, printer, now, only_tests=only_tests))
        if row is None or stale.settle_one(self._venue, row["id"]):
            return None
        try:
            ticket = self._render(json.loads(row["spec"]), self._venue.plan.printers[printer].width_mm)
        except RenderError as error:
            log.error("printer %s, job %s: not rendered: %s", printer, row["id"], error)
            if not error.of_ticket:
                return Refusal("unavailable")
            why = f"render: {error}"
            self._venue.db.write(lambda tx: self._settle(tx, row, "failed", why))
            return None
        return {"job": {"id": row["id"], "attempt": row["attempts"] + 1, "ticket": ticket}}

    def sending(self, actor: Actor, job: str, command_id: str) -> Answer | Refusal:
        """The agent is about to send the first byte; refused when the job is not waiting at this printer any more."""
        command = self._command("sending", actor, job, command_id, {})

        def do(tx: Tx, row: Row) -> Answer | Refusal:
            if stale.is_over(tx, self._venue, row["id"]):  # a round lets it fail; a refusal changes nothing
                return Refusal("wrong_state", {"state": "failed"})
            if not print_jobs.begin(tx, row["id"], row["printer"], self._venue.now()):
                return Refusal("wrong_state", {"state": row["state"]})
            return {"outcome": "done", "state": "sending"}

        return self._on_job(job, command, do)

    def ended(self, actor: Actor, job: str, state: str, command_id: str, error: str | None = None) -> Answer | Refusal:
        """A job was ``printed`` or ``sent``, is ``uncertain`` or has ``failed``.

        The truth may come late: what the server has given up as uncertain may turn out to be printed.
        """
        command = self._command(state, actor, job, command_id, {"error": error})

        def do(tx: Tx, row: Row) -> Answer | Refusal:
            if row["state"] == state:
                return {"outcome": "done", "state": state}
            if row["state"] not in _BEFORE[state]:
                return Refusal("wrong_state", {"state": row["state"]})
            self._settle(tx, row, state, error)
            self.doubts.ended(tx, row, state, error)
            return {"outcome": "done", "state": state}

        answer = self._on_job(job, command, do)
        if state != "failed":
            self.doubts.refresh()
        return answer

    def retry(self, actor: Actor, job: str, command_id: str, error: str, delay_s: float) -> Answer | Refusal:
        """No byte of the job has left: it takes its place in the queue again."""
        command = self._command("retry", actor, job, command_id, {"error": error, "delay_s": delay_s})

        def do(tx: Tx, row: Row) -> Answer | Refusal:
            if row["state"] not in ("queued", "sending"):
                return Refusal("wrong_state", {"state": row["state"]})
            now = self._venue.now()
            due = now + round(delay_s * 1000)
            # From `sending` the attempt was counted when it began.
            tries = int(row["state"] == "queued")
            print_jobs.move(tx, row["id"], row["state"], "queued", now, error=error, tries=tries, not_before=due)
            return {"outcome": "done", "state": "queued"}

        return self._on_job(job, command, do)

    def recover(self, actor: Actor, printer: str, command_id: str, idempotent: bool) -> Answer | Refusal:
        """An agent begins: what an earlier run left `sending` is queued where that does no harm, else uncertain."""
        refusal = self._not_theirs(actor, printer)
        if refusal is not None:
            return refusal

        def do(tx: Tx) -> Answer:
            now = self._venue.now()
            left = print_jobs.sending(tx, printer)
            for row in left:
                if idempotent:
                    print_jobs.move(tx, row["id"], "sending", "queued", now)
                else:
                    self._settle(tx, row, "uncertain", "interrupted")
            return {"outcome": "done", "jobs": len(left)}

        body = {"idempotent": idempotent}
        return once(self._venue, Command("recover", printer, command_id, body, actor, self._venue.now()), do)

    def report(self, actor: Actor, printer: str, said: dict[str, Any]) -> Answer | Refusal:
        """Note how a printer is, in the words of `printers.spool.SpoolState`."""
        refusal = self._not_theirs(actor, printer)
        if refusal is not None:
            return refusal
        self._reports[printer] = _Report(said, time.monotonic())
        self._tell_changes()
        return {"outcome": "done"}

    # -- what the server asks ----------------------------------------------------------------------------------------

    def states(self) -> dict[str, dict[str, Any]]:
        """Return how each agent's printer is: what the agent said last, unless it has been silent for too long."""
        return {printer: self._state(printer) for printer in sorted(self.printers)}

    def wake(self, printer: str) -> None:
        """Answer the agent that waits for a ticket: there may be one."""
        for knock in tuple(self._waiting.get(printer, ())):
            knock.set()

    def look_after(self) -> None:
        """Notice agents that have fallen silent, and what they leave behind; to be called about once a second."""
        self._tell_changes()
        now = time.monotonic()
        for printer, state in self.states().items():
            if state["state"] != "trouble":
                self._down_since.pop(printer, None)
                continue
            since = self._down_since.setdefault(printer, now)
            if self._down is not None:
                self._down(printer, str(state["last_error"]), now - since)
            if state["last_error"] == SILENT:
                self._give_up(printer, SILENT)

    def _give_up(self, printer: str, error: str) -> None:
        before = self._venue.now() - round(UNANSWERED_AFTER_S * 1000)

        def forgotten(tx: Tx) -> list[Row]:
            return [row for row in print_jobs.sending(tx, printer) if row["updated_at"] < before]

        def do(tx: Tx) -> None:
            for row in forgotten(tx):
                self._settle(tx, row, "uncertain", error)

        # Asked every second: look before queueing for the writer.
        if self._venue.db.read(forgotten):
            self._venue.db.write(do)

    def _state(self, printer: str) -> dict[str, Any]:
        report = self._reports.get(printer)
        heard = report.at if report else self._since
        if time.monotonic() - heard > SILENT_AFTER_S:
            return {"state": "trouble", "last_error": SILENT, "paper": None}
        return {"state": "unknown", "last_error": None, "paper": None} if report is None else dict(report.said)

    def _tell_changes(self) -> None:
        states = self.states()
        if states != self._told:
            self._told = states
            self._changed()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _not_theirs(self, actor: Actor, printer: str) -> Refusal | None:
        if actor.station != printer:
            return Refusal("forbidden", {"station": actor.station})
        return None if printer in self.printers else Refusal("unknown_printer")

    def _command(self, action: str, actor: Actor, job: str, command_id: str, body: dict[str, Any]) -> Command:
        """Return what an agent asks to be done to a job; a printer is part of the target."""
        return Command(f"print-job {action}", f"{actor.station} {job}", command_id, body, actor, self._venue.now())

    def _on_job(self, job: str, command: Command, do: Callable[[Tx, Row], Answer | Refusal]) -> Answer | Refusal:
        actor = command.actor

        def checked(tx: Tx) -> Answer | Refusal:
            row = print_jobs.find(tx, job)
            if row is None or actor.station not in self.printers:
                return Refusal("unknown_print_job")
            if row["printer"] != actor.station:
                # Another printer's, or given to a neighbour meanwhile.
                return Refusal("forbidden", {"station": actor.station})
            return do(tx, row)

        return once(self._venue, command, checked)

    def _settle(self, tx: Tx, row: Row, state: str, error: str | None) -> None:
        """Move a job to its end, and say so."""
        now = self._venue.now()
        tries = int(row["state"] == "queued")
        if print_jobs.move(tx, row["id"], row["state"], state, now, error=error, tries=tries):
            data: dict[str, Any] = {"job": row["id"], "printer": row["printer"], "error": error}
            tx.emit(
                "ticket_printed"
                if state == "printed"
                else (
                    "ticket_sent" if state == "sent" else ("ticket_failed" if state == "failed" else "ticket_uncertain")
                ),
                now,
                data,
                service_day=row["service_day"],
                visit=row["visit"],
            )
