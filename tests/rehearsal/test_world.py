"""The simulated people, under every policy and the real router."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from checkin_server.domain.fairness.rehearsal import report
from checkin_server.domain.plan import DayPlan, Plan
from checkin_server.rehearsal.days import MINUTE, SCENARIOS, SimDay, draw
from checkin_server.rehearsal.figures import measure
from checkin_server.rehearsal.house import House, Told, patience
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.policies import POLICIES
from checkin_server.rehearsal.world import Played, play
from tests.domain.routing.hall import NOW, plan

DAY = DayPlan("2019-12-27", NOW, NOW + 180 * MINUTE)
VENUE = replace(plan({"a": 2, "b": 2, "c": 1, "d": 2}, {"a": 4.0, "b": 5.0, "c": 3.0, "d": 6.0}), days=(DAY,))
HOUSES: dict[str, Callable[[Plan], House]] = {**POLICIES, "riwaq": RiwaqHouse}


def day_of(scenario: str, seed: int = 1, visitors: int = 70) -> SimDay:
    """A short day."""
    return draw(VENUE, SCENARIOS[scenario], seed, visitors=visitors)


def check(played: Played, day: SimDay) -> None:
    """What holds on any day under any policy."""
    assert len(played.day.visits) == len(day.visitors)
    for visit in played.day.visits:
        assert visit.left is not None, "somebody never came out"
        times = sorted((s.started, s.ended) for s in visit.stops if s.started is not None and s.ended is not None)
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(times)), "in two places"
    by_counter: dict[str, list[tuple[int, int]]] = {}
    for visit in played.day.visits:
        for stop in visit.stops:
            if stop.started is not None and stop.counter is not None and stop.ended is not None:
                by_counter.setdefault(stop.counter, []).append((stop.started, stop.ended))
    for spans in by_counter.values():
        spans.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), "a counter served two at once"


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("policy", HOUSES)
def test_every_visit_ends_and_nobody_is_in_two_places_under_any_policy(policy: str, scenario: str) -> None:
    """The world is the same; only who decides differs."""
    day = day_of(scenario)
    check(play(day, HOUSES[policy](day.plan), policy), day)


def test_the_same_seed_is_the_same_day_for_every_policy() -> None:
    """Who comes, what they want, how long it takes: nothing of it depends on who decides."""
    assert day_of("mixed") == day_of("mixed")
    assert day_of("mixed") != day_of("mixed", seed=2)
    first, second = (play(day_of("busy"), RiwaqHouse(VENUE), "riwaq") for _ in range(2))
    assert first.day.visits == second.day.visits


def test_the_router_is_never_called_twice_and_keeps_its_bound() -> None:
    """No double calls, unlike tickets in every queue; and nobody overtaken beyond cap and head start."""
    day = day_of("mixed", visitors=120)
    house = RiwaqHouse(day.plan)
    played = play(day, house, "riwaq")
    assert played.double_calls == 0
    assert house.moments is not None
    fair = report(house.moments, day.plan.routing.cap_minutes * MINUTE)
    assert fair.choices > 100 and fair.held
    assert play(day, POLICIES["independent"](day.plan), "independent").double_calls > 0


def test_the_router_beats_one_queue_at_a_time_on_a_busy_day() -> None:
    """Not by how much (the benchmark says that), but that it does, over a few days."""
    totals = {"riwaq": 0.0, "one-at-a-time": 0.0}
    for seed in (1, 2, 3):
        for policy in totals:
            figures = measure([play(day_of("busy", seed, 110), HOUSES[policy](VENUE), policy).day])
            assert figures.in_venue is not None
            totals[policy] += figures.in_venue.mean
    assert totals["riwaq"] < totals["one-at-a-time"]


def test_a_call_that_is_not_heard_is_missed_and_made_again() -> None:
    """Inattention is the world's; the visit keeps its place."""
    day = draw(VENUE, replace(SCENARIOS["calm"], inattention=0.2), 3, visitors=60)
    played = play(day, RiwaqHouse(VENUE), "riwaq")
    assert played.missed >= played.unheard > 0
    again = [stop for visit in played.day.visits for stop in visit.stops if stop.misses == 1 and stop.served]
    assert again and all(len(stop.calls) == 2 for stop in again)
    check(played, day)


def test_staff_wait_for_the_grace_and_one_and_a_half_walks_by_the_map() -> None:
    """Three minutes and twice one and a half; tablets don't say that the router knows people who walk slowly."""
    venue = replace(VENUE, walk_default_minutes=2.0)
    visitor = replace(day_of("calm").visitors[0], wants=("c",))
    house = RiwaqHouse(venue)
    for n in range(20):
        house.floor.learner.came(f"v{n}", visitor.category, None, 0, 5 * MINUTE, MINUTE)
    assert house.floor.learner.pace(visitor.category) > 2
    house.at(NOW)
    house.open("c-1")
    house.check_in(visitor)
    assert house.call_next("c-1") is not None
    assert house.grace("c-1") == patience(venue, "Za", "Zc") == 6 * MINUTE


def test_nobody_reads_what_boards_showed_for_no_time() -> None:
    """Sent as the clerk finished, taken back as the clerk went at the same moment: the visitor stays where they are."""
    day = day_of("calm")
    house = RiwaqHouse(VENUE)
    one, other = (replace(visitor, wants=("c",)) for visitor in day.visitors[:2])
    house.at(NOW)
    house.open("c-1")
    house.check_in(one)
    assert [(told.visitor, told.service) for told in house.news()] == [(one.id, "c")]
    assert house.call_next("c-1") is not None
    house.check_in(other)
    house.start("c-1")
    assert list(house.news()) == [Told(other.id, "c")]
    house.pause("c-1")  # when the visitor is done
    house.finish("c-1")
    assert list(house.news()) == [Told(other.id, None)]
    house.open("c-1")
    house.pause("c-1")
    assert list(house.news()) == []
