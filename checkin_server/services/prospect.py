"""What can be foretold: when each visitor is called, what a newcomer waits, the last tickets, what would help.

Everybody inside is played forward once a tick (`look_ahead`), never for a page view. Each time that was told is
remembered, and what came of it makes the next ranges as wide as they must be (`Calibration`).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checkin_server.db.database import Database
from checkin_server.db.tx import Event
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import (
    MINUTE,
    Advice,
    Calibration,
    Floor,
    Outlook,
    Promise,
    advise,
    look_ahead,
    promises,
)
from checkin_server.domain.waits import Wait
from checkin_server.services.mirror import Mirror

_RENEWED_AFTER_MS = 1_000
_SHARE = 0.008
"""The part of the time that playing forward may take: in a very full hall it is done less often. Requests wait while it
lasts, so nearly none in a hundred may."""
_ADVICE_EVERY_MS = 60_000
_LOOKS_OF_ADVICE = 4
_QUICK_S = 0.02
_LATELY_MS = 30 * 60_000
_INSTRUCTIONS_MS = 60 * 60_000
_CLOSING_MS = 60 * 60_000
"""A tile speaks of the last tickets when they are expected to be gone within an hour."""
_FEW_INSTRUCTIONS = 20
_OVER = ("visit_held", "visit_left", "visitor_released", "visitor_missed", "step_parked")


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

    def wait(self, step: str, service: str) -> Wait | None:
        """Return the wait of a step; one that has just been asked for waits as long as somebody who comes now."""
        newcomer = self.services.get(service)
        return None if newcomer is None else self.steps.get(step, newcomer)

    def full(self, service: str) -> bool:
        """Whether the service's last ticket has gone."""
        promise = self.promises.get(service)
        return promise is not None and promise.state == "full"

    def full_services(self) -> set[str]:
        """Return the services whose last ticket has gone."""
        return {service for service, promise in self.promises.items() if promise.state == "full"}

    def closing(self, service: str) -> bool:
        """Whether the last tickets of the service are near."""
        promise = self.promises.get(service)
        if promise is None or promise.until is None:
            return False
        return promise.state == "full" or promise.until - self.at <= _CLOSING_MS

    def places(self, service: str) -> int | None:
        """Return how many more the service can take today; None when that can't be told."""
        promise = self.promises.get(service)
        return None if promise is None else promise.places

    def last_ticket_at(self, service: str) -> int | None:
        """Return until when the service gives tickets out, as far as can be told."""
        promise = self.promises.get(service)
        return None if promise is None else promise.until


@dataclass(frozen=True, slots=True)
class _Told:
    at: int
    foretold_s: float
    wait: Wait


