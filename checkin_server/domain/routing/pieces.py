"""What stands on the router's floor: visits and their steps, counters, queues, and who came.

`Floor` alone changes them. Times are milliseconds since 1970 UTC, durations milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from checkin_server.domain.routing.facts import StepFacts, VisitFacts

FREE, HEADED, CALLED, SERVING, AWAY = "free", "headed", "called", "serving", "away"
"""Where a visit is. `AWAY`: it holds its place, or rests after a missed call."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A party that came: all that the look-ahead needs to expect another like it."""

    at: int
    services: tuple[str, ...]
    category: str
    factor: float
    head_start: float
    """Milliseconds."""
    zone: str


class Step:
    """A service one visit still wants."""

    __slots__ = ("at", "counter", "due", "id", "key", "listed", "origin", "sent", "service", "since", "state", "visit")

    def __init__(self, facts: StepFacts, visit: Visit) -> None:
        self.id = facts.id
        self.visit = visit
        self.service = facts.service
        self.state = facts.state
        self.since = facts.since
        self.counter = facts.counter
        self.at = facts.at
        self.due = facts.at
        """When the visitor should have arrived, once headed or called."""
        self.origin = facts.origin
        self.sent: int | None = facts.at if facts.state == "headed" else None
        """When the visitor was told to go to the ready area; None when that was not, or taken back."""
        self.key = 0.0
        self.listed = False


class Visit:
    """A party inside."""

    __slots__ = (
        "by_hand", "category", "factor", "head_start", "id", "link", "mode", "needs", "not_before", "number", "party",
        "placed", "steps", "stops", "zone",
    )  # fmt: skip

    def __init__(self, facts: VisitFacts, factor: float, head_start: float) -> None:
        self.id = facts.id
        self.number = facts.number
        self.category = facts.category
        self.needs = facts.needs
        self.party = facts.party
        self.zone = facts.zone
        self.not_before = facts.not_before
        self.stops = facts.stops or len(facts.steps)
        self.link = facts.link
        self.by_hand = facts.by_hand
        self.factor = factor
        self.head_start = head_start
        """Milliseconds."""
        self.mode = AWAY
        self.placed: Step | None = None
        self.steps: dict[str, Step] = {}
        """By service."""


class Walker(Protocol):
    """Whose way can be foretold: a visit, or somebody who is only expected."""

    category: str
    zone: str


class Counter:
    """A serving position."""

    __slots__ = ("id", "open", "services", "share", "since", "step", "zone")

    def __init__(self, counter: str, services: tuple[str, ...], zone: str) -> None:
        self.id = counter
        self.services = services
        self.share = 1.0 / max(1, len(services))
        self.zone = zone
        self.open = False
        self.step: Step | None = None
        self.since = 0
        """When it was opened, or became idle or busy last."""


class Queue:
    """One service: its counters, its free visits by key, its ready area, its work."""

    __slots__ = ("counters", "free", "headed", "open", "service", "shared", "shared_at", "waiting", "work", "zone")

    def __init__(self, service: str, zone: str) -> None:
        self.service = service
        self.zone = zone
        self.counters: list[Counter] = []
        self.open = 0
        self.free: list[tuple[float, int, str, Step]] = []
        """``(key, number, step id, step)``, sorted."""
        self.headed: dict[str, Step] = {}
        self.work = 0.0
        """Party factors of all who still wait for it, wherever they are now."""
        self.waiting = 0
        self.shared: list[tuple[Queue, float]] = []
        """Itself and the queues that share open counters with it, as they were at the floor's change `shared_at`."""
        self.shared_at = -1

    def idle(self) -> int:
        """How many open counters have nobody."""
        return sum(1 for counter in self.counters if counter.open and counter.step is None)
