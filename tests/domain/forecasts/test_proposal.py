"""The order that is proposed before somebody takes a number."""

from __future__ import annotations

from checkin_server.domain.forecasts.proposal import Candidate, propose
from checkin_server.domain.waits import Wait

SHORT, MIDDLE, LONG = Wait(60, 120), Wait(600, 900), Wait(1800, 2400)


def said(*candidates: Candidate) -> list[tuple[str, str]]:
    """Return services and reasons, in the proposed order."""
    return [(leg.service, leg.why) for leg in propose(candidates)]


def test_the_shortest_wait_comes_first_and_the_others_while_one_waits_for_them() -> None:
    """One stands in all the queues at the same time."""
    assert said(Candidate("bank", LONG), Candidate("health", SHORT), Candidate("telecoms", MIDDLE)) == [
        ("health", "soonest"),
        ("telecoms", "meanwhile"),
        ("bank", "meanwhile"),
    ]


def test_equal_waits_keep_the_order_of_ticking() -> None:
    """Nothing is shuffled without a reason."""
    assert [service for service, _ in said(Candidate("b", SHORT), Candidate("a", SHORT))] == ["b", "a"]


def test_a_stop_without_a_counter_comes_last_and_says_so() -> None:
    """Its time is unknown; no time is made up."""
    legs = propose([Candidate("bank", None), Candidate("health", LONG)])
    assert [(leg.service, leg.why, leg.wait) for leg in legs] == [
        ("health", "soonest", LONG),
        ("bank", "no_counter", None),
    ]


def test_a_stop_that_needs_another_waits_for_it_however_short_its_queue() -> None:
    """Enrolment before the bank, if both are wanted; alone the bank needs nothing."""
    legs = propose([Candidate("bank", SHORT, after=("enrolment",)), Candidate("enrolment", LONG)])
    assert [(leg.service, leg.why, leg.first) for leg in legs] == [
        ("enrolment", "soonest", None),
        ("bank", "after", "enrolment"),
    ]
    assert said(Candidate("bank", SHORT, after=("enrolment",))) == [("bank", "only_stop")]


def test_a_circle_of_needs_still_gives_a_route() -> None:
    """A plan that asks for the impossible stops nobody."""
    legs = propose([Candidate("a", LONG, after=("b",)), Candidate("b", SHORT, after=("a",))])
    assert [leg.service for leg in legs] == ["b", "a"]
