from __future__ import annotations

from checkin_server.domain.fairness.rehearsal import ASKED, BUSY, CHOSEN, ENDED, FREE, Moment, report
from checkin_server.domain.routing import MINUTE
from checkin_server.rehearsal.days import SCENARIOS, draw
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.world import play
from tests.bench.study import venue

CAP = 90 * MINUTE


def come(visit: str, minute: int, category: str = "active", start: int = 0, open_: bool = True) -> list[Moment]:
    """Somebody asks for the bank and is free."""
    at = minute * MINUTE
    return [
        Moment(at, ASKED, visit, "bank", category, start * MINUTE, open_),
        Moment(at, FREE, visit),
    ]


def chosen(visit: str, minute: int) -> Moment:
    """Somebody is sent to the bank, or called there."""
    return Moment(minute * MINUTE, CHOSEN, visit, "bank")


def test_an_orderly_line_overtakes_nobody() -> None:
    """First come, first served."""
    found = report([*come("u", 0), *come("v", 5), chosen("u", 10), chosen("v", 11)], CAP)
    assert found.held and found.choices == 2 and not found.by_category


def test_being_overtaken_is_told_by_category_with_the_wait_and_the_distance() -> None:
    """A widow who came at 0 sees one who came at 40 called at 50."""
    found = report([*come("u", 0, "widowed"), *come("v", 40), chosen("v", 50)], CAP)
    worst = found.by_category["widowed"]
    assert (worst.overtaken, worst.longest_wait_ms, worst.furthest_ms) == (1, 50 * MINUTE, 40 * MINUTE)
    assert found.held


def test_beyond_cap_and_head_start_the_bound_is_broken_and_the_choice_is_named() -> None:
    """Ninety minutes, the overtaker's head start, two for the walk: 107 holds, 108 doesn't."""
    for later, held in ((107, True), (108, False)):
        found = report([*come("u", 0), *come("v", later, start=15), chosen("v", 120)], CAP)
        assert found.held is held
        assert [(case.by, case.visit) for case in found.beyond] == ([] if held else [("v", "u")])


def test_who_is_elsewhere_or_away_is_not_overtaken() -> None:
    """At another counter, praying, resting after a miss, waiting for a service that must come first, or done."""
    for reason in (
        [Moment(MINUTE, BUSY, "u")],
        [chosen("u", 1)],
        [Moment(MINUTE, ENDED, "u", "bank")],
    ):
        assert not report([*come("u", 0), *reason, *come("v", 200), chosen("v", 201)], CAP).by_category
    blocked = report([*come("u", 0, open_=False), *come("v", 200), chosen("v", 201)], CAP)
    assert not blocked.by_category


def test_who_is_free_again_counts_again_from_when_they_asked() -> None:
    """A hold keeps the place, so being overtaken after it counts."""
    back = Moment(150 * MINUTE, FREE, "u")
    found = report([*come("u", 0), Moment(MINUTE, BUSY, "u"), *come("v", 140), back, chosen("v", 151)], CAP)
    assert not found.held


def test_a_promise_narrower_than_the_routers_is_seen_to_be_broken() -> None:
    """The judge has teeth: a busy day keeps the router's own bound, and not one of a few minutes."""
    day = draw(venue(120), SCENARIOS["busy"], 1)
    house = RiwaqHouse(day.plan, look_ahead_ms=None)
    play(day, house, "riwaq")
    own = day.plan.routing.cap_minutes * MINUTE
    kept, narrower = (report(house.moments or [], cap) for cap in (own, 3 * MINUTE))
    assert kept.held and kept.choices == narrower.choices > 200
    assert not narrower.held
    furthest = max(worst.furthest_ms for worst in kept.by_category.values())
    assert max(case.minutes for case in narrower.beyond) * MINUTE == furthest <= own + 2 * MINUTE
