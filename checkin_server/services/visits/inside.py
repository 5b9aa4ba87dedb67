"""Whether something may still be done for a visit: its day is open and it has not left."""

from __future__ import annotations

from checkin_server.db import days
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal


def day_of(tx: Tx, visit: Row) -> Row | Refusal:
    """Return the open day of a visit that is inside; else ``wrong_state``, with ``day_closed`` or ``left``."""
    day = days.open_day(tx)
    if day is None or day["id"] != visit["service_day"]:
        return Refusal("wrong_state", {"state": "day_closed"})
    if visit["state"] == "left":
        return Refusal("wrong_state", {"state": "left"})
    return day
