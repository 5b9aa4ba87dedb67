"""Reading what organisers decided about last tickets (`services/day/last_tickets.py`), in any transaction."""

from __future__ import annotations

import json

from checkin_server.db import events, hall
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.forecasts.last_tickets import AUTOMATIC, Ruling
from checkin_server.services.times import milliseconds


def read(tx: Tx, day: str) -> dict[str, Ruling]:
    """Return by service what holds now; a service that is left to the look-ahead is missing."""
    newest = {str(row["service"]): row for row in events.rulings(tx, day)}
    found = (_ruling(tx, day, service, row) for service, row in newest.items())
    return {ruling.service: ruling for ruling in found if ruling is not None}


def _ruling(tx: Tx, day: str, service: str, row: Row) -> Ruling | None:
    data = json.loads(row["data"])
    if data["rule"] == AUTOMATIC:
        return None
    until = None if data["until"] is None else milliseconds(data["until"])
    counted = data["places"] is not None
    given = max(0, hall.tickets_of(tx, day, service) - data["before"]) if counted else 0
    return Ruling(service, data["rule"], row["at"], data["places"], until, given, row["reason"] or "")
