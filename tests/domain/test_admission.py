from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain.admission import (
    REASONS,
    Admission,
    CardFacts,
    DayFacts,
    VisitFacts,
    decide_card,
    decide_ticket,
)
from tests.support.venue import CLOSES, EVENT, OPENS, small_plan

PLAN = small_plan()
DAY = DayFacts("2019-12-27", OPENS, CLOSES, admitted=0, capacity=None)
CARD = CardFacts("active", EVENT, "active", "rabat-prefecture")
NOON = OPENS + 3 * 3_600_000


def decide(
    card: CardFacts | None = CARD, visit: VisitFacts | None = None, day: DayFacts | None = DAY, now: int = NOON
) -> Admission:
    """Decide about a card, by default a valid one at noon."""
    return decide_card(card, visit, day, PLAN, now)


def visit(state: str, day: str = DAY.id) -> VisitFacts:
    """Return a visit in a state."""
    return VisitFacts(day, state)


def test_a_valid_card_in_opening_hours_is_admitted() -> None:
    """The ordinary case carries no reason."""
    assert decide() == Admission("admitted")


def test_the_reasons_are_those_of_the_contract() -> None:
    """Devices and integrators rely on these words, no more and no fewer."""
    contract = "malformed_code, unknown_card, revoked_card, not_eligible, outside_hours, day_full, wrong_event"
    assert set(REASONS) == {
        *contract.split(", "), "visit_closed", "lost_in_restore", "card_out_of_date", "card_elsewhere",
        "codes_locked",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (None, "unknown_card"),
        (replace(CARD, event="journees-2018"), "wrong_event"),
        (replace(CARD, state="revoked"), "revoked_card"),
        (replace(CARD, state="lost"), "revoked_card"),
        (replace(CARD, state="revoked", in_date=False, elsewhere=True), "revoked_card"),
        (replace(CARD, in_date=False, elsewhere=True), "card_out_of_date"),
        (replace(CARD, elsewhere=True), "card_elsewhere"),
        (replace(CARD, category="guest"), "not_eligible"),
        (replace(CARD, category="a-category-the-plan-lacks"), "not_eligible"),
        (replace(CARD, unit="tangier-prefecture"), "not_eligible"),
        (replace(CARD, unit="a-unit-the-plan-lacks"), "not_eligible"),
    ],
)
def test_a_card_that_does_not_admit_is_refused_with_its_reason(card: CardFacts | None, reason: str) -> None:
    """Each fault of a card has its own reason."""
    assert decide(card) == Admission("refused", reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "outcome"),
    [(OPENS - 1, "refused"), (OPENS, "admitted"), (CLOSES - 1, "admitted"), (CLOSES, "refused")],
)
def test_doors_are_open_from_the_opening_moment_until_before_the_closing_one(now: int, outcome: str) -> None:
    """The first millisecond counts, the closing one does not."""
    decision = decide(now=now)
    assert decision.outcome == outcome
    assert decision.reason == ("outside_hours" if outcome == "refused" else None)


def test_without_an_open_day_nobody_is_admitted() -> None:
    """The day is what was opened, never today's date."""
    assert decide(day=None) == Admission("refused", "outside_hours")


@pytest.mark.parametrize(("admitted", "reason"), [(9, None), (10, "day_full"), (11, "day_full")])
def test_the_last_place_is_given_and_then_the_day_is_full(admitted: int, reason: str | None) -> None:
    """A capacity of ten admits the tenth."""
    assert decide(day=replace(DAY, admitted=admitted, capacity=10)).reason == reason


def test_a_day_without_capacity_is_never_full() -> None:
    """No limit is no limit."""
    assert decide(day=replace(DAY, admitted=10**6)).outcome == "admitted"


@pytest.mark.parametrize("state", ["choosing", "open"])
def test_who_is_inside_may_look_up_where_they_stand_at_any_hour_and_on_a_full_day(state: str) -> None:
    """Hours, capacity and eligibility hold for newcomers only."""
    full = replace(DAY, admitted=5, capacity=5)
    child_grown = replace(CARD, category="guest")
    for now in (OPENS - 1, NOON, CLOSES + 1):
        assert decide(child_grown, visit(state), full, now) == Admission("returning")


def test_who_has_left_is_not_let_in_again() -> None:
    """A visit that was ended stays ended."""
    assert decide(visit=visit("left")) == Admission("refused", "visit_closed")


def test_a_revoked_card_does_not_even_show_the_visit_that_was_begun_with_it() -> None:
    """Whoever found a lost card must not learn where its owner stands."""
    assert decide(replace(CARD, state="revoked"), visit("open")).reason == "revoked_card"


@given(
    card=st.none()
    | st.builds(
        CardFacts,
        st.sampled_from(["active", "revoked"]),
        st.sampled_from([EVENT, "journees-2018"]),
        st.sampled_from(["active", "guest"]),
        st.sampled_from(["rabat-prefecture", "tangier-prefecture"]),
    ),
    seen=st.none() | st.sampled_from([visit("choosing"), visit("open"), visit("left")]),
    day=st.none() | st.sampled_from([DAY, replace(DAY, admitted=3, capacity=3)]),
    now=st.sampled_from([OPENS - 1, NOON, CLOSES]),
)
def test_the_first_fault_in_the_order_of_checks_is_the_reason(
    card: CardFacts | None, seen: VisitFacts | None, day: DayFacts | None, now: int
) -> None:
    """Identity before eligibility, eligibility before hours, hours before capacity; a known visit skips the last."""
    new = seen is None
    faults = [
        ("unknown_card", card is None),
        ("wrong_event", card is not None and card.event != EVENT),
        ("revoked_card", card is not None and card.state != "active"),
        ("visit_closed", seen is not None and seen.state == "left"),
        ("not_eligible", new and card is not None and (card.category == "guest" or card.unit != "rabat-prefecture")),
        ("outside_hours", new and (day is None or now != NOON)),
        ("day_full", new and day is not None and day.capacity is not None),
    ]
    expected = next((reason for reason, present in faults if present), None)
    decision = decide(card, seen, day, now)
    assert decision.reason == expected
    assert decision.outcome == ("refused" if expected else "admitted" if new else "returning")


@pytest.mark.parametrize("state", ["choosing", "open"])
def test_a_ticket_leads_back_to_its_own_open_visit(state: str) -> None:
    """The ticket's code serves as well as the card."""
    assert decide_ticket(visit(state), DAY) == Admission("returning")


def test_a_ticket_of_no_visit_is_unknown() -> None:
    """A well-formed reference that was never given out."""
    assert decide_ticket(None, DAY) == Admission("refused", "unknown_card")


@pytest.mark.parametrize(
    ("seen", "day"), [(visit("left"), DAY), (visit("open", "2019-12-26"), DAY), (visit("open"), None)]
)
def test_a_ticket_of_another_day_or_an_ended_visit_leads_nowhere(seen: VisitFacts, day: DayFacts | None) -> None:
    """Yesterday's ticket and that of who has left are closed."""
    assert decide_ticket(seen, day) == Admission("refused", "visit_closed")
