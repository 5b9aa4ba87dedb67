"""The bound on being overtaken, and that its check bites: it must say so when the policy is broken on purpose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from checkin_server.domain.fairness.rehearsal import Fairness, report
from checkin_server.domain.plan import DayPlan
from checkin_server.domain.routing import Floor, Router
from checkin_server.domain.routing.pieces import Queue, Step, Visit
from checkin_server.rehearsal.days import MINUTE, SCENARIOS, draw
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.world import play
from tests.domain.routing.hall import NOW, plan

_CAP = 15
"""Minutes: small, so that a short day reaches it."""
DAY = DayPlan("2019-12-27", NOW, NOW + 180 * MINUTE)
_PLAIN = plan({"a": 2, "b": 2, "c": 1, "d": 2}, {"a": 4.0, "b": 5.0, "c": 3.0, "d": 6.0})
VENUE = replace(_PLAIN, days=(DAY,), routing=replace(_PLAIN.routing, cap_minutes=float(_CAP)))


class NoCap(Floor):
    """Work still to do puts a visit back by all of it."""

    def _list(self, visit: Visit) -> None:
        self._cap = 1e12
        super()._list(visit)


class NotBelowNothing(Floor):
    """Work still to do brings a visit forward, as if `W + T` were not held at nothing from below."""

    def debits(self, visit: Visit) -> dict[str, float]:
        return {service: -debit for service, debit in super().debits(visit).items()}


class UnlimitedStart(Floor):
    """A head start counts twelve times what the plan says."""

    def _list(self, visit: Visit) -> None:
        planned, visit.head_start = visit.head_start, 12 * visit.head_start
        super()._list(visit)
        visit.head_start = planned


class LastFirst(Router):
    """Whoever has the largest key goes."""

    def _best(self, queue: Queue, skip: Collection[str], seen: list[Step]) -> tuple[float, Step] | None:
        free = [entry for entry in queue.free if entry[3].visit.id not in skip]
        seen += [entry[3] for entry in free]
        return (free[-1][0], free[-1][3]) if free else None


def fairness(floor: type[Floor], router: type[Router], scenario: str) -> Fairness:
    """Play a crowded day by a policy and check it against the bound that is promised."""
    day = draw(VENUE, SCENARIOS[scenario], 1, visitors=160)
    house = RiwaqHouse(day.plan, look_ahead_ms=None)
    house.floor = floor(day.plan)
    house.router = router(house.floor)
    play(day, house, "riwaq")
    return report(house.moments or [], _CAP * MINUTE)


@pytest.mark.parametrize("scenario", ["rush", "mixed"])
def test_the_policy_keeps_the_bound_on_a_crowded_day_and_comes_near_it(scenario: str) -> None:
    """Otherwise a check that finds nothing would show nothing."""
    fair = fairness(Floor, Router, scenario)
    assert fair.held and fair.choices > 300
    assert max(worst.furthest_ms for worst in fair.by_category.values()) > 0.8 * _CAP * MINUTE


@pytest.mark.parametrize(
    ("floor", "router", "scenario"),
    [
        (NoCap, Router, "rush"),
        (NotBelowNothing, Router, "rush"),
        (UnlimitedStart, Router, "mixed"),
        (Floor, LastFirst, "rush"),
    ],
)
def test_a_policy_without_one_of_its_limits_is_found_out(
    floor: type[Floor], router: type[Router], scenario: str
) -> None:
    """Each limit is taken away in a copy of the policy, and the same day's check names who went too early."""
    fair = fairness(floor, router, scenario)
    assert not fair.held
    assert all(moment.visit and moment.service for moment in fair.beyond)
