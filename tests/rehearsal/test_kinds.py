"""Days in other halls, played short: there the router must not be worse than houses that know no ready area."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.domain.fairness.rehearsal import report
from checkin_server.domain.plan import DayPlan
from checkin_server.rehearsal.days import MINUTE, RECEPTION, SCENARIOS, changed, draw
from checkin_server.rehearsal.figures import measure
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.policies import POLICIES
from checkin_server.rehearsal.world import play
from tests.bench.study import venue

_VENUE = venue(400)
_MORNING = DayPlan("2019-12-27", _VENUE.days[0].opens_at, _VENUE.days[0].opens_at + 240 * MINUTE)
VENUE = replace(_VENUE, days=(_MORNING,))


@pytest.mark.parametrize("kind", ["short", "far", "reception"])
def test_short_services_behind_long_walks_are_not_starved(kind: str) -> None:
    """Counting each counter once within a fixed lead took 1.2 to 1.6 times as long as least expected wait."""
    day = draw(VENUE, SCENARIOS[kind], 1)
    house = RiwaqHouse(day.plan, look_ahead_ms=None)
    own = measure([play(day, house, "riwaq").day]).in_venue
    least = measure([play(day, POLICIES["least-wait"](day.plan), "least-wait").day]).in_venue
    assert own is not None and least is not None
    assert own.mean <= least.mean
    assert report(house.moments or [], day.plan.routing.cap_minutes * MINUTE).held


def test_another_hall_is_what_its_scenario_says_and_is_made_once() -> None:
    """Services from a minute and a half to three, every walk the same; one more booth that everybody wants."""
    short = changed(VENUE, SCENARIOS["short"])
    minutes = [service.prior_minutes for service in short.services.values()]
    assert (min(minutes), max(minutes)) == (1.5, 3.0)
    assert {short.walk_minutes(one, other) for one in short.zones for other in short.zones if one != other} == {3.0}
    busy = changed(VENUE, SCENARIOS["reception"])
    assert busy.walk_minutes("Z3", RECEPTION) == 3.0 and len(busy.counters_of(RECEPTION)) >= 2
    for name in ("short", "far", "reception", "mixed"):
        once = changed(VENUE, SCENARIOS[name])
        assert changed(once, SCENARIOS[name]) == once and SCENARIOS[name].another_hall == (name != "mixed")
    day = draw(VENUE, SCENARIOS["reception"], 2)
    assert all(visitor.wants[0] == RECEPTION for visitor in day.visitors)
