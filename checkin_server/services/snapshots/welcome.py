"""What the welcome desk sees all the time: printers in trouble, and numbers whose ticket did not surely come out."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from checkin_server.db import events, print_jobs
from checkin_server.db.tx import Tx
from checkin_server.services.hall import Hall
from checkin_server.services.shapes import Time
from checkin_server.services.snapshots import printers
from checkin_server.services.snapshots.dashboard_shapes import PaperLow, PrinterFailing
from checkin_server.services.snapshots.doors import Doors, doors
from checkin_server.services.snapshots.printers import Printer, PrinterStates
from checkin_server.services.snapshots.trouble import printer_troubles
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_MOST_TICKETS = 50


class DayAtDesk(TypedDict):
    """The open day."""

    id: str
    closes_at: Time


class TicketWithoutPaper(TypedDict):
    """A number whose ticket did not surely come out."""

    visit: str
    number: int
    state: Literal["failed", "uncertain"]
    error: str | None
    printer: str
    at: Time


class WelcomeData(TypedDict):
    """What the welcome desk sees all the time: numbers and machines, no names."""

    now: Time
    doors: Doors
    day: DayAtDesk | None
    printers: list[Printer]
    trouble: list[PrinterFailing | PaperLow]
    tickets: list[TicketWithoutPaper]
    restored: bool
    """Whether a copy was brought back on the open day: visits of it may be lost."""


def snapshot(venue: Venue, printer_states: PrinterStates) -> WelcomeData:
    """Return the welcome desk's topic: numbers and machines, no names."""
    hall = venue.hall.fresh()
    return venue.db.read(lambda tx: _read(tx, venue, hall, printer_states()))


def _read(tx: Tx, venue: Venue, hall: Hall, states: dict[str, dict[str, Any]]) -> WelcomeData:
    day, running = hall.day, hall.running
    shown = printers.printers(tx, venue, hall.shown, states)
    without = print_jobs.without_paper(tx, running["id"], _MOST_TICKETS) if running else []
    return {
        "now": rfc3339(venue.now()),
        "doors": doors(venue, hall, venue.now()),
        "day": None if day is None else {"id": day["id"], "closes_at": rfc3339(day["closes_at"])},
        "printers": shown,
        "trouble": printer_troubles(shown),
        "tickets": [
            {
                "visit": row["visit"],
                "number": row["number"],
                "state": row["state"],
                "error": row["error"],
                "printer": row["printer"],
                "at": rfc3339(row["updated_at"]),
            }
            for row in without
        ],
        "restored": day is not None and events.was_restored(tx, day["id"]),
    }
