"""What was foretold at one moment: when each visitor is called, what a newcomer waits, the last tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checkin_server.domain.forecasts import Promise
from checkin_server.domain.forecasts.last_tickets import STOP, Ruling
from checkin_server.domain.forecasts.newcomer import Line
from checkin_server.domain.waits import Wait
from checkin_server.services.routing.itinerary import Itineraries, Itinerary

_CLOSING_MS = 60 * 60_000
"""A tile speaks of the last tickets when they are expected to be gone within an hour."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What was foretold at one moment. Waits are seconds from that moment."""

    at: int = 0
    steps: Mapping[str, Wait] = field(default_factory=dict)
    """By step that waits: until its call. Missing when no counter is open for it, or when it is new."""
    order: Mapping[str, int] = field(default_factory=dict)
    """By step that waits: how many are expected to be called for its service before it."""
    services: Mapping[str, Wait] = field(default_factory=dict)
    """By service with an open counter: what somebody who comes now waits."""
    promises: Mapping[str, Promise] = field(default_factory=dict)
    closes_at: int = 0
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    """What organisers decided about last tickets, by service; it goes before the promise."""
    lines: Mapping[str, Line] = field(default_factory=dict)
    """By service with an open counter: what says when a newcomer would be called. No forecast itself."""
    finishes: Mapping[str, Wait] = field(default_factory=dict)
    """By visit: until everything it wants has been given. Missing when nobody can say."""

    itineraries: Itineraries | None = field(default=None, compare=False)
    """What visits were told at their choice: it goes before the look ahead while it stands."""

    def itinerary(self, visit: str) -> Itinerary | None:
        """Return what the visit was told at its choice, while it stands."""
        return None if self.itineraries is None else self.itineraries.of(visit, self.at)

    def wait(self, step: str, service: str) -> Wait | None:
        """Return the wait of a step; one that has just been asked for waits as long as somebody who comes now."""
        newcomer = self.services.get(service)
        return None if newcomer is None else self.steps.get(step, newcomer)

    def full(self, service: str) -> bool:
        """Whether the service's last ticket has gone."""
        return service in self.full_services()

    def full_services(self, rulings: Mapping[str, Ruling] | None = None) -> set[str]:
        """Return the services whose last ticket has gone; `rulings` as they are in the caller's transaction."""
        held = self.rulings if rulings is None else rulings
        full = {service for service, promise in self.promises.items() if promise.state == "full"}
        return (full - held.keys()) | {service for service, ruling in held.items() if ruling.full(self.at)}

    def closing(self, service: str) -> bool:
        """Whether the last tickets of the service are near."""
        ruling = self.rulings.get(service)
        if ruling is not None:
            return ruling.until is None or ruling.until - self.at <= _CLOSING_MS
        promise = self.promises.get(service)
        if promise is None or promise.until is None:
            return False
        return promise.state == "full" or promise.until - self.at <= _CLOSING_MS

    def places(self, service: str) -> int | None:
        """Return how many more the service can take today; None when that can't be told."""
        ruling = self.rulings.get(service)
        if ruling is not None:
            return ruling.places_left
        promise = self.promises.get(service)
        return None if promise is None else promise.places

    def last_ticket_at(self, service: str) -> int | None:
        """Return until when the service gives tickets out, as far as can be told."""
        ruling = self.rulings.get(service)
        if ruling is not None:
            return ruling.at if ruling.rule == STOP else ruling.until
        promise = self.promises.get(service)
        return None if promise is None else promise.until
