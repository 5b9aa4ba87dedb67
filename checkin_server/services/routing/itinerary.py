"""What one visit is told of its stops: asked once, the same on proposal, result, ticket, desk and tablet.

A look ahead is renewed every second, and each gives other figures; a visitor who reads three of them within a minute
believes none. So what was told at the choice stands for some minutes, or until something happens to the visit; then
the look ahead speaks. Nothing here is stored: after a restart the look ahead speaks at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from checkin_server.db.feed import Feed
from checkin_server.db.tx import Event, Row
from checkin_server.domain.forecasts.route import in_order
from checkin_server.domain.guidance import Stop
from checkin_server.domain.plan import Plan
from checkin_server.domain.waits import Wait

STANDS_MS = 5 * 60_000
_MOST = 4_000
_CHANGES_NOTHING = ("services_chosen", "visit_seen_again", "visitor_sent", "number_handed_over", "feedback_given")
"""Events of a visit after which it waits for the same as before; those of its ticket too."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a visit is expected to be called for each of its services, and to have been everywhere.

    Missing, or None: no counter gives it now.
    """

    calls: Mapping[str, float]
    """By service, in milliseconds since 1970 UTC."""
    waits: Mapping[str, Wait]
    """By service, from the moment of the forecast."""
    finish: Wait | None = None


@dataclass(frozen=True, slots=True)
class Itinerary:
    """What a visit was told."""

    at: int
    people: int
    """How many come to a counter together."""
    services: frozenset[str]
    forecast: Forecast

    def stands(self, now: int) -> bool:
        """Whether it is still what the visitor is told."""
        return abs(now - self.at) <= STANDS_MS


class Itineraries:
    """What the visits inside were told last, by visit."""

    def __init__(self, feed: Feed) -> None:
        self._told: dict[str, Itinerary] = {}
        feed.follow(self._hear, self._told.clear)

    def of(self, visit: str, now: int) -> Itinerary | None:
        """Return what the visit was told, while it stands."""
        told = self._told.get(visit)
        return told if told is not None and told.stands(now) else None

    def tell(
        self, visit: str, services: Collection[str], people: int, now: int, foretell: Callable[[], Forecast]
    ) -> Forecast:
        """Return what the visit is told of these services; `foretell` is asked once, while what it says stands."""
        wanted = frozenset(services)
        told = self.of(visit, now)
        if told is None or (told.services, told.people) != (wanted, people):
            told = Itinerary(now, people, wanted, foretell())
        if len(self._told) > _MOST:
            for old in [one for one, its in list(self._told.items()) if not its.stands(now)]:
                self._told.pop(old, None)
        self._told[visit] = told
        return told.forecast

    def _hear(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.kind not in _CHANGES_NOTHING and not event.kind.startswith("ticket_"):
                self._told.pop(str(event.fields.get("visit") or ""), None)


def by_route(plan: Plan, stops: Mapping[str, Stop]) -> list[str]:
    """Return the steps of a visit (`stops` by step) in the order of its route."""
    after = {service.id: service.after for service in plan.services.values()}
    return [stop.id for stop in in_order(list(stops.values()), after)]


def as_stop(row: Row, wait: Wait | None, at: float | None) -> Stop:
    """Return a step as the rules of guidance and of the route see it."""
    return Stop(row["id"], row["service"], row["state"], wait, at, row["ended_at"])
