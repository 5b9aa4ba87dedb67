"""Random days: whatever staff and visitors do, in whatever order, the rules hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from checkin_server.domain.fairness.rehearsal import ASKED, BUSY, CHOSEN, ENDED, FREE, Moment, report
from checkin_server.domain.forecasts import look_ahead
from checkin_server.domain.plan import Routing
from checkin_server.domain.routing import MINUTE, Floor, Router, StepFacts, VisitFacts
from checkin_server.domain.routing.pieces import FREE as IS_FREE
from tests.domain.routing.hall import NOW, plan
from tests.support.faults import Faults

VENUE = plan({"a": 2, "b": 1, "c": 1, "d": 1}, after={"d": ("a",)}, routing=Routing(cap_minutes=20))
WANTS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)


class AnyDay(RuleBasedStateMachine):
    """A floor, its router, and a log as the services would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor(VENUE)
        self.router = Router(self.floor)
        self.now = NOW
        self.log: list[Moment] = []
        self.many = 0
        self.done: dict[str, int] = {}

    def note(self, what: str, visit: str, service: str = "") -> None:
        self.log.append(Moment(self.now, what, visit, service))

    def refill(self, sends: Callable[[int], Any]) -> None:
        for visit in sorted(v for v, known in self.floor.visits.items() if known.mode == IS_FREE):
            self.note(FREE, visit)
        before = {visit for visit, known in self.floor.visits.items() if known.mode == IS_FREE}
        self.floor.advance(self.now)
        for visit, known in self.floor.visits.items():
            if known.mode == IS_FREE and visit not in before:
                self.note(FREE, visit)
        for send in sends(self.now):
            assert send.visit in self.floor.visits
            assert send.aloud == (self.floor.learner.heeds(send.visit) is False)
            self.note(CHOSEN, send.visit, send.service)

    @initialize(closed=st.sampled_from(["", "a-1", "b-1"]))
    def open_counters(self, closed: str) -> None:
        for counter in VENUE.counters:
            if counter != closed:
                self.floor.set_counter(counter, True, self.now)

    @rule(wants=WANTS, widow=st.booleans(), party=st.integers(1, 4), minutes=st.integers(0, 40))
    def come(self, wants: list[str], widow: bool, party: int, minutes: int) -> None:
        self.wait(minutes)
        self.many += 1
        visit = f"v{self.many}"
        category = "widowed" if widow else "active"
        steps = tuple(StepFacts(visit + s, s, "waiting", self.now) for s in wants)
        self.floor.put(VisitFacts(visit, self.many, category, steps, party=party, zone="door"), self.now)
        for step in self.floor.visits[visit].steps.values():
            start = round(self.floor.visits[visit].head_start)
            self.log.append(Moment(self.now, ASKED, visit, step.service, category, start, self.floor.eligible(step)))
        self.done[visit] = 0
        self.refill(self.router.sends)

    @rule(minutes=st.integers(0, 30))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE
        self.refill(self.router.tick)

    @rule(counter=st.sampled_from(list(VENUE.counters)))
    def press_next(self, counter: str) -> None:
        known = self.floor.counters[counter]
        eligible = [s for s in known.services if self.floor.queues[s].free or self.floor.queues[s].headed]
        call = self.router.call(counter, self.now)
        if call is None:
            assert not (known.open and known.step is None and eligible), "an idle counter with somebody to call"
            return
        assert known.open and known.step is None
        if self.floor.steps[call.step].state != "headed":
            self.note(CHOSEN, call.visit, call.service)
        self.floor.call(call.step, counter, self.now)
        self.refill(self.router.sends)

    @rule(counter=st.sampled_from(list(VENUE.counters)), comes=st.booleans(), minutes=st.integers(0, 20))
    def serve(self, counter: str, comes: bool, minutes: int) -> None:
        step = self.floor.counters[counter].step
        if step is None:
            return
        visit = step.visit.id
        if not comes:
            self.floor.release(step.id, self.now, self.now + 2 * MINUTE)
            self.note(BUSY, visit)
        else:
            walk = VENUE.walk_minutes(step.origin, self.floor.queues[step.service].zone) * MINUTE
            self.floor.learner.came(visit, step.visit.category, step.sent, step.at, self.now, walk)
            self.floor.start(step.id, self.now)
            self.now += minutes * MINUTE
            self.floor.learner.served(step.service, counter, minutes * MINUTE, step.visit.factor)
            left = dict(step.visit.steps)
            self.floor.end(step.id, self.now)
            self.note(ENDED, visit, step.service)
            if "d" in left and step.service == "a":
                head = round(left["d"].visit.head_start)
                self.log.append(Moment(left["d"].since, ASKED, visit, "d", left["d"].visit.category, head))
        self.refill(self.router.sends)

    @rule(counter=st.sampled_from(list(VENUE.counters)), is_open=st.booleans())
    def man(self, counter: str, is_open: bool) -> None:
        self.floor.set_counter(counter, is_open, self.now)
        self.refill(self.router.sends)

    @rule(pick=st.integers(0, 99), minutes=st.integers(1, 30))
    def hold(self, pick: int, minutes: int) -> None:
        if self.floor.visits:
            visit = sorted(self.floor.visits)[pick % len(self.floor.visits)]
            self.floor.hold(visit, self.now + minutes * MINUTE, self.now)
            if self.floor.visits[visit].mode == "away":
                self.note(BUSY, visit)
            self.refill(self.router.sends)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for visit in self.floor.visits.values():
            placed = [s for s in visit.steps.values() if s.state in ("headed", "called", "serving")]
            assert len(placed) <= 1
            assert (visit.placed is None) == (not placed)
            listed = [s for s in visit.steps.values() if s.listed]
            assert not listed or visit.mode == IS_FREE

    @invariant()
    def the_indexes_are_what_a_count_would_find(self) -> None:
        steps = self.floor.steps.values()
        for service, queue in self.floor.queues.items():
            waiting = [s for s in steps if s.service == service and s.state in ("waiting", "headed")]
            assert queue.waiting == len(waiting)
            assert abs(queue.work - sum(s.visit.factor for s in waiting)) < 1e-6
            assert {s.id for s in waiting if s.listed} == {entry[2] for entry in queue.free}
            assert queue.free == sorted(queue.free, key=lambda entry: entry[:3])
            assert set(queue.headed) == {s.id for s in waiting if s.state == "headed"}
            assert queue.open or not queue.headed

    @invariant()
    def an_idle_counter_has_somebody_sent_to_it_if_anybody_is_free(self) -> None:
        for service, queue in self.floor.queues.items():
            if queue.free and queue.idle():
                assert queue.headed, f"{service} idles while somebody is free for it"

    def teardown(self) -> None:
        """Every step ends once staff go on; and nobody was overtaken beyond the bound."""
        for counter in VENUE.counters:
            self.floor.set_counter(counter, True, self.now)
        alone, others = look_ahead(self.floor, self.now), look_ahead(self.floor, self.now, arrivals=True)
        assert others.calls.keys() == alone.calls.keys() and others.visits == alone.visits
        assert 0 < self.floor.learner.ignored_share < 1
        for _ in range(40 * (self.many + 1)):
            if not self.floor.visits:
                break
            self.wait(1)
            for counter in VENUE.counters:
                self.press_next(counter)
                self.serve(counter, True, 1)
        assert not self.floor.visits and not self.floor.steps
        assert report(self.log, 20 * MINUTE).held


def test_on_any_day_every_step_ends_and_nobody_is_overtaken_beyond_the_bound(faults: Faults) -> None:
    """Whatever comes in whatever order; what holds after each step stands above."""
    run_state_machine_as_test(
        AnyDay, settings=settings(max_examples=faults.times(25, 1000), stateful_step_count=40, deadline=None)
    )
