"""The house of the real router, in this process: the code that runs the day, on a floor in memory.

It does what the services do around the router (`checkin_server/services/counters/call_next.py`), less the storing. What
the world knows and a live system doesn't (true service times, who doesn't listen) never comes in here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from checkin_server.domain.fairness.rehearsal import ASKED, BUSY, CHOSEN, ENDED, FREE, Moment
from checkin_server.domain.forecasts import Calibration, Outlook, look_ahead, promises
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import MINUTE, Floor, Router, Send, StepFacts, VisitFacts, counters_to_call
from checkin_server.domain.waits import Wait
from checkin_server.rehearsal.days import Visitor
from checkin_server.rehearsal.house import Called, Told, patience

TICK_MS = 15_000


@dataclass(slots=True)
class Measured:
    """What the router itself cost and foretold."""

    decisions: int = 0
    decision_s: float = 0.0
    slowest_s: float = 0.0
    forecasts: int = 0
    forecast_s: float = 0.0
    slowest_forecast_s: float = 0.0
    errors: dict[str, list[float]] = field(default_factory=dict)
    """By kind of prediction, absolute errors of the P50 in seconds."""
    held: dict[str, int] = field(default_factory=dict)
    """By kind, how many came within their P90."""


class RiwaqHouse:
    """`checkin_server.rehearsal.house.House` filled by the real router."""

    def __init__(
        self,
        plan: Plan,
        look_ahead_ms: int | None = 60_000,
        log: bool = True,
        tick_ms: int = TICK_MS,
        last_tickets_until: int | None = None,
    ) -> None:
        """`look_ahead_ms`: how often everybody is played forward, None for never; `log`: keep what fairness needs.

        `tick_ms`: how often time alone may change something. A server looks each time its virtual clock is set, which
        is 0: at every moment. `last_tickets_until`: closing time, when tickets that can't be kept are not to be given;
        without it everybody is taken in and staff stay until all are served, as under the policies compared with.
        """
        self.plan = plan
        self._tick_ms = tick_ms
        self._last_tickets_until = last_tickets_until
        self._pausing: set[str] = set()
        """Counters whose clerk goes when the visitor is done: a tablet does not pause before."""
        self.floor = Floor(plan)
        self.router = Router(self.floor)
        self.calibration = Calibration()
        self.measured = Measured()
        self.moments: list[Moment] | None = [] if log else None
        self.now = 0
        self.outlook: Outlook | None = None
        self._misses: dict[str, int] = {}
        self._told: dict[str, Told] = {}
        """By visitor, what they were told last since visitors looked."""
        self._shown: dict[str, str] = {}
        """Where each visitor who has been sent knows to go."""
        self._ready: set[str] = set()
        self._numbers = 0
        self._ticked = 0
        self._look_round = False
        """Whether staff without a visitor look at their tablets: somebody may have become free by time alone."""
        self._looked = 0
        self._every = look_ahead_ms
        self._pending: dict[tuple[str, str], tuple[int, float, Wait]] = {}
        self._late: list[tuple[int, int, str, str]] = []
        """When the P90 of each prediction passes: moment, when it was made, kind, visit."""
        self._counted: set[tuple[str, str]] = set()
        self._starts: dict[str, int] = {}

    # ------------------------------------------------------------------ time and news

    def at(self, now: int) -> None:
        """It is `now`."""
        self.now = now
        if now - self._ticked >= self._tick_ms:
            self._send(self.router.tick(now))
        if now - self._ticked >= TICK_MS:
            self._ticked = now
            self._look_round = True
        # In a full hall a look costs tens of milliseconds: it is taken less often, as on the server.
        if self._every is not None and now - self._looked >= max(self._every, 150 * len(self.floor.visits)):
            self._looked = now
            self._look()

    def news(self) -> Sequence[Told]:
        """What visitors were told since this was asked last; what was taken back within the moment nobody has read."""
        if not self._told:
            return ()
        told, self._told = self._told, {}
        news = [last for last in told.values() if last.service != self._shown.get(last.visitor)]
        for last in news:
            if last.service is None:
                del self._shown[last.visitor]
            else:
                self._shown[last.visitor] = last.service
        return news

    def _off_the_boards(self, visitor: str) -> None:
        """A visitor is not on the way any more, and knows it: called, or gone by themselves."""
        self._told.pop(visitor, None)
        self._shown.pop(visitor, None)

    def wanted(self, idle: Iterable[str]) -> Iterable[str]:
        """Of idle counters, those that may now call somebody."""
        if self._look_round:
            self._look_round = False
            self._ready.update(counter.id for counter in counters_to_call(self.floor))
        if not self._ready:
            return ()
        ready = [counter for counter in idle if counter in self._ready]
        self._ready.clear()
        return ready

    def _refill(self) -> None:
        began = time.thread_time()
        sends = self.router.sends(self.now)
        took = time.thread_time() - began
        self._decided(took)
        self._send(sends)

    def _decided(self, took: float) -> None:
        self.measured.decisions += 1
        self.measured.decision_s += took
        self.measured.slowest_s = max(self.measured.slowest_s, took)

    def _send(self, sends: Sequence[Send]) -> None:
        for send in sends:
            self._told[send.visit] = Told(send.visit, send.service, send.aloud)
            self._log(CHOSEN, send.visit, send.service)
            for counter in self.floor.queues[send.service].counters:
                if counter.open and counter.step is None:
                    self._ready.add(counter.id)

    def _log(self, what: str, visit: str, service: str = "") -> None:
        if self.moments is not None:
            self.moments.append(Moment(self.now, what, visit, service))

    # ------------------------------------------------------------------ visitors

    def check_in(self, visitor: Visitor) -> Sequence[str]:
        """A visitor comes in; returns the services whose last ticket has gone."""
        full = self._full()
        wants = [service for service in visitor.wants if service not in full]
        if wants:
            self._take_in(visitor, wants)
        return [service for service in visitor.wants if service in full]

    def _full(self) -> set[str]:
        if self._last_tickets_until is None:
            return set()
        last = self._last_tickets_until - round(self.plan.last_ticket_margin_minutes * MINUTE)
        found = promises(self.floor, look_ahead(self.floor, self.now), last)
        return {promise.service for promise in found if promise.state == "full"}

    def _take_in(self, visitor: Visitor, wants: Sequence[str]) -> None:
        self._numbers += 1
        kiosk = next(iter(self.plan.kiosks.values()), None)
        zone = kiosk.zone if kiosk else next(iter(self.plan.zones), "")
        steps = tuple(StepFacts(f"{visitor.id}/{s}", s, "waiting", self.now) for s in wants)
        facts = VisitFacts(visitor.id, self._numbers, visitor.category, steps, visitor.needs, visitor.party, zone)
        self.floor.put(facts, self.now)
        if self.moments is not None:
            visit = self.floor.visits[visitor.id]
            for step in visit.steps.values():
                eligible = self.floor.eligible(step)
                self.moments.append(
                    Moment(
                        self.now, ASKED, visitor.id, step.service, visitor.category, round(visit.head_start), eligible
                    )
                )
        self._log(FREE, visitor.id)
        self._refill()

    def arrived(self, visitor: str, service: str) -> None:
        """Nobody sees it: the router goes by the walk it expects."""

    def hold(self, visitor: str, until: int) -> None:
        """A visitor keeps the place and is away."""
        if visitor in self.floor.visits:
            self._off_the_boards(visitor)
            self.floor.hold(visitor, until, self.now)
            self._log(BUSY, visitor)
            self._refill()

    def leave(self, visitor: str) -> None:
        """A visitor goes home."""
        if visitor in self.floor.visits:
            self._log(BUSY, visitor)
            self._off_the_boards(visitor)
            self.floor.drop(visitor, self.now)
            self._refill()

    # ------------------------------------------------------------------ counters

    def open(self, counter: str) -> None:
        """A counter opens."""
        self._pausing.discard(counter)
        self.floor.set_counter(counter, True, self.now)
        self._refill()

    def pause(self, counter: str) -> None:
        """A counter pauses, as soon as its visitor is done."""
        if self.floor.counters[counter].step is not None:
            self._pausing.add(counter)
            return
        for step in self.floor.set_counter(counter, False, self.now):
            self._told[step.visit.id] = Told(step.visit.id, None)
            self._log(FREE, step.visit.id)
        self._refill()

    def call_next(self, counter: str) -> Called | None:
        """Staff press *Next*."""
        began = time.thread_time()
        call = self.router.call(counter, self.now)
        if call is not None:
            headed = self.floor.steps[call.step].state == "headed"
            self._off_the_boards(call.visit)
            self.floor.call(call.step, counter, self.now)
            sends = self.router.sends(self.now)
            self._decided(time.thread_time() - began)
            if not headed:
                self._log(CHOSEN, call.visit, call.service)
            self._resolve("go", call.visit)
            self._resolve("next", call.visit)
            self._send(sends)
            return Called(call.visit, call.service)
        self._decided(time.thread_time() - began)
        return None

    def start(self, counter: str) -> None:
        """The visitor stands at the counter."""
        step = self.floor.counters[counter].step
        assert step is not None
        visit = step.visit
        walk = self.floor.plan.walk_minutes(step.origin, self.floor.queues[step.service].zone) * MINUTE
        self.floor.learner.came(visit.id, visit.category, step.sent, step.at, self.now, walk)
        self.floor.start(step.id, self.now)
        self._refill()

    def finish(self, counter: str) -> None:
        """The service is done."""
        step = self.floor.counters[counter].step
        assert step is not None
        visit = step.visit
        self.floor.learner.served(step.service, counter, self.now - step.at, visit.factor)
        self._over(step.id, visit.id, step.service)
        self._done(counter)

    def no_show(self, counter: str) -> bool:
        """Nobody came; whether that was the last chance."""
        step = self.floor.counters[counter].step
        assert step is not None
        misses = self._misses[step.id] = self._misses.get(step.id, 0) + 1
        if misses >= self.plan.missed_limit:
            self._over(step.id, step.visit.id, step.service)
            self._done(counter)
            return True
        rest = self.now + round(self.plan.missed_rest_minutes * MINUTE)
        self._log(BUSY, step.visit.id)
        self.floor.release(step.id, self.now, rest)
        self._refill()
        self._done(counter)
        return False

    def _done(self, counter: str) -> None:
        """A counter has nobody any more."""
        if counter in self._pausing:
            self._pausing.discard(counter)
            self.pause(counter)

    def grace(self, counter: str) -> int:
        """How long staff wait for the visitor called."""
        step = self.floor.counters[counter].step
        assert step is not None
        return patience(self.plan, step.origin, self.floor.queues[step.service].zone)

    def _over(self, step: str, visit: str, service: str) -> None:
        self.floor.end(step, self.now)
        self._log(ENDED, visit, service)
        known = self.floor.visits.get(visit)
        if known is None:
            self._resolve("finish", visit)
            self._resolve("next", visit)
        elif self.moments is not None:
            for name, one in known.steps.items():
                after = self.plan.services[name].after
                if service in after and self.floor.eligible(one):
                    self.moments.append(Moment(one.since, ASKED, visit, name, known.category, round(known.head_start)))
            self._log(FREE, visit)
        self._refill()

    # ------------------------------------------------------------------ looking ahead

    def _look(self) -> None:
        while self._late and self._late[0][0] < self.now:
            _, made, kind, who = heappop(self._late)
            pending = self._pending.get((kind, who))
            if pending is not None and pending[0] == made:
                self.calibration.overdue(kind)
                self._counted.add((kind, who))
        began = time.thread_time()
        outlook = self.outlook = look_ahead(self.floor, self.now, arrivals=True)
        took = time.thread_time() - began
        self.measured.forecasts += 1
        self.measured.forecast_s += took
        self.measured.slowest_forecast_s = max(self.measured.slowest_forecast_s, took)
        for visit in self.floor.visits.values():
            finish = outlook.finishes.get(visit.id)
            if finish is not None:
                self._foretell("finish", visit.id, finish)
            if visit.placed is not None and visit.mode == "headed":
                when = outlook.calls.get(visit.placed.id)
                if when is not None:
                    self._foretell("go", visit.id, when)
            elif visit.mode == "free":
                calls = [outlook.calls[step.id] for step in visit.steps.values() if step.id in outlook.calls]
                if calls:
                    self._foretell("next", visit.id, min(calls))

    def _foretell(self, kind: str, visit: str, when: float) -> None:
        if (kind, visit) not in self._pending:
            seconds = (when - self.now) / 1000
            told = self.calibration.range(kind, seconds)
            self._pending[kind, visit] = (self.now, seconds, told)
            heappush(self._late, (self.now + told.p90 * 1000, self.now, kind, visit))

    def _resolve(self, kind: str, visit: str) -> None:
        pending = self._pending.pop((kind, visit), None)
        if pending is None:
            return
        at, seconds, given = pending
        came = (self.now - at) / 1000
        self.calibration.resolve(kind, seconds, given, came, (kind, visit) in self._counted)
        self._counted.discard((kind, visit))
        self.measured.errors.setdefault(kind, []).append(abs(came - given.p50))
        self.measured.held[kind] = self.measured.held.get(kind, 0) + (came <= given.p90)
