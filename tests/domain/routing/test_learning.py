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


def test_a_slow_clerk_does_not_slow_the_whole_service() -> None:
    """Forty services at an ordinary counter, then forty at one that takes three times as long."""
    learner = Learner(VENUE)
    for counter, minutes in (("a-1", 6), ("a-2", 18)):
        for _ in range(40):
            learner.served("a", counter, minutes * MINUTE)
    assert learner.mean["a"] < 8 * MINUTE


def test_no_counter_counts_as_more_than_four_times_as_slow_as_others() -> None:
    """Whoever forgets *Finish* all day long does not make the hall wait for nothing."""
    learner = Learner(VENUE)
    for _ in range(40):
        learner.served("a", "a-1", 6 * MINUTE)
    for _ in range(300):
        learner.served("a", "a-2", 40 * MINUTE)
        learner.served("a", "a-1", 6 * MINUTE)
    assert learner.speed["a-2"] == 4.0


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


def test_the_pace_is_a_category_s_own() -> None:
    """Retired people who take twice as long get the time they need."""
    learner = Learner(VENUE)
    for n in range(24):
        learner.came(f"v{n}", "retired", None, 0, 2 * MINUTE + 12_000, MINUTE)
    assert 1.7 < learner.pace("retired") < 2.0 and learner.pace("active") == 1


def test_the_same_observations_teach_the_same() -> None:
    """A restart reads them from the event log again."""
    seen = [("a", "a-1", 5.0), ("b", "b-1", 14.0), ("a", "a-2", 3.0)]
    learners = [Learner(VENUE), Learner(VENUE)]
    for learner in learners:
        for service, counter, minutes in seen:
            learner.served(service, counter, minutes * MINUTE)
            learner.came(counter, "active", 0, 9 * MINUTE, 9 * MINUTE + round(minutes * 30_000), 2 * MINUTE)
    assert learners[0].mean == learners[1].mean and learners[0].speed == learners[1].speed
    assert learners[0].ignored_share == learners[1].ignored_share > 0.1


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
        learner.came(service, "active", None if factor > 5 else round(factor), 1_000, round(took), factor)
        learner.came(counter, "active", 0, round(took), round(2 * took), took)
        expected = learner.expected(service, counter)
        for figure in (
            expected,
            learner.remaining(expected, took),
            learner.pace("active"),
            learner.sigma,
            learner.long_after(service, counter),
        ):
            assert math.isfinite(figure) and figure > 0
        assert 0 <= learner.ends_within(expected, took, took) <= 1 and 0 < learner.ignored_share < 1


def come(learner: Learner, visit: str, *, sent: float | None, late_s: float, walk: float = 2.0) -> None:
    """Somebody is sent at minute `sent`, called at minute 10, and is at the counter `late_s` seconds after."""
    at = None if sent is None else round(sent * MINUTE)
    learner.came(visit, "active", at, 10 * MINUTE, 10 * MINUTE + round(late_s * 1000), walk * MINUTE)


def test_who_stood_ready_and_who_did_not_is_told_by_how_long_they_took_after_the_call() -> None:
    """Sent eight minutes before, two minutes away: at the counter in 5 seconds, or after a walk."""
    learner = Learner(VENUE)
    come(learner, "there", sent=2, late_s=5)
    come(learner, "elsewhere", sent=2, late_s=150)
    assert (learner.heeds("there"), learner.heeds("elsewhere"), learner.heeds("new")) == (True, False, None)
    assert learner.observed == 2


def test_once_not_there_counts_for_the_whole_visit() -> None:
    """They are called aloud from then on; that they come then shows nothing about being sent."""
    learner = Learner(VENUE)
    for late_s in (5, 150, 5):
        come(learner, "v", sent=2, late_s=late_s)
    assert learner.heeds("v") is False and learner.observed == 1


def test_what_tells_nothing_about_being_sent_is_not_counted() -> None:
    """Called from where they were, still on the way, next door, or with a clock that went back."""
    learner = Learner(VENUE)
    come(learner, "a", sent=None, late_s=150)
    come(learner, "b", sent=9, late_s=60)
    come(learner, "c", sent=2, late_s=40, walk=0.4)
    come(learner, "d", sent=2, late_s=-5)
    come(learner, "e", sent=2, late_s=150, walk=0.0)
    assert learner.observed == 0


def test_the_share_that_is_not_where_it_was_sent_comes_near_the_truth() -> None:
    """Three in ten; and before anybody was seen, the few that are usual."""
    learner = Learner(VENUE)
    assert 0 < learner.ignored_share < 0.05
    for n in range(500):
        come(learner, f"v{n}", sent=2, late_s=150 if n % 10 < 3 else 5)
    assert 0.27 < learner.ignored_share < 0.31


def test_who_stood_waiting_for_a_long_time_did_not_walk_slowly() -> None:
    """They were sent an hour before the call: the pace on foot is not learned from the waiting."""
    learner = Learner(VENUE)
    for n in range(50):
        come(learner, f"v{n}", sent=-50, late_s=8)
    assert learner.pace("active") == 1.0


def test_the_pace_is_learned_from_those_called_from_afar_and_from_those_called_on_their_way() -> None:
    """Both take three minutes for a way of two, and the moment until they set out."""
    learner = Learner(VENUE)
    for n in range(60):
        come(learner, f"a{n}", sent=None, late_s=192)
        come(learner, f"b{n}", sent=9, late_s=132)
    assert 1.4 < learner.pace("active") < 1.55


def test_who_is_recalled_was_not_where_they_were_sent_and_shows_no_pace() -> None:
    """Only if they were sent long enough before the recall to be there; a way that is no way tells nothing."""
    learner = Learner(VENUE)
    learner.recalled("late", 0, 10 * MINUTE, 2 * MINUTE)
    learner.recalled("walking", 8 * MINUTE, 10 * MINUTE, 2 * MINUTE)
    learner.recalled("beside", 0, 10 * MINUTE, MINUTE / 4)
    learner.recalled("not sent", None, 10 * MINUTE, 2 * MINUTE)
    assert [learner.heeds(one) for one in ("late", "walking", "beside", "not sent")] == [False, None, None, None]
    assert learner.pace("active") == 1
