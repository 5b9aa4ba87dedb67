"""Each printer as staff see it: how it is, what waits, how the day's tickets ended, its last test print."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from typing_extensions import TypedDict

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.services.shapes import Paper, PrinterState, Time
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_TESTS_OF_MS = 12 * 3_600_000
"""An older test print says nothing about a printer."""


class LastTest(TypedDict):
    """The newest test print of a printer."""

    print_job: str
    state: Literal["queued", "sending", "printed", "sent", "uncertain", "failed", "cancelled"]
    error: str | None
    came_out: bool | None
    """What a person said who looked for it; None while nobody has, or nobody was asked."""
    asked_at: Time
    at: Time


class Printer(TypedDict):
    """A printer and its day."""

    id: str
    kind: str
    width_mm: int
    kiosks: list[str]
    desks: list[str]
    """The kiosks and the welcome desks whose own printer it is."""
    state: PrinterState
    last_error: str | None
    since: Time | None
    paper: Paper | None
    queued: int
    printed: int
    sent: int
    """Tickets that a printer without acknowledgement has taken."""
    failed: int
    uncertain: int
    at: Time | None
    test: LastTest | None
    doubted: bool
    """Whether it lost tickets, and gets none until a person has said that a test print came out whole."""
    to_judge: str | None
    """The test print that a person should look for in the tray."""


class PrinterStates(Protocol):
    """How the printers are: ``{id: {"state": …, "last_error": …, "paper": …, "since": milliseconds}}``."""

    def __call__(self) -> dict[str, dict[str, Any]]:
        """Return the states."""
        ...


def snapshot(venue: Venue, printer_states: PrinterStates) -> dict[str, list[Printer]]:
    """Return all printers, in the plan's order."""
    day = venue.hall.fresh().shown
    return {"printers": venue.db.read(lambda tx: printers(tx, venue, day, printer_states()))}


def printers(tx: Tx, venue: Venue, day: Row | None, states: dict[str, dict[str, Any]]) -> list[Printer]:
    """Return one row a printer. Counts are of the day's tickets; test prints stand apart."""
    jobs: dict[str, dict[str, int]] = {}
    newest: dict[str, int] = {}
    for row in print_jobs.counts(tx, day["id"]) if day else []:
        jobs.setdefault(row["printer"], {})[row["state"]] = int(row["jobs"])
        newest[row["printer"]] = max(newest.get(row["printer"], 0), int(row["at"]))
    tests = {row["printer"]: row for row in print_jobs.tests_since(tx, venue.now() - _TESTS_OF_MS)}
    kiosks: dict[str, list[str]] = {}
    for kiosk in venue.plan.kiosks.values():
        kiosks.setdefault(kiosk.printer, []).append(kiosk.id)
    shown: list[Printer] = []
    for printer in venue.plan.printers.values():
        state, counts = states.get(printer.id, {}), jobs.get(printer.id, {})
        shown.append(
            {
                "id": printer.id,
                "kind": printer.kind,
                "width_mm": printer.width_mm,
                "kiosks": kiosks.get(printer.id, []),
                "desks": [desk.id for desk in venue.plan.desks.values() if desk.printer == printer.id],
                "state": state.get("state", "unknown"),
                "last_error": state.get("last_error"),
                "since": rfc3339(state.get("since")),
                "paper": _paper(state),
                "queued": counts.get("queued", 0) + counts.get("sending", 0),
                "printed": counts.get("printed", 0),
                "sent": counts.get("sent", 0),
                "failed": counts.get("failed", 0),
                "uncertain": counts.get("uncertain", 0),
                "at": rfc3339(newest.get(printer.id)),
                "test": _test(tests.get(printer.id), state.get("judged")),
                "doubted": bool(state.get("doubted")),
                "to_judge": _to_judge(tests.get(printer.id), state),
            }
        )
    return shown


def _paper(state: dict[str, Any]) -> Paper | None:
    """Return ``ok``, ``low`` or ``out``; None while the printer has not said, or where it can't (CUPS)."""
    if state.get("last_error") == "paper_out":
        return "out"
    paper: Paper | None = state.get("paper")
    # In trouble a printer says what is wrong, not how much paper is left.
    return paper if paper == "low" or state.get("state") == "ok" else None


def _to_judge(row: Row | None, state: dict[str, Any]) -> str | None:
    """Return the newest test print of a printer that is believed no more, once somebody can look for it."""
    if row is None or not state.get("doubted") or row["state"] not in ("printed", "sent", "uncertain"):
        return None
    return None if row["id"] == state.get("judged") else str(row["id"])


def _test(row: Row | None, judged: str | None) -> LastTest | None:
    if row is None:
        return None
    return {
        "print_job": row["id"],
        "state": row["state"],
        "error": row["error"],
        "came_out": False if row["id"] == judged else None,
        "asked_at": rfc3339(row["created_at"]),
        "at": rfc3339(row["updated_at"]),
    }
