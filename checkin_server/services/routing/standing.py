"""Where a visit's steps stand in their queues: what screens and tickets say is made from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkin_server.db import steps
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.plan import Plan
from checkin_server.domain.waits import Wait
from checkin_server.services.routing.itinerary import as_stop, by_route
from checkin_server.services.routing.prospect import Prospect


@dataclass(frozen=True, slots=True)
class Standing:
    """A step and where it stands in its service's queue."""

    step: Row
    ahead: int | None
    """Visitors before this one; None unless the step waits or is called."""
    wait: Wait | None
    """The expected wait behind them; None where it is not known."""
    at: float | None = None
    """When the call is expected, in milliseconds since 1970 UTC; None where it is not known."""


def standings(tx: Tx, prospect: Prospect, visit: Row) -> list[Standing]:
    """Return where a visit's steps stand, in the order they were asked for."""
    found = []
    for row in steps.of_visit(tx, visit["id"]):
        ahead = wait = at = None
        if row["state"] in rules.TO_COME:
            ahead = prospect.order.get(row["id"])
            if ahead is None:  # new, or no counter is open for it: the order of asking
                ahead = steps.ahead(tx, visit["service_day"], row["service"], row["since"], visit["number"])
            wait, at = expected(prospect, row)
        found.append(Standing(row, ahead, wait, at))
    return found


def expected(prospect: Prospect, row: Row) -> tuple[Wait | None, float | None]:
    """Return a step's wait and the moment of its call: as its visit was told at its choice, else by the look ahead."""
    wait = prospect.wait(row["id"], row["service"])
    told = prospect.itinerary(row["visit"])
    # A counter that has opened or closed since is news that goes before what was told.
    if (
        wait is not None
        and told is not None
        and row["state"] in rules.AWAITING
        and row["service"] in told.forecast.waits
    ):
        return told.forecast.waits[row["service"]], told.forecast.calls[row["service"]]
    return wait, None if wait is None else prospect.at + wait.p50 * 1000.0


def route(plan: Plan, prospect: Prospect, rows: Sequence[Row]) -> list[Row]:
    """Return a visit's steps in the order of its route."""
    by_id = {row["id"]: row for row in rows}
    stops = {
        row["id"]: as_stop(row, *(expected(prospect, row) if row["state"] in rules.AWAITING else (None, None)))
        for row in rows
    }
    return [by_id[step] for step in by_route(plan, stops)]
