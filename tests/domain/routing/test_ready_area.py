"""How much room there is before a service, in figures that can be reckoned by hand or by chance."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from checkin_server.domain.plan import Counter
from checkin_server.domain.routing import MINUTE, Learner, ready_area
from checkin_server.domain.routing.ready_area import TURN_MS
from checkin_server.domain.routing.renewals import Renewals, services_within
from tests.domain.routing.hall import NOW, Hall, plan


@pytest.mark.parametrize("variance", [0.05, 0.35, 0.8])
def test_services_that_follow_one_another_are_counted_as_chance_would(variance: float) -> None:
    """Ten thousand counters, each with log-normal services one after the other."""
    chance, sigma = random.Random(7), math.sqrt(variance)
    until = (0.3, 0.8, 1.5, 3.0, 6.0)
    ended = dict.fromkeys(until, 0)
    for _ in range(10_000):
        at = 0.0
        while at < max(until):
            at += chance.lognormvariate(-variance / 2, sigma)
            for one in until:
                ended[one] += at <= one
    table = Renewals(variance)
    for one in until:
        assert table.within(one) == pytest.approx(ended[one] / 10_000, abs=0.06)
    assert table.within(50.0) == pytest.approx(services_within(variance, 50.0), rel=0.02)
    assert table.within(0.0) == table.within(-3.0) == 0.0


def test_a_counter_counts_for_as_many_as_follow_one_another_within_the_lead() -> None:
    """A service of two minutes and five of lead: the present one, and those behind it."""
    learner = Learner(plan(minutes={"a": 2.0}))
    counts = [learner.starts_within(2 * MINUTE, MINUTE, lead * MINUTE, TURN_MS) for lead in (0, 0.2, 2, 5, 10)]
    assert counts == sorted(counts) and counts[0] == 0.0
    assert counts[1] == learner.ends_within(2 * MINUTE, MINUTE, 0.2 * MINUTE), "no second one within seconds"
    assert 1.7 < counts[3] < 3.0 and 3.6 < counts[4] < 5.2
    assert learner.starts_within(2 * MINUTE, 10_000 * MINUTE, 5 * MINUTE, TURN_MS) == 0.5, "finish was forgotten"


def test_short_services_behind_long_walks_have_as_many_on_the_way_as_the_walk_lasts() -> None:
    """Two counters, a minute each, five minutes to walk: one and a half on the way would let them stand idle."""
    far = Hall(plan({"a": 2}, {"a": 1.0}, walk=5.0))
    near = Hall(plan({"a": 2}, {"a": 1.0}, walk=0.5))
    for hall in (far, near):
        hall.occupy("a-1")
        hall.occupy("a-2")
        for n in range(30):
            hall.come(f"v{n}", "ab", ago=30 - n)
    assert len(far.sent()) >= 8
    assert 3 <= len(near.sent()) <= 6


def test_who_has_nowhere_else_to_go_leaves_sooner() -> None:
    """For the others the ready area is full: standing there they could be called nowhere else."""
    for wants, sent in (("a", 1), ("ab", 0)):
        hall = Hall(plan({"a": 1, "b": 1}, {"a": 6.0, "b": 6.0}), open_=("a-1", "b-1"))
        hall.occupy("a-1")
        hall.occupy("b-1")
        hall.come("first", "a", ago=50)
        hall.floor.head("firsta", NOW)
        hall.come("blocks b", "b", ago=90)
        hall.floor.head("blocks bb", NOW)
        hall.come("v", wants)
        assert [visit for visit, service in hall.sent(3.4) if service == "a"] == ["v"] * sent, wants


def several(services: str = "abcd", counters: int = 1) -> Hall:
    """A hall whose counters give all services each, at one booth."""
    venue = plan(dict.fromkeys(services, 0))
    zone = next(iter(venue.zones))
    booth = replace(venue.booths[services[0]], zone=zone)
    names = tuple(services)
    return Hall(
        replace(
            venue,
            booths={booth.id: booth},
            services={s: replace(venue.services[s], booth=booth.id) for s in services},
            counters={f"a-{n}": Counter(f"a-{n}", booth.id, str(n), names) for n in range(1, counters + 1)},
        )
    )


def test_a_counter_that_gives_four_services_gets_no_more_visitors_than_one_that_gives_one() -> None:
    """Not one for each of its services."""
    sent = []
    for hall in (several(), several("a")):
        for n in range(8):
            hall.come(f"v{n}", "abcd"[n % len(hall.floor.queues)], ago=20 - n)
        sent.append([visit for visit, _ in hall.sent()])
        assert hall.sent(0.1) == []
    assert sent[0] == sent[1] and 1 <= len(sent[0]) <= 3


def test_services_that_share_counters_pull_the_smallest_key_of_all() -> None:
    """However long the backlog of one, the other's first visitor is not left waiting for ever."""
    hall = several("ab")
    for n in range(12):
        hall.come(f"crowd{n}", "a", ago=10)
    hall.come("alone", "b", ago=15)
    assert hall.sent()[0] == ("alone", "b")


def test_a_newcomer_is_not_sent_to_a_counter_that_somebody_goes_to_for_another_service() -> None:
    """One idle counter, two services: it is taken."""
    hall = several("ab")
    hall.come("first", "a")
    hall.sent()
    assert ready_area.idle(hall.floor, "b") == 0.0
    hall.floor.set_counter("a-1", False, NOW)
    hall.floor.set_counter("a-1", True, NOW)
    assert ready_area.idle(hall.floor, "b") == 1.0


def test_of_whom_it_is_not_known_whether_they_follow_only_a_share_counts_as_standing_ready() -> None:
    """Who has been where they were sent counts whole, and so does who is called ahead."""
    hall = Hall(plan({"a": 1}))
    learner = hall.floor.learner
    for n in range(60):
        learner.came(f"gone{n}", "active", 0, 10 * MINUTE, 10 * MINUTE + (150_000 if n % 2 else 5_000), 2 * MINUTE)
    learner.came("known", "active", 0, 10 * MINUTE, 10 * MINUTE + 5_000, 2 * MINUTE)
    learner.came("ahead", "active", 0, 10 * MINUTE, 10 * MINUTE + 150_000, 2 * MINUTE)
    counted = []
    for visit in ("known", "ahead", "new"):
        hall.come(visit, "a")
        hall.floor.head(f"{visit}a", NOW)
        counted.append(ready_area.sent(hall.floor, "a", surely=True))
        assert ready_area.sent(hall.floor, "a") == len(counted)
    assert counted[:2] == [1.0, 2.0] and counted[2] == pytest.approx(3.0 - learner.ignored_share)
    assert learner.ignored_share > 0.3
