"""The fairness report of a day, read from the event log: who was overtaken for how long, and that the bound held."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import cast

from pydantic import with_config
from typing_extensions import TypedDict

from checkin_server.db import days, feed
from checkin_server.db.tx import Event
from checkin_server.domain.fairness.log import Fairness
from checkin_server.domain.moments import CORRECTED
from checkin_server.domain.plan import Plan
from checkin_server.domain.refusal import Refusal
from checkin_server.services.venue import Venue

_AT_ONCE = 500
"""Events that are read and played at a time, so that nobody waits long behind a whole day's."""


class Overtaken(TypedDict):
    """One category of visitors: how many there were, how many were overtaken, by how much at most."""

    category: str
    visits: int
    overtaken: int
    longest_s: int
    """How much later somebody had asked who was chosen before one of them, in seconds."""


class BeyondBound(TypedDict):
    """A choice beyond the bound, by its place in the event log."""

    seq: int
    service: str
    number: int | None
    """Who was overtaken."""
    by: int | None
    minutes: float
    bound_minutes: float


class FairnessSoFar(TypedDict):
    """Who was overtaken, and whether the bound held; read from the event log."""

    choices: int
    """How often somebody was chosen: sent to a zone, or called without."""
    bound_minutes: float
    held: bool
    beyond: int
    cases: list[BeyondBound]
    """The last of them, at most 20."""
    categories: list[Overtaken]


@with_config(extra="forbid")
class FairnessOfDay(FairnessSoFar):
    """The same of a whole day."""

    day: str


def of_day(venue: Venue, day: str) -> FairnessOfDay | Refusal:
    """Return the report of a day that was opened, or ``unknown_day``."""
    if venue.db.read(lambda tx: days.find(tx, day)) is None:
        return Refusal("unknown_day", {"day": day})
    played, place = player(venue.plan), feed.BEGINNING
    while (reached := _play(venue, played, day, place)) != place:
        place = reached
    return {"day": day, **_report(played)}


def player(plan: Plan) -> Fairness:
    """Return what plays the events of a day of this plan."""
    after = {service.id: service.after for service in plan.services.values() if service.after}
    return Fairness(plan.routing.cap_minutes, after, plan.missed_rest_minutes)


class FairnessWatch:
    """The report of the open day, kept up to date a little at a time."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._lock = threading.Lock()
        self._day: str | None = None
        self._played = player(venue.plan)
        self._place = feed.BEGINNING
        venue.db.feed.follow(self._hear)

    def _hear(self, told: Sequence[Event]) -> None:
        if any(event.kind == CORRECTED for event in told):
            self._day = None  # the log's moments are others now: it is played from the beginning

    def now(self, day: str) -> FairnessSoFar:
        """Return the report of a day as far as it was played, after playing some more of it."""
        with self._lock:
            if self._day != day:
                self._day, self._played, self._place = day, player(self._venue.plan), feed.BEGINNING
            self._place = _play(self._venue, self._played, day, self._place)
            return _report(self._played)


def _report(played: Fairness) -> FairnessSoFar:
    # The domain knows no types of answers; the tests hold what it reports against this one.
    return cast(FairnessSoFar, played.report())


def _play(venue: Venue, played: Fairness, day: str, after: feed.Place) -> feed.Place:
    """Play the next events of a day; return the place that was reached, the same one when there are none."""
    rows = venue.db.read(lambda tx: feed.part_of_day(tx, day, after, _AT_ONCE))
    for row in rows:
        played.see(
            row["seq"],
            row["at"],
            row["kind"],
            row["visit"],
            row["step"],
            row["service"],
            row["number"],
            json.loads(row["data"]),
        )
    return feed.place_of(rows[-1]) if rows else after
