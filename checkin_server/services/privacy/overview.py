"""What is kept too long, what goes next, and what went: for who answers for the data."""

from __future__ import annotations

import json
from typing import Any

from typing_extensions import TypedDict

from checkin_server.db import purges
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.retention import KINDS
from checkin_server.services.shapes import Time
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_MOST = 12
"""Purges and erasures that are shown, the newest ones."""


class Planned(TypedDict):
    """What is to be forgotten: a kind of data of all days before one."""

    kind: str
    before: str
    due_at: Time
    begun: bool
    """It was begun and has not come to its end."""


class Purged(TypedDict):
    """A purge, or (without kinds) an erasure."""

    at: Time
    before: str | None
    kinds: list[str]
    rows: int
    by_hand: bool
    staff: str | None
    """Who erased somebody; null for what the server or a command did."""


class Overview(TypedDict):
    """What is kept of people, as the plan and the log say."""

    now: Time
    overdue: list[Planned]
    planned: list[Planned]
    done: list[Purged]


def overview(venue: Venue) -> Overview:
    """Return what is overdue, what goes next of each kind, and the newest purges and erasures."""
    now = venue.now()
    return venue.db.read(lambda tx: _read(tx, now))


def _read(tx: Tx, now: int) -> Overview:
    overdue = purges.overdue(tx, now)
    late = {(row["kind"], row["before_day"]) for row in overdue}
    to_come = [row for row in purges.to_come(tx) if (row["kind"], row["before_day"]) not in late]
    return {
        "now": rfc3339(now),
        "overdue": [_planned(row) for row in overdue if row["kind"] in KINDS],
        "planned": [_planned(row) for row in to_come if row["kind"] in KINDS],
        "done": [_done(row) for row in purges.done(tx, _MOST)],
    }


def _planned(row: Row) -> Planned:
    return {
        "kind": row["kind"],
        "before": row["before_day"],
        "due_at": rfc3339(row["due_at"]),
        "begun": row["begun_at"] is not None,
    }


def _done(row: Row) -> Purged:
    data: dict[str, Any] = json.loads(row["data"])
    return {
        "at": rfc3339(row["at"]),
        "before": data.get("before"),
        "kinds": data.get("kinds", []),
        "rows": data["rows"],
        "by_hand": bool(data.get("by_hand", True)),
        "staff": row["name"],
    }
