"""Last tickets, by an organiser's word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkin_server.services.day import open_and_close
from checkin_server.services.day.last_tickets import Wish, decide
from checkin_server.services.venue import Actor
from tests.services.routing.hall_at_work import again, floor_of
from tests.support.shown import dashboard, kiosk
from tests.support.venue import MINUTE, Site, accepted, new_id, refused

ORGANIZER = Actor("d_organizer", "organizer", "dashboard")


def rule(site: Site, rule: str, service: str = "bank", **wish: Any) -> dict[str, Any]:
    """Decide about a service's last tickets."""
    return accepted(decide(site.venue, ORGANIZER, service, new_id(), Wish(rule, "the partner leaves early", **wish)))


def tile(site: Site, service: str = "bank") -> dict[str, Any]:
    """Return a kiosk's tile."""
    return next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == service)


def ask(site: Site, *services: str) -> bool:
    """Whether a new visitor gets these services."""
    answer = site.choose(site.scan(site.newcomer().code)["visit"]["id"], *services)
    if not isinstance(answer, dict):
        assert refused(answer).params["refused"][0]["reason"] == "no_more_tickets"
    return isinstance(answer, dict)


def test_an_organiser_takes_so_many_more_and_not_one_too_many(site: Site) -> None:
    """The tile counts down; a ticket given back is a place again; a restart knows it."""
    site.press("bank-1", "open")
    first = site.visitor("bank")["id"]
    rule(site, "more", places=2)
    assert (tile(site)["closing"], tile(site)["accepting"], tile(site)["places_left"]) == (True, True, 2)
    assert ask(site, "bank") and ask(site, "bank") and not ask(site, "bank")
    assert (tile(site)["accepting"], tile(site)["places_left"]) == (False, 0)
    assert not ask(Site(again(site), site.clock, crowd=site.crowd[30:]), "bank")
    accepted(site.visit_does("leave", first))
    assert ask(site, "bank") and not ask(site, "bank")


def test_an_organiser_stops_and_takes_it_back(site: Site) -> None:
    """With why in the log; other services go on, and what was given out stays."""
    site.press("bank-1", "open")
    kept = site.visitor("bank", "health")["id"]
    rule(site, "stop")
    assert not ask(site, "bank") and ask(site, "health")
    accepted(site.choose(kept, "bank"))
    assert (tile(site)["accepting"], tile(site, "health")["accepting"]) == (False, True)
    (service,) = (s for s in dashboard.snapshot(site.venue, dict, frozenset())["services"] if s["id"] == "bank")
    assert service["ruling"]["rule"] == "stop" and service["ruling"]["reason"] == "the partner leaves early"
    rule(site, "automatic")
    assert ask(site, "bank") and tile(site)["accepting"] and not tile(site)["closing"]
    rows = site.rows("SELECT service, device, data FROM event WHERE kind = 'last_tickets_set' ORDER BY seq")
    assert [(r["service"], r["device"], json.loads(r["data"])["rule"]) for r in rows] == [
        ("bank", "d_organizer", "stop"),
        ("bank", "d_organizer", "automatic"),
    ]


def test_an_organiser_takes_visitors_until_a_time_whatever_the_look_ahead_promises(site: Site) -> None:
    """Half an hour before closing one counter has no places left; the partner stays longer."""
    site.press("bank-1", "open")
    site.clock.set(site.clock.now() + 8 * 60 * MINUTE + 40 * MINUTE)
    for _ in range(3):
        ask(site, "bank")
    assert not tile(site)["accepting"]
    until = site.clock.now() + 10 * MINUTE
    rule(site, "more", until=until)
    assert (tile(site)["accepting"], tile(site)["closing"], tile(site)["places_left"]) == (True, True, None)
    assert ask(site, "bank")
    site.wait(10)
    assert not ask(site, "bank") and not tile(site)["accepting"]


def test_a_word_about_last_tickets_is_refused_for_what_is_not_there(site: Site) -> None:
    """An unknown service, a time that has passed or lies behind closing, no open day; the same id is one command."""
    wish = Wish("stop", "rain")
    now = site.clock.now()
    assert refused(decide(site.venue, ORGANIZER, "barber", new_id(), wish)).code == "unknown_service"
    for until in (now, now + 10 * 60 * MINUTE):
        late = Wish("more", "rain", until=until)
        assert refused(decide(site.venue, ORGANIZER, "bank", new_id(), late)).code == "wrong_time"
    same = new_id()
    for _ in range(2):
        accepted(decide(site.venue, ORGANIZER, "bank", same, wish))
    assert site.events().count("last_tickets_set") == 1
    assert refused(decide(site.venue, ORGANIZER, "bank", same, Wish("stop", "snow"))).code == "id_reused"
    open_and_close.close_day(site.venue)
    assert refused(decide(site.venue, ORGANIZER, "bank", new_id(), wish)).code == "wrong_state"


def test_a_family_that_stays_together_is_expected_to_take_longer(site: Site) -> None:
    """One and six tenths for the second person; alone if they go apart."""
    from tests.support.venue import FAMILY

    visit = site.scan(FAMILY[0].code)["visit"]["id"]
    accepted(site.choose(visit, "bank", party=[FAMILY[0].id, FAMILY[1].id]))
    assert floor_of(site.venue).visits[visit].factor == pytest.approx(1.6)
    accepted(site.choose(visit, "bank", party=[FAMILY[0].id, FAMILY[1].id], keep_together=False))
    assert floor_of(site.venue).visits[visit].factor == 1.0


def test_yesterdays_last_tickets_are_not_this_mornings(site: Site) -> None:
    """A second day that is opened in the same process: nobody is refused for what was foretold of the first."""
    site.press("bank-1", "open")
    site.clock.set(site.plan.days[0].closes_at - MINUTE)
    site.venue.router.tick(site.clock.now())
    assert site.venue.router.prospect(site.clock.now()).full("bank")
    open_and_close.close_day(site.venue)
    site.open_day(1)
    assert not site.venue.router.prospect(site.clock.now()).full("bank")
    site.clock.set(site.plan.days[1].opens_at)
    assert site.visitor("bank")["number"] == 1
