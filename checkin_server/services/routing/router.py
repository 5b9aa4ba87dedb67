"""The router in the product: whom a counter calls, who is sent where, and what can be foretold.

One object a venue. Every path that calls anybody asks `call`, every change that may give room asks `refill`, both
inside the transaction that makes the change; the decision is then claimed in the database, and whoever loses asks again
without that visitor. `tick` does what time alone makes necessary: holds that end, services that near their end.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from checkin_server.db import steps, visits
from checkin_server.db.database import Database
from checkin_server.db.tx import LostRace, Tx
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import MINUTE, Call, Floor, Router
from checkin_server.domain.routing.why import Why
from checkin_server.services.routing import sending
from checkin_server.services.routing.foretelling import Foretelling
from checkin_server.services.routing.mirror import Mirror
from checkin_server.services.routing.prospect import Prospect

log = logging.getLogger(__name__)
_ROUNDS = 32
"""Races that may be lost before a transaction gives up; each one lost is one visit known better."""
_RECONCILE_S = 60.0


@dataclass(frozen=True, slots=True)
class Called:
    """A visitor who was claimed for a counter; the step's row says so already."""

    call: Call
    head_start: float
    """Minutes."""


class HallRouter:
    """Decides for one venue, on a floor in memory (`mirror`)."""

    def __init__(self, plan: Plan, db: Database) -> None:
        self.mirror = Mirror(plan, db)
        self._db = db
        self._foretelling = Foretelling(plan, self.mirror, db)
        self._compared = time.monotonic()
        self._passed = -1

    # -- deciding ----------------------------------------------------------------------------------------------------

    def call(self, tx: Tx, counter: str, now: int, before: Callable[[str], None] = lambda visit: None) -> Called | None:
        """Claim the visitor whom an open, idle counter calls now, and write it; None when nobody can come.

        The caller has locked the counter's row and seen that it is open and has nobody. `before` is told of each visit
        that is about to be claimed.
        """
        lost: set[str] = set()
        for _ in range(_ROUNDS):
            with self.mirror.lock:
                floor = self.mirror.sync(tx, now)
                if floor is None:
                    return None
                floor.set_counter(counter, True, now)
                floor.advance(now)
                chosen = self._handed_over(floor, counter, now, lost) or Router(floor).call(counter, now, lost)
                if chosen is None:
                    return None
                step = floor.steps[chosen.step]
                sent, head_start = step.state == "headed", step.visit.head_start / MINUTE
            before(chosen.visit)
            if self._claim(tx, chosen, counter, sent, now):
                return Called(chosen, head_start)
            lost.add(chosen.visit)
            self.mirror.touch_visits([chosen.visit])
        return None

    def refill(self, tx: Tx, now: int) -> None:
        """Send free visitors to ready areas that have room, and release who was sent where nobody serves any more."""
        for _ in range(_ROUNDS):
            with self.mirror.lock:
                floor = self.mirror.sync(tx, now)
                if floor is None or self.mirror.day is None:
                    return
                day = str(self.mirror.day["id"])
                stranded = _stranded(floor)
                sends = [] if stranded else Router(floor).sends(now)
                starts = {send.visit: floor.visits[send.visit].head_start / MINUTE for send in sends}
            for visit_id in stranded:
                visit = visits.lock(tx, visit_id)
                if visit is None or not sending.release(tx, visit, "no_counter", now):
                    self.mirror.touch_visits([visit_id])
            lost = [send.visit for send in sends if not sending.send(tx, day, send, starts[send.visit], now)]
            if not stranded and not lost:
                # The floor has moved them itself.
                tx.mirrored = len(tx.events)
                return
            self.mirror.touch_visits(lost)

    def _handed_over(self, floor: Floor, counter: str, now: int, lost: Collection[str]) -> Call | None:
        """Return whom a colleague handed over to this very counter: they were told so, and nobody else calls them."""
        meant = [
            one
            for steps_of_visit in self.mirror.handed.values()
            for one in steps_of_visit
            if one.counter == counter
            and one.visit not in lost
            and (visit := floor.visits.get(one.visit)) is not None
            and visit.placed is None
            and visit.not_before <= now
        ]
        first = min(meant, key=lambda one: (one.since, one.number), default=None)
        if first is None:
            return None
        why = Why("handed_over", {"minutes": max(0, now - first.since) // MINUTE})
        return Call(first.step, first.visit, first.number, first.service, why, 0)

    def _claim(self, tx: Tx, chosen: Call, counter: str, sent: bool, now: int) -> bool:
        why = json.dumps(chosen.why.as_dict(), ensure_ascii=False)
        if sent:
            # The visit is claimed for this step already; another counter of the service may have been quicker.
            return visits.confirm(tx, chosen.visit, chosen.step) and steps.call(tx, chosen.step, counter, why, now)
        if not visits.claim(tx, chosen.visit, chosen.step, now):
            return False
        if not steps.call(tx, chosen.step, counter, why, now):
            raise LostRace(f"step {chosen.step} was dropped before its visit could be claimed")
        return True

    def sent_aloud(self) -> frozenset[str]:
        """Return the visits inside that are sent as others are called: they were not where they had been sent."""
        with self.mirror.lock:
            floor = self.mirror.floor
            if floor is None:
                return frozenset()
            return frozenset(visit for visit in floor.visits if floor.learner.heeds(visit) is False)

    # -- time --------------------------------------------------------------------------------------------------------

    def tick(self, now: int) -> None:
        """Do what time alone makes necessary; about once a second, and whenever a virtual clock was set."""
        self._db.feed.look()
        self._db.write(lambda tx: self._let_time_pass(tx, now))
        self._foretelling.fresh_enough(now)
        if self._foretelling.has_news:
            self._db.write(lambda tx: self._foretelling.write_down(tx, now))
        self._foretelling.think_of_advice(now)

    def _let_time_pass(self, tx: Tx, now: int) -> None:
        if time.monotonic() - self._compared > _RECONCILE_S:
            self._compared = time.monotonic()
            if differing := self.mirror.differing(tx, now):
                log.warning("the router's picture of %d visits was not the database's; they were read again", differing)
        with self.mirror.lock:
            floor = self.mirror.sync(tx, now)
            if floor is None:
                return
            if now != self._passed:  # a virtual clock stands still, and then time alone changes nothing
                self._passed = now
                floor.dirty.update(service for service, queue in floor.queues.items() if queue.free and queue.open)
        self.refill(tx, now)

    # -- foretelling -------------------------------------------------------------------------------------------------

    def prospect(self, now: int) -> Prospect:
        """Return what can be foretold, about a second old at most (more when the hall is full)."""
        self._foretelling.fresh_enough(now)
        return self._foretelling.prospect

    @property
    def foretelling(self) -> Foretelling:
        """What foretells, for the dashboard's questions about it."""
        return self._foretelling

    def not_following(self) -> tuple[float, int]:
        """Return the share of visitors who don't stand where they were sent, and of how many it could be told."""
        with self.mirror.lock:
            floor = self.mirror.floor
            return (0.0, 0) if floor is None else (floor.learner.ignored_share, floor.learner.observed)

    def long_after_s(self, service: str, counter: str, party: int) -> int:
        """Seconds after which nearly every service of this kind has ended: *finish* may have been forgotten."""
        with self.mirror.lock:
            learner = (self.mirror.floor or Floor(self._foretelling.plan)).learner
            return round(learner.long_after(service, counter, learner.party_factor(party)) / 1000)

    def patience_s(self, visit: str, service: str) -> int:
        """Seconds that staff should give a visitor whom they called, from where the visitor was last."""
        plan = self._foretelling.plan
        with self.mirror.lock:
            known = self.mirror.floor.visits.get(visit) if self.mirror.floor else None
            origin = known.zone if known else ""
        return round(plan.patience_minutes(origin, plan.zone_of(service)) * 60)

    def next_free(self, counter: str, now: int) -> int | None:
        """Return when somebody who waits for this counter's services is expected to be free; None if nobody waits."""
        with self.mirror.lock:
            floor = self.mirror.floor
            known = floor.counters.get(counter) if floor else None
            if floor is None or known is None:
                return None
            times = []
            for visit in floor.visits.values():
                if not any(s in visit.steps and visit.steps[s].state == "waiting" for s in known.services):
                    continue
                placed = visit.placed
                if placed is None:
                    times.append(max(now, visit.not_before))
                else:
                    expected = floor.learner.expected(placed.service, placed.counter, visit.factor)
                    times.append(max(now + 30_000, placed.at + round(expected)))
            return min(times, default=None)


def _stranded(floor: Floor) -> list[str]:
    """Return the visits that are on their way to a service without an open counter."""
    return [
        step.visit.id
        for queue in floor.queues.values()
        if queue.headed and not queue.open
        for step in queue.headed.values()
    ]
