"""Figures of a day are what its record says, by one set of rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain.plan import Plan
from checkin_server.rehearsal import over_the_day
from checkin_server.rehearsal.figures import MINUTE, measure, minutes_inside, minutes_waited, share_at, waits_of
from checkin_server.rehearsal.record import Day
from tests.rehearsal.days import at, day, stop, visited


def test_a_wait_is_time_in_the_venue_less_service_and_walking(plan: Plan) -> None:
    """Two services: 5 minutes until the first call, 2 walked, 9 served; 4 until the second, 1 walked, 10 served."""
    visit = visited(
        plan,
        "a",
        0,
        31,
        stop(plan, "bank", asked=0, called=5, started=7, ended=16),
        stop(plan, "insurance", asked=0, called=20, started=21, ended=31),
    )
    played = day(plan, visit)
    assert [(w.service, (w.until - w.since) / MINUTE) for w in waits_of(visit, played)] == [
        ("bank", 5),
        ("insurance", 4),
    ]
    assert minutes_waited(visit, played) == 9
    assert minutes_inside(visit, played) == 31


def test_services_come_in_the_order_they_were_given(plan: Plan) -> None:
    """The order of the ticks on the kiosk says nothing about the route."""
    visit = visited(
        plan,
        "a",
        0,
        30,
        stop(plan, "bank", asked=0, called=18, started=20, ended=30),
        stop(plan, "health", asked=0, called=1, started=2, ended=12),
    )
    assert [w.service for w in waits_of(visit, day(plan, visit))] == ["health", "bank"]
    assert minutes_waited(visit, day(plan, visit)) == 1 + 6


def test_who_leaves_without_a_service_has_waited_for_it(plan: Plan) -> None:
    """And the service counts as not given."""
    visit = visited(plan, "a", 0, 40, stop(plan, "bank", asked=0, called=None, started=None, ended=None))
    figures = measure([day(plan, visit)])
    assert minutes_waited(visit, day(plan, visit)) == 40
    assert figures.unserved == 1
    bank = next(s for s in figures.services if s.service == "bank")
    assert bank.wait is not None and bank.wait.mean == 40
    assert (bank.asked, bank.served, bank.unserved) == (1, 0, 1)


def test_the_service_level_counts_calls_within_the_target_as_the_dashboard_does(plan: Plan) -> None:
    """From being asked for to the last call, whatever the visitor did meanwhile."""
    visits = [
        visited(
            plan,
            f"v{n}",
            0,
            called + 11,
            stop(plan, "bank", asked=0, called=called, started=called + 1, ended=called + 11),
        )
        for n, called in enumerate((0, 10, 20, 21))
    ]
    assert plan.call_target_minutes == 20
    assert measure([day(plan, *visits)]).service_level == 0.75


def test_use_is_service_time_over_open_time(plan: Plan) -> None:
    """One of four bank counters serves 54 minutes of nine hours."""
    visit = visited(plan, "a", 0, 60, stop(plan, "bank", asked=0, called=5, started=6, ended=60))
    figures = measure([day(plan, visit)])
    bank = next(s for s in figures.services if s.service == "bank")
    assert bank.use == pytest.approx(54 / (4 * 540))
    assert bank.service_minutes == 54


def test_a_service_that_ends_after_closing_is_late(plan: Plan) -> None:
    """Late for the booth, and the last visitor leaves after closing."""
    visit = visited(plan, "a", 530, 550, stop(plan, "bank", asked=530, called=531, started=535, ended=550))
    figures = measure([day(plan, visit)])
    assert figures.after_closing == 1
    assert figures.last_left_minutes == 10


def test_counts_are_means_over_the_seeds_and_waits_are_pooled(plan: Plan) -> None:
    """Two days, one with one visit and one with three."""

    def waiting(name: str, minutes: float) -> Day:
        return day(
            plan,
            *(
                visited(
                    plan,
                    f"{name}{n}",
                    0,
                    minutes + 2,
                    stop(plan, "health", asked=0, called=minutes, started=minutes + 1, ended=minutes + 2),
                )
                for n in range(1 if name == "a" else 3)
            ),
        )

    figures = measure([waiting("a", 4), waiting("b", 8)])
    assert (figures.runs, figures.visits, figures.services_served) == (2, 2, 2)
    assert figures.wait is not None and figures.wait.mean == 7


def test_nothing_played_is_nothing_measured() -> None:
    """A clear error and no division by nothing."""
    with pytest.raises(ValueError, match="no day was played"):
        measure([])


def test_a_day_without_visitors_has_no_waits(plan: Plan) -> None:
    """Nothing is divided by nothing."""
    figures = measure([day(plan)])
    assert figures.wait is None and figures.in_venue is None and figures.service_level is None
    assert figures.visits == 0


@given(st.lists(st.floats(0, 500), min_size=1, max_size=40), st.floats(0, 1))
def test_a_quantile_lies_among_its_values(values: list[float], share: float) -> None:
    """And quantiles rise with their share."""
    ordered = sorted(values)
    assert ordered[0] <= share_at(ordered, share) <= ordered[-1]
    assert share_at(ordered, 0) == ordered[0] and share_at(ordered, 1) == ordered[-1]


def test_the_quarters_add_up_to_the_day(plan: Plan) -> None:
    """Visitor minutes inside and waiting, summed over the quarters, are those of the visits."""
    visits = [
        visited(plan, "a", 3, 50, stop(plan, "bank", asked=3, called=20, started=22, ended=50)),
        visited(plan, "b", 17, 40, stop(plan, "health", asked=17, called=18, started=19, ended=40)),
    ]
    played = [day(plan, *visits)]
    begins = over_the_day.slots(played)
    assert sum(over_the_day.arrivals(played, begins)) == 2
    assert sum(over_the_day.inside(played, begins)) * 15 == pytest.approx(47 + 23)
    waiting = over_the_day.waiting(played, begins)
    assert sum(waiting["bank"]) * 15 == pytest.approx(17)
    assert sum(waiting["health"]) * 15 == pytest.approx(1)
    assert over_the_day.waits(played, begins)[:2] == [17, 1]


def test_a_booths_use_is_unknown_while_it_is_closed(plan: Plan) -> None:
    """A quarter without an open counter has no use; a full one has all of it."""
    visit = visited(plan, "a", 0, 30, stop(plan, "education", asked=0, called=0, started=0, ended=30))
    closed = Day(plan, "riwaq", at(plan, 0), at(plan, 540), [visit], {"education-1": [(at(plan, 0), at(plan, 30))]})
    begins = over_the_day.slots([closed])
    assert over_the_day.use([closed], begins)["education"][:4] == [1.0, 1.0, None, None]
