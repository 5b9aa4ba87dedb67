from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain import guidance, steps
from checkin_server.domain.guidance import Guidance, Stop
from checkin_server.domain.waits import Wait

NOW = 1_000_000


def stop(state: str, p50: int | None = None, name: str = "s1") -> Stop:
    """Return a stop at the bank."""
    return Stop(name, "bank", state, None if p50 is None else Wait(p50, p50 + 60))


@pytest.mark.parametrize("stored", ["choosing", "left"])
def test_a_visit_that_has_not_begun_or_has_ended_is_shown_as_it_is(stored: str) -> None:
    """Steps and holds do not matter then."""
    assert guidance.visit_state(stored, [stop("waiting")], NOW + 1, NOW) == stored


@pytest.mark.parametrize("state", sorted(steps.OPEN))
def test_a_visit_with_an_open_stop_is_open(state: str) -> None:
    """One open stop among ended ones is enough."""
    assert guidance.visit_state("open", [stop("served"), stop(state)], None, NOW) == "open"


def test_a_visit_whose_stops_have_all_ended_is_done() -> None:
    """Served, missed and dropped are all ends; a hold holds nothing then."""
    ended = [stop(state) for state in steps.STATES if state not in steps.OPEN]
    assert guidance.visit_state("open", ended, NOW + 1, NOW) == "done"


@pytest.mark.parametrize(("until", "state"), [(NOW + 1, "held"), (NOW, "open"), (NOW - 1, "open"), (None, "open")])
def test_a_held_visit_is_held_until_its_time_and_then_goes_on_by_itself(until: int | None, state: str) -> None:
    """Nobody is lost for not pressing resume."""
    assert guidance.visit_state("open", [stop("waiting")], until, NOW) == state


def test_being_served_and_being_called_beat_everything() -> None:
    """Somebody who is called must not be told to wait."""
    waiting = stop("waiting", 0, "s2")
    assert guidance.next_for("open", [waiting, stop("serving")]) == Guidance("serving", "s1")
    assert guidance.next_for("open", [waiting, stop("called")]) == Guidance("go", "s1")
    assert guidance.next_for("held", [waiting, stop("headed")]) == Guidance("go", "s1")


@pytest.mark.parametrize(
    ("state", "kind"), [("choosing", "choose"), ("done", "done"), ("left", "done"), ("held", "held")]
)
def test_each_state_of_a_visit_has_its_instruction(state: str, kind: str) -> None:
    """What a kiosk says to somebody whom no counter wants now."""
    assert guidance.next_for(state, []) == Guidance(kind)


def test_of_several_stops_the_first_of_the_route_whose_wait_is_known_is_named() -> None:
    """And the reason is that it is the soonest."""
    stops = [stop("waiting", None, "s1"), stop("waiting", 120, "s2"), stop("waiting", 600, "s3")]
    assert guidance.next_for("open", stops) == Guidance("wait", "s2", "soonest")


def test_the_only_stop_left_is_named_as_the_only_one() -> None:
    """To call it the soonest of one would be nonsense."""
    assert guidance.next_for("open", [stop("served"), stop("waiting", 60, "s2")]) == Guidance("wait", "s2", "only_stop")


def test_with_no_time_known_the_first_wanted_is_named_without_a_reason() -> None:
    """No counter is open yet: the visitor still learns where the first stop is."""
    assert guidance.next_for("open", [stop("waiting"), stop("waiting", None, "s2")]) == Guidance("wait", "s1")


def test_with_everything_parked_the_visitor_waits_for_no_stop() -> None:
    """Parked stops come back only by resuming."""
    assert guidance.next_for("open", [stop("parked")]) == Guidance("wait")


@given(st.lists(st.builds(stop, st.sampled_from(steps.STATES), st.none() | st.integers(0, 9999)), max_size=5))
def test_there_is_always_an_instruction_and_it_names_a_stop_of_the_visit(stops: list[Stop]) -> None:
    """For any mixture of stops, a kiosk has something to say."""
    state = guidance.visit_state("open", stops, None, NOW)
    advice = guidance.next_for(state, stops)
    assert advice.kind in ("wait", "go", "serving", "done")
    assert advice.step is None or advice.step in {s.id for s in stops}
    assert (advice.kind == "done") == (state == "done")
