"""A service or counter is taken out of the plan in the middle of the day: who had it is shown, by its old name."""

from __future__ import annotations

import pytest

from checkin_server.services.day.open_and_close import close_day
from checkin_server.services.plans import in_force
from tests.support.shown import board, counter, dashboard, kiosk, welcome
from tests.support.venue import Site, accepted, restarted, small_plan


@pytest.fixture
def changed(site: Site) -> Site:
    """A site whose visitors wait for, are called to and were served by what is not in the plan any more."""
    in_force.begin(site.venue)
    for services in (("health", "bank"), ("bank",), ("health",), ("bank",)):
        site.visitor(*services)
    site.press("health-1", "open", "call-next", "start", "finish", "call-next")
    site.press("bank-1", "open", "call-next")
    full = small_plan()
    plan = small_plan(
        services={name: service for name, service in full.services.items() if name != "health"},
        counters={name: c for name, c in full.counters.items() if name not in ("health-1", "bank-1")},
        booths={name: booth for name, booth in full.booths.items() if name != "health"},
        zones={name: zone for name, zone in full.zones.items() if name != "C"},
        offers=(),
    )
    return restarted(site, plan)[0]


def test_every_screen_is_still_made_and_boards_call_nobody_to_what_is_gone(changed: Site) -> None:
    """Also those that show who is called: nobody stands at a counter that is gone."""
    venue = changed.venue
    for name in venue.plan.boards:
        assert {call["counter"] for call in board.snapshot(venue, name)["calls"]}.isdisjoint({"bank-1"})
    for name in venue.plan.counters:
        counter.snapshot(venue, name)
    assert "health" not in {tile["id"] for tile in kiosk.snapshot(venue)["services"]}
    welcome.snapshot(venue, dict)


def test_the_dashboard_keeps_the_figures_of_what_is_gone_and_says_who_waits_for_it(changed: Site) -> None:
    """The service comes last; who still waits for it is trouble, by the service's id."""
    shown = dashboard.snapshot(changed.venue, dict, frozenset())
    gone = shown["services"][-1]
    assert (gone["id"], gone["served"], gone["waiting"], gone["counters"]) == ("health", 1, 1, 0)
    assert shown["served"] == 1 and shown["being_served"] == 0
    assert {"code": "service_gone", "service": "health", "waiting": 1} in shown["trouble"]


def test_the_dashboard_shows_the_next_day_though_a_minute_ago_somebody_waited_for_what_is_gone(changed: Site) -> None:
    """What would help there was thought of before the day ended; the new day has nothing of that service."""
    changed.press("bank-2", "open")
    dashboard.snapshot(changed.venue, dict, frozenset())
    assert "health" in {advice.service for advice in changed.venue.router.foretelling.advice(changed.clock.now())}
    close_day(changed.venue, now=True)
    changed.open_day(1)
    shown = dashboard.snapshot(changed.venue, dict, frozenset())
    assert shown["day"] is not None and shown["day"]["id"] == changed.plan.days[1].id and shown["advice"] == []


def test_visitors_see_their_route_and_may_drop_what_is_gone(changed: Site) -> None:
    """The stop stands where it stood; everything else goes on."""
    visits = [row["id"] for row in changed.rows("SELECT id FROM visit ORDER BY number")]
    for visit in visits:
        for step in changed.look(visit)["steps"]:
            assert (step["booth"], step["zone"]) == (("health", "C") if step["service"] == "health" else ("bank", "B"))
    assert changed.plan.booth("health").name["en"] == "Health"
    accepted(changed.visit_does("reprint", visits[0]))
    spec = changed.one("SELECT spec FROM print_job ORDER BY created_at DESC, id LIMIT 1")
    assert "Health" in spec and '"zone":{"id":"C","shape":"star"}' in spec
    assert changed.press("bank-2", "open", "call-next")["outcome"] == "called"


def test_whoever_was_served_at_what_is_gone_may_still_say_how_it_was(changed: Site) -> None:
    """A score for a service that the plan had earlier is kept; one that it never had is refused."""
    from checkin_server.services.visits import actions

    visit = changed.one("SELECT visit FROM step WHERE state = 'served'")
    for service, kept in (("health", True), ("never", False)):
        said = actions.give_feedback(changed.venue, changed.kiosk, visit, f"c-{service}", {"scores": {service: 5}})
        assert isinstance(said, dict) is kept
