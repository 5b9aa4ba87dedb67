"""The figures of days, read from the event log: what the report, the API and the dashboard draw from.

They are made anew whenever somebody asks, from the log and from the plans that held: nothing is counted twice in two
ways, and a figure is repaired by asking again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from checkin_server.common.zones import local
from checkin_server.db import day_figures, days, plans
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.figures.day import Day
from checkin_server.domain.figures.facts import Event
from checkin_server.domain.figures.period import Beside, Document, Held, Period, Played
from checkin_server.domain.plan_documents import document_of
from checkin_server.services.reports.fairness import player
from checkin_server.services.venue import Venue


def known_days(venue: Venue) -> list[str]:
    """Return the days that were ever opened in this venue, the earliest first: those that have figures."""
    return [str(row["id"]) for row in venue.db.read(days.every)]


def period(venue: Venue, wanted: Sequence[str]) -> Period:
    """Return days that were opened, played, with what is kept beside their log."""
    return venue.db.read(lambda tx: _period(tx, venue, wanted))


def _period(tx: Tx, venue: Venue, wanted: Sequence[str]) -> Period:
    known = {str(row["hash"]): json.loads(row["document"]) for row in plans.every(tx)}
    now = document_of(venue.plan)
    words = [row for day in wanted for row in day_figures.words(tx, day)]
    cases = [row for day in wanted for row in day_figures.referrals(tx, day)]
    zone = venue.plan.timezone

    def at_venue(at: int) -> datetime:
        return local(at, zone)

    return Period(
        [_played(tx, venue, day, known, now) for day in wanted],
        at_venue,
        Beside(
            day_figures.stations(tx),
            [(str(row["kind"] or "opinion"), str(row["locale"]), str(row["text"])) for row in words],
            [(str(row["office"]), str(row["subject"]) or "not_kept") for row in cases],
        ),
    )


def _played(tx: Tx, venue: Venue, day: str, known: dict[str, Document], now: Document) -> Played:
    played, fair = Day(day, venue.plan.missed_rest_minutes), player(venue.plan)
    for row in day_figures.of_day(tx, day):
        event = _event(row)
        played.see(event)
        fair.see(row["seq"], event.at, event.kind, event.visit, event.step, event.service, event.number, event.data)
    return Played(played, _held(played, known, now), fair)


def _held(played: Day, known: dict[str, Document], now: Document) -> Held:
    """Return the plans that held that day; a log from before plans were kept has the present one."""
    held = [(since, known[name]) for since, name in played.plans if name is not None and name in known]
    return Held(held or [(0, now)], [*known.values(), now])


def _event(row: Row) -> Event:
    return Event(
        row["at"],
        row["kind"],
        row["visit"],
        row["step"],
        row["service"],
        row["counter"],
        row["number"],
        row["device"],
        row["plan"],
        json.loads(row["data"]),
        row["seq"],
    )


def between(known: Iterable[str], first: str, last: str) -> list[str]:
    """Return the days from one date to another, both included."""
    return [day for day in known if first <= day <= last]
