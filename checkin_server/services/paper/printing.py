"""Printers wired to the venue: each has a spool that takes its jobs from the database, and neighbours that help out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from checkin_server.db.tx import Event
from checkin_server.domain.plan import Printer
from checkin_server.services.paper import stale
from checkin_server.services.paper.doubted import LOSES_TICKETS, Doubts
from checkin_server.services.paper.print_agents import PrintAgents
from checkin_server.services.paper.print_queue import PrintQueue
from checkin_server.services.venue import Venue
from printers.job_queue import PrintJob
from printers.renderer import Renderer
from printers.spool import Spool
from printers.transports.base import Transport
from printers.transports.file import FileTransport
from printers.transports.lp import LpTransport
from printers.transports.network import NetworkTransport
from printers.transports.virtual import VirtualTransport

log = logging.getLogger(__name__)
_ASK_AGAIN_S = (0.5, 2.0)
"""First and longest pause before a printer that is down is asked again: who has mended it waits for no more."""
_GIVES_WORK = frozenset({"ticket_queued", "ticket_moved", "test_print_queued", "test_print_judged"})
_DOUBTS = frozenset({"printer_doubted", "test_print_judged"})
_LONG_AT_ONE_S = {"serial": 90.0, "lp": 20.0}
"""Seconds at one ticket after which the next ones need not wait behind it; 8 where a ticket takes 2. Half a minute is
what a serial line takes for one."""


class DatabaseJobs(PrintQueue):
    """The database's jobs in the words of `printers.spool.JobQueue`."""

    relieve: Callable[[str], None] = staticmethod(lambda printer: None)
    """Called by a printer's worker that is believed no more: what waits there goes to the neighbours at once."""

    def claim(self, printer: str) -> PrintJob | None:
        """Look up the oldest due job."""
        if self.doubts.doubted(printer):
            self.relieve(printer)
        row = self.look(printer)
        return None if row is None else PrintJob(row["id"], row["printer"], row["spec"], row["attempts"])


def transport_for(printer: Printer, folder: Path) -> Transport:
    """Return the way to a printer; virtual ones write below `folder`. Making one opens nothing yet."""
    match printer.kind:
        case "network":
            return NetworkTransport(printer.host, printer.port, acknowledges=printer.acknowledges)
        case "usb":
            # Here and not above: these two load libraries of their own.
            from printers.transports.usb import UsbTransport

            return UsbTransport(
                printer.vendor, printer.product, printer.serial or None, acknowledges=printer.acknowledges
            )
        case "serial":
            from printers.transports.serial import SerialTransport

            return SerialTransport(printer.device, printer.baud, printer.flow, acknowledges=printer.acknowledges)
        case "lp":
            return LpTransport(printer.queue, acknowledges=printer.acknowledges)
        case "file":
            return FileTransport(printer.path, acknowledges=printer.acknowledges)
        case "virtual":
            return VirtualTransport(folder, printer.id)
    raise ValueError(f"printer {printer.id}: {printer.kind!r} is no way to a printer")


class Printing:
    """All printers of the venue."""

    def __init__(self, venue: Venue, *, folder: Path, template: Path, fonts: Path, changed: Callable[[], None]) -> None:
        self._venue = venue
        self._changed = changed
        self.doubts = Doubts(venue)
        self._jobs = DatabaseJobs(venue, self.doubts)
        self._jobs.relieve = self._relieve
        self._renderer = Renderer(
            template,
            fonts,
            widths={printer.width_mm for printer in venue.plan.printers.values()} or {80},
            second=venue.plan.second_language,
        )
        self._since: dict[str, tuple[dict[str, Any], int]] = {}
        self.agents = PrintAgents(venue, self._renderer.render, self._note, self.step_aside, self.doubts)
        self._spools = {
            printer.id: Spool(
                self._jobs,
                transport_for(printer, folder),
                self._renderer,
                printer.id,
                printer.width_mm,
                backoff=_ASK_AGAIN_S,
                on_state=self._note,
                on_down=partial(self.step_aside, printer.id),
            )
            for printer in venue.plan.printers.values()
            if printer.kind != "agent"
        }

    def start(self) -> None:
        """Begin to print, first what an earlier run left and still may print."""
        stale.sweep(self._venue)
        self._jobs.leave_gone()
        for spool in self._spools.values():
            spool.start()

    def stop(self) -> None:
        """Finish the jobs under way; what waits stays in the database."""
        for spool in self._spools.values():
            spool.stop(5.0)
        self._renderer.close()

    def hear(self, events: Sequence[Event]) -> None:
        """Wake the printers that a commit gave something to do."""
        for event in events:
            if event.kind in _DOUBTS:
                self._note()
            if event.kind in _GIVES_WORK:
                self._wake(event.data["printer"])

    def wake(self) -> None:
        """Wake all printers: some of them may have something to do."""
        for printer in self._venue.plan.printers:
            self._wake(printer)

    def _wake(self, printer: str) -> None:
        if printer in self._spools:
            self._spools[printer].wake()
        else:
            self.agents.wake(printer)

    def look_after(self) -> None:
        """Notice what only time tells; to be called about once a second."""
        self.agents.look_after()
        for printer in self._venue.plan.printers:
            self._relieve(printer)

    def _relieve(self, printer: str) -> None:
        """Give what waits on a printer that is believed no more, or is too long at one ticket, to its neighbours."""
        if self.doubts.doubted(printer):
            self.step_aside(printer, LOSES_TICKETS, float("inf"))
            return
        spool = self._spools.get(printer)
        busy = 0.0 if spool is None else spool.busy_s()
        if busy > _LONG_AT_ONE_S.get(self._venue.plan.printers[printer].kind, 8.0):
            self.step_aside(printer, "no_answer", busy)

    def step_aside(self, printer: str, error: str, down_for_s: float) -> None:
        """Give what waits on a printer that is down to its neighbours, once the venue's patience is over."""
        troubled = {name for name, state in self.states().items() if state["state"] == "trouble"}
        self._jobs.step_aside(printer, error, down_for_s, troubled)

    def states(self) -> dict[str, dict[str, Any]]:
        """Return how each printer is, and since when (milliseconds since 1970 UTC) as far as this run knows."""
        return {printer: {"since": self._since_of(printer), **state} for printer, state in self._as_said().items()}

    def _as_said(self) -> dict[str, dict[str, Any]]:
        own = {printer: dict(spool.state()) for printer, spool in self._spools.items()}
        return self.doubts.overlay({**own, **self.agents.states()})

    def _note(self) -> None:
        """Remember when a printer's state began."""
        now = self._venue.now()
        for printer, state in self._as_said().items():
            if printer not in self._since or self._since[printer][0] != state:
                self._since[printer] = (state, now)
        self._changed()

    def _since_of(self, printer: str) -> int | None:
        known = self._since.get(printer)
        return None if known is None else known[1]
