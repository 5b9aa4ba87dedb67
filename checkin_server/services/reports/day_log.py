"""A day's event log as a table: what reports, audits and rehearsals of the next day are made from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from checkin_server.db import events
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

COLUMNS = ("seq", "at", "kind", "number", "service", "counter", "device", "staff", "data")
"""A visit's reference is left out: with it anybody could look the visit up at a kiosk."""


def read(venue: Venue, day: str) -> list[dict[str, Any]]:
    """Return the events of a day in the order they happened, with ``data`` as a mapping; none when it never opened."""
    rows = venue.db.read(lambda tx: events.of_day(tx, day))
    return [{**row, "data": json.loads(row["data"])} for row in rows]


def as_csv(venue: Venue, day: str) -> str:
    """Return the same as CSV; times are RFC 3339 UTC."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(read(venue, day)))
    return file.getvalue()


def _cells(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        written = {
            **row,
            "at": rfc3339(row["at"]),
            "data": json.dumps(row["data"], ensure_ascii=False, separators=(",", ":")),
        }
        yield [written[name] for name in COLUMNS]
