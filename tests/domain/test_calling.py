from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain.calling import Candidate, LongestWaiting, Why

NOW = 10_000_000
ONE = Candidate("s1", "v1", 1, "bank", NOW - 600_000, "active", 2)


def test_nobody_is_called_when_nobody_is_free() -> None:
    """An empty hall is not an error."""
    assert LongestWaiting().next_for("bank-1", [], NOW) is None


def test_whoever_has_waited_longest_is_called_and_staff_see_for_how_long() -> None:
    """Ten minutes against five."""
    later = replace(ONE, step="s2", visit="v2", number=2, since=NOW - 300_000)
    decision = LongestWaiting().next_for("bank-1", [later, ONE], NOW)
    assert decision is not None
    assert decision.candidate == ONE
    assert decision.why.as_dict() == {"code": "longest_wait", "minutes": 10}


def test_of_two_who_asked_at_the_same_moment_the_lower_number_comes_first() -> None:
    """People compare their tickets."""
    other = replace(ONE, step="s2", visit="v2", number=2)
    decision = LongestWaiting().next_for("bank-1", [other, ONE], NOW)
    assert decision is not None and decision.candidate.number == 1


def test_a_visitor_s_last_stop_is_said_to_be_the_last() -> None:
    """The clerk may wish them a good way home."""
    decision = LongestWaiting().next_for("bank-1", [replace(ONE, remaining=1)], NOW)
    assert decision is not None and decision.why.code == "last_stop"


def test_a_clock_that_was_set_back_does_not_make_a_negative_wait() -> None:
    """Machines' clocks are corrected during the day."""
    decision = LongestWaiting().next_for("bank-1", [replace(ONE, since=NOW + 5_000)], NOW)
    assert decision is not None and decision.why.params["minutes"] == 0


def test_a_reason_is_written_as_its_code_and_figures() -> None:
    """The form of the API and of the event log."""
    assert Why("priority", {"minutes": 4}).as_dict() == {"code": "priority", "minutes": 4}


_CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.uuids().map(str),
        st.uuids().map(str),
        st.integers(1, 5000),
        st.just("bank"),
        st.integers(NOW - 10**7, NOW),
        st.just("active"),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda c: c.number,
)


@given(_CANDIDATES)
def test_the_choice_does_not_depend_on_the_order_candidates_come_in(candidates: list[Candidate]) -> None:
    """Two counters of a service see the same queue."""
    shuffled = sorted(candidates, key=lambda c: c.visit)
    first = LongestWaiting().next_for("bank-1", candidates, NOW)
    second = LongestWaiting().next_for("bank-2", shuffled, NOW)
    assert first is not None and first == second
    assert not any(c.since < first.candidate.since for c in candidates)
