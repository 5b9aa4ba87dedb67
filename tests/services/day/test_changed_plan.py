"""A service or counter is taken out of the plan in the middle of the day: who had it is still shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from checkin_server.services.hall import HallWatch
from tests.support.shown import board, counter, dashboard, kiosk
from tests.support.venue import Site, accepted, small_plan


@pytest.fixture
def changed(site: Site) -> Site:
    """A site whose visitors wait for, are called to and were served by what is not in the plan any more."""
    for services in (("health", "bank"), ("bank",), ("health",), ("bank",)):
        site.visitor(*services)
    site.press("health-1", "open", "call-next", "start", "finish", "call-next")
    site.press("bank-1", "open", "call-next")
    full = small_plan()
    plan = small_plan(
        services={name: service for name, service in full.services.items() if name != "health"},
        counters={name: c for name, c in full.counters.items() if name not in ("health-1", "bank-1")},
        offers=(),
    )
    site.venue = replace(site.venue, plan=plan, hall=HallWatch(plan, site.db))
    return site


def test_every_screen_is_still_made(changed: Site) -> None:
    """Also those that show the calls of counters that are gone."""
    venue = changed.venue
    for name in venue.plan.boards:
        assert {call["counter"] for call in board.snapshot(venue, name)["calls"]}.isdisjoint({"health-1", "bank-1"})
    for name in venue.plan.counters:
        json.dumps(counter.snapshot(venue, name))
    assert "health" not in {row["id"] for row in dashboard.snapshot(venue, dict, frozenset())["services"]}
    assert "health" not in {tile["id"] for tile in kiosk.snapshot(venue)["services"]}


def test_visitors_see_their_route_and_may_drop_what_is_gone(changed: Site) -> None:
    """The stop has its service's id and no place; everything else goes on."""
    visits = [row["id"] for row in changed.rows("SELECT id FROM visit ORDER BY number")]
    for visit in visits:
        for step in changed.look(visit)["steps"]:
            assert (step["booth"], step["zone"]) == (("", "") if step["service"] == "health" else ("bank", "B"))
    accepted(changed.visit_does("reprint", visits[0]))
    assert changed.press("bank-2", "open", "call-next")["outcome"] == "called"
