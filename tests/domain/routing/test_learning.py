from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain.routing import MINUTE, Learner
from tests.domain.routing.hall import plan

VENUE = plan({"a": 2, "b": 1}, {"a": 6.0, "b": 10.0})


def test_before_anything_was_seen_the_plan_s_minutes_hold() -> None:
    """And the first service of the day moves them by a fifth of the way."""
    learner = Learner(VENUE)
    assert learner.expected("a", "a-1") == 6 * MINUTE
    learner.served("a", "a-1", 16 * MINUTE)
    assert learner.mean["a"] == 8 * MINUTE
    assert learner.expected("b") == 10 * MINUTE


def test_a_slow_clerk_is_told_from_a_slow_service() -> None:
    """Counter 2 takes twice as long as counter 1 for the same service: the service's mean lies between."""
    learner = Learner(VENUE)
    for _ in range(80):
        learner.served("a", "a-1", 4 * MINUTE)
        learner.served("a", "a-2", 8 * MINUTE)
    assert 1.6 < learner.speed["a-2"] / learner.speed["a-1"] < 2.1
    assert 4 * MINUTE < learner.expected("a", "a-1") < 4.6 * MINUTE
    assert 7 * MINUTE < learner.expected("a", "a-2") < 8.5 * MINUTE


def test_the_spread_of_service_times_is_learned() -> None:
    """From log-normal times with a standard deviation of 0.3 of the logarithm."""
    learner, chance = Learner(VENUE), random.Random(1)
    for _ in range(800):
        learner.served("a", "a-1", 6 * MINUTE * chance.lognormvariate(-0.045, 0.3))
    assert 0.25 < learner.sigma < 0.36
    # One in twenty takes longer than the P95, with which staff are asked whether *finish* was forgotten.
    assert 1.4 < learner.long_after("a", "a-1") / learner.expected("a", "a-1") < 1.8


def test_a_slip_of_the_finger_teaches_nothing_and_a_forgotten_finish_little() -> None:
    """Two seconds are no service; three hours count as eight expected times at most."""
    learner = Learner(VENUE)
    learner.served("a", "a-1", 2_000)
    assert learner.mean["a"] == 6 * MINUTE
    learner.served("a", "a-1", 180 * MINUTE)
    assert learner.mean["a"] == (4 * 6 + 48) * MINUTE / 5


def test_a_party_takes_longer_by_the_venue_s_share_for_each_further_person() -> None:
    """And what a party took teaches what one person takes."""
    learner = Learner(VENUE)
    assert learner.party_factor(1) == 1 and learner.party_factor(4) == 1 + 3 * 0.6
    learner.served("a", "a-1", 28 * 6 * MINUTE / 10, learner.party_factor(4))
    assert math.isclose(learner.mean["a"], 6 * MINUTE)


def test_the_pace_of_a_category_is_learned_from_late_arrivals() -> None:
    """Retired people who take twice as long get the time they need."""
    learner = Learner(VENUE)
    for _ in range(24):
        learner.walked("retired", MINUTE, 2 * MINUTE)
    assert 1.7 < learner.pace("retired") < 2.0 and learner.pace("active") == 1


def test_the_same_observations_teach_the_same() -> None:
    """A restart reads them from the event log again."""
    seen = [("a", "a-1", 5.0), ("b", "b-1", 14.0), ("a", "a-2", 3.0)]
    learners = [Learner(VENUE), Learner(VENUE)]
    for learner in learners:
        for service, counter, minutes in seen:
            learner.served(service, counter, minutes * MINUTE)
    assert learners[0].mean == learners[1].mean and learners[0].speed == learners[1].speed


def test_what_a_long_service_still_takes_grows_with_how_long_it_has_lasted() -> None:
    """Service times have a long tail; a clock that runs down to nothing would promise nonsense."""
    learner = Learner(VENUE)
    left = [learner.remaining(6 * MINUTE, minutes * MINUTE) for minutes in (0, 1, 10, 30)]
    assert left[0] == 6 * MINUTE and left[1] < left[0] and left[3] > left[2] > 0
    assert learner.ends_within(6 * MINUTE, 0, 0) == 0.0
    assert learner.ends_within(6 * MINUTE, 10_000 * MINUTE, 1) == 0.5


_TIMES = st.floats(0, 1e9, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "gone"]), st.sampled_from(["a-1", "x"]), _TIMES, st.floats(0, 9))))
def test_nothing_that_staff_do_makes_the_learner_divide_by_nothing(
    seen: list[tuple[str, str, float, float]],
) -> None:
    """Services of no time, of days, of services and counters that the plan no longer has."""
    learner = Learner(VENUE)
    for service, counter, took, factor in seen:
        learner.served(service, counter, took, factor)
        learner.walked("active", took, factor)
        expected = learner.expected(service, counter)
        for figure in (
            expected,
            learner.remaining(expected, took),
            learner.pace("active"),
            learner.sigma,
            learner.long_after(service, counter),
        ):
            assert math.isfinite(figure) and figure > 0
        assert 0 <= learner.ends_within(expected, took, took) <= 1
