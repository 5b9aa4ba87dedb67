"""Who comes to a counter by themselves: which of their stops is meant."""

from __future__ import annotations

import pytest

from checkin_server.domain.turns import Stop, meant


def stop(service: str, state: str, since: int) -> Stop:
    """A stop of a visitor's."""
    return Stop(service, service, state, since, called_before=False)


@pytest.mark.parametrize("state", ["called", "headed"])
def test_who_was_called_or_sent_is_meant_before_what_has_waited_longer(state: str) -> None:
    """They come because they were told to."""
    assert meant([stop("a", "waiting", 1), stop("b", state, 9)], ("a", "b")) == stop("b", state, 9)


@pytest.mark.parametrize("state", ["parked", "no_show"])
def test_what_was_set_aside_or_missed_is_meant_last(state: str) -> None:
    """However long ago it was asked for."""
    assert meant([stop("a", state, 1), stop("b", "waiting", 9)], ("a", "b")) == stop("b", "waiting", 9)


def test_of_what_waits_the_one_that_has_waited_longest_is_meant() -> None:
    """Among those that the counter gives, and only those."""
    stops = [stop("a", "waiting", 5), stop("b", "waiting", 3), stop("c", "waiting", 1)]
    assert meant(stops, ("a", "b")) == stop("b", "waiting", 3)
    assert meant(stops, ("a", "b"), "a") == stop("a", "waiting", 5)
    assert meant(stops, ("d",)) is None


@pytest.mark.parametrize("state", ["serving", "served", "transferred", "cancelled"])
def test_what_is_under_way_or_over_is_not_meant(state: str) -> None:
    """The visitor may still have come for something else."""
    assert meant([stop("a", state, 1)], ("a",)) is None
