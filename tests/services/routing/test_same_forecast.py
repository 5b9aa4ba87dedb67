"""A forecast hangs on the day's log alone: not on what a process has seen happen, nor on when it looked."""

from __future__ import annotations

import random

import pytest

from checkin_server.domain.waits import Wait
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.venue import Venue
from tests.services.routing.hall_at_work import again, floor_of, tick
from tests.support.beside import beside
from tests.support.venue import Site

COUNTERS = ("bank-1", "bank-2", "health-1", "desk-1")
WISHES = (("bank", "health"), ("health",), ("bank", "advice", "enrolment"), ("advice", "enrolment"), ("bank",))


def hectic(site: Site, chance: random.Random, rounds: int) -> None:
    """Play services of seconds with all that goes wrong in between, and more visitors than the counters can serve."""
    ids: list[str] = []
    for n in range(rounds):
        if n % 2 == 0:
            ids.append(site.visitor(*WISHES[n // 2 % len(WISHES)])["id"])
        for counter in COUNTERS:
            press(site, counter, chance)
        if n % 7 == 6:
            site.visit_does(("hold", "resume", "leave")[n % 3], chance.choice(ids))
        site.wait(chance.choice((0.1, 0.3, 0.7)))
        tick(site)


def press(site: Site, counter: str, chance: random.Random) -> None:
    """Let a clerk do something that is allowed just now: mostly what one does."""
    site.at(counter, "call-next")
    action = chance.choices(
        ("start", "finish", "recall", "no-show", "park", "undo", "transfer", "quick"), (30, 20, 8, 6, 4, 4, 2, 2)
    )[0]
    if action == "transfer":
        site.at(counter, "transfer", service="advice")
    elif action == "quick":
        site.at(counter, "finish", quick=True)
    else:
        site.at(counter, action)
    for row in site.rows("SELECT id FROM step WHERE state = 'parked' ORDER BY id")[:1]:
        if chance.random() < 0.3:
            site.at(counter, "resume", step=row["id"])


def spread(one: Wait, other: Wait) -> float:
    """By what share two waits differ, the longer against the shorter; seconds of rounding don't count."""
    return max((max(a, b) + 20) / (min(a, b) + 20) - 1 for a, b in ((one.p50, other.p50), (one.p90, other.p90)))


def furthest(one: Prospect, other: Prospect) -> float:
    """By what share two prospects differ at most, in any wait that either tells."""
    found = 0.0
    for mine, theirs in ((one.steps, other.steps), (one.services, other.services), (one.finishes, other.finishes)):
        assert mine.keys() == theirs.keys()
        found = max([found, *(spread(mine[name], theirs[name]) for name in mine)])
    return found


def prospect(venue: Venue, now: int) -> Prospect:
    """Return what a process foretells now."""
    floor_of(venue)
    venue.router.foretelling.renew(now)
    return venue.router.prospect(now)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_a_restart_and_in_a_second_process_the_same_is_foretold(site: Site, seed: int) -> None:
    """Services of seconds, recalls, missed calls, what is set aside, sent on and undone; within 5 % at every moment."""
    chance = random.Random(seed)
    for counter in COUNTERS:
        site.press(counter, "open")
    with beside(site) as second:
        for _ in range(3):
            hectic(site, chance, 20)
            now = site.clock.now()
            before, after = prospect(site.venue, now), prospect(again(site), now)
            assert len(before.steps) > 2
            assert furthest(before, after) <= 0.05
            second.venue.db.feed.look()
            assert furthest(before, prospect(second.venue, now)) <= 0.05
            known = [floor_of(venue).learner for venue in (site.venue, again(site))]
            paces = [[learner.pace(category) for category in site.plan.categories] for learner in known]
            assert paces[0] == pytest.approx(paces[1], rel=1e-9)
            assert known[0].mean == pytest.approx(known[1].mean, rel=0.02)
