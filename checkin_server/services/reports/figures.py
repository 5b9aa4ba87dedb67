"""The figures of days, read from the event log: what the report and the API draw from.

They are made anew whenever somebody asks, from the log and from the plans that held, so a figure is repaired by
asking again. What is read of the database is plain data, so that a process of its own
can play it (`checkin_server/services/reports/figures_worker.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from checkin_server.db import day_figures, days, lives, plans
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.figures.period import Period
from checkin_server.domain.plan_documents import document_of
from checkin_server.services.reports.playing import COLUMNS, Head, Line, played
from checkin_server.services.venue import Venue


def known_days(venue: Venue) -> list[str]:
    """Return the days that were ever opened in this venue, the earliest first: those that have figures."""
    return [str(row["id"]) for row in venue.db.read(days.every)]


def head_of(venue: Venue, wanted: Sequence[str]) -> Head:
    """Read what the figures of days need beside their events."""
    return venue.db.read(lambda tx: _head(tx, venue, wanted))


def _head(tx: Tx, venue: Venue, wanted: Sequence[str]) -> Head:
    plan = venue.plan
    words = [row for day in wanted for row in day_figures.words(tx, day)]
    cases = [{**row, "day": day} for day in wanted for row in day_figures.referrals(tx, day)]
    made = lives.every(tx)
    return {
        "timezone": plan.timezone,
        "venue": {"event": plan.event.id, "venue": plan.venue, "city": plan.city},
        "days": list(wanted),
        "plans": {str(row["hash"]): json.loads(row["document"]) for row in plans.every(tx)},
        "now": document_of(plan),
        "rest_minutes": plan.missed_rest_minutes,
        "cap_minutes": plan.routing.cap_minutes,
        "after": {service.id: service.after for service in plan.services.values() if service.after},
        "stations": day_figures.stations(tx),
        "words": [[row["kind"] or "opinion", row["locale"], row["text"]] for row in words],
        "cases": cases,
        "secret": str(made[0]["id"]) if made else "",
    }


def lines_of(venue: Venue, wanted: Iterable[str], at_once: int = day_figures.AT_ONCE) -> Iterator[list[Line]]:
    """Yield the events of days, some at a time; between two of these the database is not being read."""
    for day in wanted:
        span = venue.db.read(lambda tx, day=day: day_figures.span_of(tx, day))  # type: ignore[misc]
        place = day_figures.BEGINNING
        while span is not None:
            rows = venue.db.read(lambda tx, span=span, place=place: day_figures.part(tx, span, place, at_once))  # type: ignore[misc]
            if not rows:
                break
            place = (rows[-1]["xid"], rows[-1]["seq"])
            yield [_line(day, row) for row in rows]


def _line(day: str, row: Row) -> Line:
    return [day, *(row[name] for name in COLUMNS), row["data"]]


def period(venue: Venue, wanted: Sequence[str]) -> Period:
    """Return days that were opened, played, with what is kept beside their log."""
    return played(head_of(venue, wanted), (line for part in lines_of(venue, wanted) for line in part))
