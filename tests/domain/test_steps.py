from __future__ import annotations

import pytest

from checkin_server.domain import steps

ALLOWED = {
    ("call", "waiting"): "called",
    ("call", "headed"): "called",
    ("recall", "called"): "called",
    ("start", "called"): "serving",
    ("finish", "serving"): "served",
    ("no-show", "called"): "no_show",
    ("park", "called"): "parked",
    ("park", "serving"): "parked",
    ("resume", "parked"): "waiting",
    ("resume", "no_show"): "waiting",
    ("cancel", "waiting"): "cancelled",
    ("cancel", "headed"): "cancelled",
    ("cancel", "parked"): "cancelled",
    ("cancel", "no_show"): "cancelled",
}
ACTIONS = sorted({action for action, _ in ALLOWED})


@pytest.mark.parametrize("state", steps.STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_fits_the_states_of_the_table_and_no_other(action: str, state: str) -> None:
    """What does not fit is None, which the API answers as `wrong_state`."""
    assert steps.after(action, state) == ALLOWED.get((action, state))


@pytest.mark.parametrize("state", ["served", "transferred", "cancelled"])
def test_an_ended_stop_stays_ended(state: str) -> None:
    """No action leads out of what was served, handed on or dropped."""
    assert all(steps.after(action, state) is None for action in ACTIONS)


def test_a_visitor_who_is_being_served_is_never_called_or_dropped() -> None:
    """Only finishing and parking end a service."""
    assert [action for action in ACTIONS if steps.after(action, "serving")] == ["finish", "park"]


def test_every_state_is_either_open_or_ended() -> None:
    """Who is at a counter is spoken for, and who is spoken for is open."""
    assert set(steps.AT_COUNTER) < set(steps.PLACED) < set(steps.OPEN) < set(steps.STATES)
    assert set(steps.STATES) - set(steps.OPEN) == {"served", "no_show", "transferred", "cancelled"}


def test_an_unknown_action_is_an_error_and_not_a_refusal() -> None:
    """A misspelt action is our fault, not the visitor's."""
    with pytest.raises(KeyError):
        steps.after("finsh", "serving")


@pytest.mark.parametrize(
    ("misses", "limit", "state"),
    [(1, 2, "waiting"), (2, 2, "no_show"), (3, 2, "no_show"), (1, 1, "no_show"), (2, 3, "waiting")],
)
def test_a_missed_call_costs_no_place_until_the_limit(misses: int, limit: int, state: str) -> None:
    """People pray, queue elsewhere, do not hear."""
    assert steps.after_miss(misses, limit) == state
