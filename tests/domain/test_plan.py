from __future__ import annotations

from tests.support.venue import small_plan

PLAN = small_plan()


def test_a_service_is_in_the_zone_of_its_booth() -> None:
    """Signs, boards and tickets all say this zone."""
    assert PLAN.zone_of("bank") == "B"
    assert PLAN.zone_of("advice") == "A"


def test_a_service_knows_every_counter_that_gives_it() -> None:
    """In the plan's order; a counter may give several services."""
    assert [c.id for c in PLAN.counters_of("bank")] == ["bank-1", "bank-2"]
    assert [c.id for c in PLAN.counters_of("advice")] == [c.id for c in PLAN.counters_of("enrolment")] == ["desk-1"]
    assert PLAN.counters_of("telecom") == []


def test_an_offer_for_some_categories_is_shown_to_them_only() -> None:
    """A partner's agreement says whom it is for; without categories it is for everybody."""
    assert [o.id for o in PLAN.offers_for("school", "child")] == ["fees"]
    assert PLAN.offers_for("school", "active") == []
    assert [o.id for o in PLAN.offers_for("bank", "widowed")] == ["loan"]
    assert PLAN.offers_for("health", "active") == []


def test_a_venue_is_named_after_the_city_of_the_tour_it_stands_in() -> None:
    """The ticket says the city in the visitor's language."""
    assert PLAN.city_name["en"] == "Rabat"
