"""The router inside the product: on both databases, in one transaction with what made it necessary."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from checkin_server.domain.plan import Category
from tests.services.conftest import MakeSite
from tests.services.routing.hall_at_work import states, tick
from tests.support.shown import board, counter
from tests.support.venue import Site, accepted, small_plan


def test_who_comes_while_a_counter_is_idle_is_sent_there_at_once(site: Site) -> None:
    """The answer to the choice says where to go, the board shows the number, and the counter calls them."""
    site.press("bank-1", "open")
    visit = site.visitor("bank")
    assert (visit["next"]["kind"], visit["next"]["zone"], visit["next"]["counter"]) == ("go", "B", None)
    assert visit["next"]["expected_wait"] is not None
    assert visit["steps"][0]["state"] == "headed"
    assert board.snapshot(site.venue, "hall")["headed"] == [{"zone": "B", "numbers": [1]}]
    assert [(e["number"], e["state"]) for e in counter.snapshot(site.venue, "bank-1")["queue"]] == [(1, "headed")]
    called = site.press("bank-1", "call-next")
    assert called["visit"]["number"] == 1
    assert site.events()[-1] == "visitor_called"


def test_a_ready_area_holds_few_and_is_filled_again_by_each_call(site: Site) -> None:
    """Most wait where they like; whose last stop it is, one or two stand ready beside the one who is called."""
    site.press("bank-1", "open")
    ids = [site.visitor("bank")["id"] for _ in range(6)]
    sent = [states(site, visit)["bank"] for visit in ids].count("headed")
    assert 1 <= sent <= 3
    site.press("bank-1", "call-next", "start", "finish", "call-next")
    assert 1 <= [states(site, visit)["bank"] for visit in ids].count("headed") <= 3


def test_a_service_that_loses_its_last_counter_releases_who_was_sent(site: Site) -> None:
    """They are sent elsewhere in the same transaction, or wait where they are."""
    site.press("bank-1", "open")
    only, both = site.visitor("bank")["id"], site.visitor("bank", "health")["id"]
    assert states(site, both)["bank"] == "headed"
    site.press("health-1", "open")
    site.press("bank-1", "pause")
    assert states(site, only) == {"bank": "waiting"}
    assert states(site, both) == {"bank": "waiting", "health": "headed"}
    released = site.rows("SELECT data FROM event WHERE kind = 'visitor_released' ORDER BY seq")
    assert [json.loads(row["data"])["reason"] for row in released] == ["no_counter", "no_counter"]
    assert site.problems() == []


@pytest.mark.parametrize("action", ["hold", "leave"])
def test_who_is_on_the_way_may_hold_or_leave(site: Site, action: str) -> None:
    """The place in the ready area goes to the next."""
    site.press("bank-1", "open")
    ids = [site.visitor("bank")["id"] for _ in range(4)]
    accepted(site.visit_does(action, ids[0]))
    assert states(site, ids[0])["bank"] == ("waiting" if action == "hold" else "cancelled")
    assert site.press("bank-1", "call-next")["visit"]["number"] == 2
    assert site.problems() == []


def test_a_dropped_stop_is_dropped_although_its_visitor_is_on_the_way(site: Site) -> None:
    """They are free for the stops they still want."""
    site.press("bank-1", "open")
    visit = site.visitor("bank", "health")["id"]
    site.press("health-1", "open")
    accepted(site.choose(visit, "health"))
    assert states(site, visit) == {"bank": "cancelled", "health": "headed"}
    assert site.problems() == []


def test_the_end_of_a_hold_sends_without_anybody_pressing_a_button(site: Site) -> None:
    """The tick does it; before its time it does not."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", visit, minutes=10))
    site.press("bank-1", "open")
    site.wait(9)
    tick(site)
    assert states(site, visit)["bank"] == "waiting"
    site.wait(1)
    tick(site)
    assert states(site, visit)["bank"] == "headed"


def test_a_tick_that_changes_nothing_writes_nothing(site: Site) -> None:
    """Once a second all day."""
    site.press("bank-1", "open")
    for _ in range(3):
        site.visitor("bank")
    tick(site)
    before = site.everything()
    tick(site)
    assert site.everything() == before


def test_a_stop_that_comes_after_another_waits_for_it(new_site: MakeSite) -> None:
    """Advice only after enrolment, for who wants both."""
    full = small_plan()
    services = {**full.services, "advice": replace(full.services["advice"], after=("health",))}
    with new_site(plan=small_plan(services=services)) as site:
        site.press("desk-1", "open")
        both = site.visitor("advice", "health")["id"]
        alone = site.visitor("advice")["id"]
        assert (states(site, both)["advice"], states(site, alone)["advice"]) == ("waiting", "headed")
        accepted(site.visit_does("leave", alone))
        assert states(site, both) == {"advice": "waiting", "health": "waiting"}
        site.press("health-1", "open", "call-next", "start", "finish")
        assert states(site, both)["advice"] == "headed"


def test_priority_comes_first_and_says_why(new_site: MakeSite) -> None:
    """A head start of thirty minutes, in the answer and in the log."""
    retired = Category("retired", {"en": "Retired"}, head_start_minutes=30)
    with new_site(plan=small_plan(categories={**small_plan().categories, "retired": retired})) as site:
        people = {person.category: person for person in site.crowd}
        for _ in range(2):
            site.visitor("bank", person=next(p for p in site.crowd if p.category == "active" and not _seen(site, p.id)))
        site.wait(5)
        site.visitor("bank", person=people["retired"])
        site.press("bank-1", "open")
        site.wait(3)
        called = site.press("bank-1", "call-next")
        assert (called["visit"]["number"], called["why"]["code"], called["why"]["head_start"]) == (3, "priority", 30)
        (event,) = site.rows("SELECT data FROM event WHERE kind = 'visitor_sent' AND number = 3")
        assert json.loads(event["data"])["head_start"] == 30


def _seen(site: Site, member: str) -> bool:
    return bool(site.rows("SELECT visit FROM visit_member WHERE member = :m", m=member))
