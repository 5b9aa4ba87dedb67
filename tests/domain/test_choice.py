from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain import choice, steps
from checkin_server.domain.choice import Changes, Chosen
from checkin_server.domain.refusal import Refusal
from tests.support.venue import small_plan

PLAN = small_plan()
OFFERED = ["bank", "health", "enrolment", "advice"]


def chosen(**states: str) -> list[Chosen]:
    """Return steps by service and state."""
    return [Chosen(f"s_{service}", service, state) for service, state in states.items()]


def decide(have: list[Chosen], *wanted: str, category: str = "active") -> Changes | Refusal:
    """Decide about a choice of the small venue's services."""
    return choice.decide(PLAN, category, have, wanted)


def test_a_first_choice_adds_what_was_ticked_in_its_order() -> None:
    """The order is the visitor's own."""
    assert decide([], "health", "bank") == Changes(("health", "bank"), ())


def test_a_service_ticked_twice_is_wanted_once() -> None:
    """A double tap is not two visits to the bank."""
    assert decide([], "bank", "bank") == Changes(("bank",), ())


def test_what_is_wanted_already_is_left_as_it_is() -> None:
    """Ticking the same again changes nothing."""
    assert decide(chosen(bank="waiting"), "bank") == Changes((), ())


def test_what_is_no_longer_ticked_is_cancelled() -> None:
    """Adding and dropping are one choice."""
    assert decide(chosen(bank="waiting", health="waiting"), "health", "advice") == Changes(("advice",), ("s_bank",))


@pytest.mark.parametrize("state", ["headed", "parked", "no_show"])
def test_a_stop_that_is_headed_for_parked_or_missed_can_be_dropped(state: str) -> None:
    """Only a counter that is waiting or busy with the visitor keeps a stop."""
    assert decide(chosen(bank=state), "health") == Changes(("health",), ("s_bank",))


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_stop_cannot_be_dropped_while_a_counter_has_the_visitor(state: str) -> None:
    """The refusal says which service and in which state it is."""
    answer = decide(chosen(bank=state, health="waiting"), "health")
    assert answer == Refusal("wrong_state", {"state": state, "service": "bank"})


def test_what_was_served_stays_served() -> None:
    """Ticked or not, a service that was given is neither asked for again nor taken back."""
    assert decide(chosen(bank="served"), "bank", "health") == Changes(("health",), ())
    assert decide(chosen(bank="served"), "health") == Changes(("health",), ())


def test_what_was_cancelled_can_be_wanted_again_as_a_new_stop() -> None:
    """Changing one's mind twice is allowed; the new stop waits from then on."""
    assert decide(chosen(bank="cancelled"), "bank") == Changes(("bank",), ())


def test_choosing_nothing_is_refused() -> None:
    """Who wants nothing any more leaves."""
    assert decide(chosen(bank="waiting")) == Refusal("no_services")


@pytest.mark.parametrize(
    ("service", "category", "reason"),
    [
        ("hairdresser", "active", "unknown_service"),
        ("telecom", "active", "service_closed"),
        ("school", "retired", "not_eligible"),
    ],
)
def test_a_service_that_cannot_be_given_is_refused_by_name(service: str, category: str, reason: str) -> None:
    """The screen can say which one and why."""
    answer = decide([], service, category=category)
    assert answer == Refusal("services_refused", {"refused": [{"service": service, "reason": reason}]})


def test_a_service_for_some_categories_is_given_to_them() -> None:
    """The school's counter is for the active and for children."""
    assert decide([], "school", category="child") == Changes(("school",), ())


def test_one_refused_service_refuses_the_whole_choice_and_names_every_fault() -> None:
    """A screen never shows a half-taken choice."""
    answer = decide([], "bank", "hairdresser", "telecom")
    assert isinstance(answer, Refusal)
    assert [(r["service"], r["reason"]) for r in answer.params["refused"]] == [
        ("hairdresser", "unknown_service"),
        ("telecom", "service_closed"),
    ]


def test_a_service_that_closed_after_it_was_chosen_may_stay_chosen() -> None:
    """Adding another service must not fail for one that was accepted before."""
    assert decide(chosen(telecom="waiting"), "telecom", "bank") == Changes(("bank",), ())


_SERVICES = st.sampled_from([*OFFERED, "school", "telecom", "hairdresser"])


@given(
    st.dictionaries(st.sampled_from(OFFERED), st.sampled_from(steps.STATES)),
    st.lists(_SERVICES, max_size=5),
    st.sampled_from(["active", "retired", "child"]),
)
def test_a_choice_is_taken_wholly_or_not_at_all(have: dict[str, str], wanted: list[str], category: str) -> None:
    """After an accepted choice exactly what is wanted is open, beside what was given or missed before."""
    answer = decide(chosen(**have), *wanted, category=category)
    if isinstance(answer, Refusal):
        assert answer.code in ("no_services", "services_refused", "wrong_state")
        return
    kept = {s for s, state in have.items() if state in steps.OPEN and f"s_{s}" not in answer.cancel}
    assert kept.isdisjoint(answer.add), "nothing is wanted twice"
    done = {s for s, state in have.items() if state in ("served", "no_show")}
    assert (kept | set(answer.add)) - done == set(wanted) - done
    for step in answer.cancel:
        assert steps.after("cancel", have[step.removeprefix("s_")]) == "cancelled"


def test_a_missed_service_that_is_ticked_again_comes_back() -> None:
    """Whoever was given up after missed calls and stands at a kiosk is there: the step waits again."""
    assert decide(chosen(bank="no_show", health="waiting"), "bank", "health") == Changes((), (), ("s_bank",))
