"""Where a visit's steps stand in their queues: what screens and tickets say is made from this."""

from __future__ import annotations

from dataclasses import dataclass

from checkin_server.db import steps
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.waits import Wait
from checkin_server.services.routing.prospect import Prospect


@dataclass(frozen=True, slots=True)
class Standing:
    """A step and where it stands in its service's queue."""

    step: Row
    ahead: int | None
    """Visitors before this one; None unless the step waits or is called."""
    wait: Wait | None
    """The expected wait behind them; None where it is not known."""


def standings(tx: Tx, prospect: Prospect, visit: Row) -> list[Standing]:
    """Return where a visit's steps stand, in the order they were asked for."""
    found = []
    for row in steps.of_visit(tx, visit["id"]):
        ahead = wait = None
        if row["state"] in rules.TO_COME:
            ahead = prospect.order.get(row["id"])
            if ahead is None:  # new, or no counter is open for it: the order of asking
                ahead = steps.ahead(tx, visit["service_day"], row["service"], row["since"], visit["number"])
            wait = prospect.wait(row["id"], row["service"])
        found.append(Standing(row, ahead, wait))
    return found