class Foretelling:
    """Keeps the newest prospect, and learns from how what it told came."""

    def __init__(self, plan: Plan, mirror: Mirror, db: Database) -> None:
        self.plan = plan
        self.prospect = Prospect()
        self.calibration = Calibration()
        self.share = _SHARE
        self._mirror = mirror
        self._db = db
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._looked = 0.0
        self._took = 0.0
        self._stale = True
        self._told: dict[tuple[str, str], _Told] = {}
        self._asked: deque[tuple[int, str]] = deque()
        self._instructed: deque[tuple[int, bool]] = deque()
        self._advice: list[Advice] = []
        self._advised = 0
        self._advised_at = 0.0
        self._outlook: Outlook | None = None
        db.listen(self._hear)

    # -- looking ahead -----------------------------------------------------------------------------------------------

    def fresh_enough(self, now: int) -> None:
        """Look ahead again when something has happened since, as often as the share of time for it allows."""
        changed = self._stale or abs(now - self.prospect.at) > _RENEWED_AFTER_MS
        late = changed and time.monotonic() - self._looked > self._took / self.share
        if late or self._outlook is None or abs(now - self.prospect.at) > MINUTE:
            self.renew(now)

    def renew(self, now: int) -> None:
        """Look ahead."""
        if not self._looking.acquire(blocking=False):
            return  # somebody is looking at this moment; what is there is a second old
        try:
            began = time.monotonic()
            self._stale = False
            with self._mirror.lock:
                floor = self._mirror.floor
            if floor is None:
                self._db.write(lambda tx: self._mirror.sync(tx, now) and None)
            with self._mirror.lock:
                floor = self._mirror.floor
                if floor is None or self._mirror.day is None:
                    self.prospect, self._outlook = Prospect(now), None
                    return
                floor.advance(now)
                outlook = look_ahead(floor, now)
                self.prospect = self._foretell(floor, outlook, int(self._mirror.day["closes_at"]), now)
                self._outlook = outlook
            self._looked = time.monotonic()
            self._took = self._looked - began
        finally:
            self._looking.release()

    def _foretell(self, floor: Floor, outlook: Outlook, closes_at: int, now: int) -> Prospect:
        queues: dict[str, list[tuple[float, str]]] = {}
        for step, at in outlook.calls.items():
            queues.setdefault(floor.steps[step].service, []).append((at, step))
        order: dict[str, int] = {}
        for queue in queues.values():
            queue.sort()
            order.update((step, place) for place, (_, step) in enumerate(queue))
        with self._lock:
            waits = {
                step: self.calibration.range("go" if floor.steps[step].state == "headed" else "next", (at - now) / 1000)
                for step, at in outlook.calls.items()
            }
            services = {}
            for service, state in floor.queues.items():
                if state.open:
                    seconds = self._newcomer(floor, outlook, queues.get(service, []), service, now)
                    services[service] = self.calibration.range("next", seconds)
            self._remember(floor, outlook, waits, now)
            while self._asked and self._asked[0][0] < now - _LATELY_MS:
                self._asked.popleft()
            lately: dict[str, float] = {}
            for _, service in self._asked:
                lately[service] = lately.get(service, 0.0) + 60 * MINUTE / _LATELY_MS
        last = closes_at - round(self.plan.last_ticket_margin_minutes * MINUTE)
        found = promises(floor, outlook, last, lately)
        return Prospect(now, waits, order, services, {one.service: one for one in found}, closes_at)

    def _newcomer(
        self, floor: Floor, outlook: Outlook, queue: Sequence[tuple[float, str]], service: str, now: int
    ) -> float:
        """Return the seconds until somebody who comes now and wants only this service is called."""
        takes = floor.learner.mean_of(service)
        key = now + min(self.plan.routing.cap_minutes * MINUTE, self.plan.routing.work_weight * takes)
        for at, step in queue:
            # Whoever comes behind by key makes room: a newcomer is called when they would have been.
            if (floor.steps[step].key or floor.steps[step].since) > key and floor.steps[step].state == "waiting":
                return max(0.0, at - now) / 1000
        return max(0.0, min(outlook.counters_free[service], default=now) - now) / 1000

    def _remember(self, floor: Floor, outlook: Outlook, waits: Mapping[str, Wait], now: int) -> None:
        """Keep what is told first about each visit's next call, to compare it with what comes."""
        for visit in floor.visits.values():
            placed = visit.placed
            if placed is not None and placed.state == "headed":
                if placed.id not in waits:
                    continue
                kind, step = "go", placed.id
            elif placed is None and visit.not_before <= now:
                soonest = min(
                    (step.id for step in visit.steps.values() if step.id in outlook.calls),
                    key=outlook.calls.__getitem__,
                    default=None,
                )
                if soonest is None:
                    continue
                kind, step = "next", soonest
            else:
                continue
            if (visit.id, kind) not in self._told:
                self._told[visit.id, kind] = _Told(now, (outlook.calls[step] - now) / 1000, waits[step])

    def _hear(self, events: Sequence[Event]) -> None:
        with self._lock:
            self._stale = True
            for event in events:
                visit = event.fields.get("visit")
                if event.kind == "visitor_called" and visit is not None:
                    for kind in ("go", "next"):
                        told = self._told.pop((visit, kind), None)
                        if told is not None and event.at > told.at:
                            self.calibration.resolve(kind, told.foretold_s, told.wait, (event.at - told.at) / 1000)
                    self._instructed.append((event.at, True))
                elif event.kind == "services_chosen":
                    self._asked += ((event.at, service) for service in event.data["added"])
                elif event.kind in _OVER and visit is not None:
                    for kind in ("go", "next"):
                        self._told.pop((visit, kind), None)
                    if event.kind == "visitor_missed":
                        self._instructed.append((event.at, False))
                elif event.kind.startswith("day_"):
                    self._told.clear()

    # -- for the dashboard -------------------------------------------------------------------------------------------

    def kept(self) -> tuple[float | None, int, float | None]:
        """Return the share of forecasts that kept their P90, of how many, and their mean error in seconds."""
        with self._lock:
            return self.calibration.coverage, self.calibration.resolved, self.calibration.mean_error_s

    def not_following(self, now: int) -> float | None:
        """Return the share of the last hour's calls that nobody came to; None when there were few."""
        with self._lock:
            while self._instructed and self._instructed[0][0] < now - _INSTRUCTIONS_MS:
                self._instructed.popleft()
            calls = sum(1 for _, called in self._instructed if called)
            misses = len(self._instructed) - calls
        return misses / calls if calls >= _FEW_INSTRUCTIONS else None

    def advice(self, now: int) -> Sequence[Advice]:
        """Return what would shorten the waits most; looked for once a minute."""
        with self._mirror.lock:
            floor = self._mirror.floor
            if floor is None or self._outlook is None:
                return ()
            rested = time.monotonic() - self._advised_at > self._took * _LOOKS_OF_ADVICE / self.share
            if abs(now - self._advised) >= _ADVICE_EVERY_MS and rested:
                self._advised, self._advised_at = now, time.monotonic()
                # Each service that is looked at costs one or two more looks ahead.
                self._advice = advise(floor, now, self._outlook, most=3 if self._took < _QUICK_S else 1)
            return tuple(self._advice)
