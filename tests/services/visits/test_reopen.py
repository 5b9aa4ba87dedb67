"""Leaving by mistake has a way back: number, places and times of asking are as before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer
from checkin_server.services.reports.fairness import FairnessWatch
from checkin_server.services.venue import Actor
from checkin_server.services.visits.apart import Group
from checkin_server.services.visits.check_in import check_in
from checkin_server.services.visits.reopen import reopen
from tests.services.routing.hall_at_work import floor_of, tick
from tests.support.venue import FAMILY, Site, accepted, new_id, refused

DESK = Actor("d_desk", "welcome", "desk", "u_salma")


def back(site: Site, visit: str, actor: Actor | None = None, **how: Any) -> Answer | Refusal:
    """Open a visit again, by default at the kiosk."""
    return reopen(site.venue, actor or site.kiosk, visit, new_id(), **how)


def kept(visit: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what a visit must have again."""
    return sorted((step["id"], step["service"], step["state"], step["since"]) for step in visit["steps"])


def test_who_left_by_mistake_has_number_and_places_again_before_those_who_came_meanwhile(site: Site) -> None:
    """Times of asking are as before: nobody who came later is called first."""
    before = site.visitor("bank")
    site.wait(1)
    later = site.visitor("bank")
    accepted(site.visit_does("leave", before["id"]))
    site.wait(1)
    again = accepted(back(site, before["id"]))
    assert (again["number"], again["state"]) == (before["number"], "open")
    assert kept(again) == kept(before)
    assert site.look(before["id"]) == again
    called = site.press("bank-1", "open", "call-next")
    assert (called["visit"]["number"], later["number"]) == (before["number"], 2)
    assert "visit_reopened" in site.events() and site.problems() == []


def test_what_was_missed_or_set_aside_is_that_again_and_what_was_had_stays_had(site: Site) -> None:
    """Leaving had made one state of three."""
    visit = site.visitor("bank", "health", "advice")["id"]
    site.press("desk-1", "open", "call-next", "start", "finish")
    site.press("bank-1", "open", "call-next", "park")
    site.press("health-1", "open")
    for _ in range(site.plan.missed_limit):
        site.press("health-1", "call-next", "no-show")
        site.wait(site.plan.missed_rest_minutes)
    was = {step["service"]: step["state"] for step in site.look(visit)["steps"]}
    assert was == {"advice": "served", "bank": "parked", "health": "no_show"}
    accepted(site.visit_does("leave", visit))
    assert {step["service"]: step["state"] for step in accepted(back(site, visit))["steps"]} == was
    assert site.problems() == []


def test_a_kiosk_opens_it_for_two_minutes_and_the_desk_while_the_day_is_open(site: Site) -> None:
    """Later somebody looks at who asks."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("leave", visit))
    site.wait(2)
    assert accepted(back(site, visit))["state"] == "open", "to the second"
    accepted(site.visit_does("leave", visit))
    site.wait(2.1)
    assert refused(back(site, visit)).code == "too_late"
    assert site.look(visit)["state"] == "left", "nothing was changed"
    site.wait(60)
    assert accepted(back(site, visit, DESK))["state"] == "open"
    staff = site.one("SELECT staff FROM event WHERE kind = 'visit_reopened' ORDER BY seq DESC LIMIT 1")
    assert staff == "u_salma"


def test_only_what_has_left_is_opened_again_and_each_command_once(site: Site) -> None:
    """Whoever is inside needs no way back."""
    visit = site.visitor("bank")["id"]
    assert refused(back(site, visit)).params["state"] == "open"
    assert refused(back(site, "V" + "B" * 32)).code == "unknown_visit"
    accepted(site.visit_does("leave", visit))
    command = new_id()
    first = accepted(reopen(site.venue, site.kiosk, visit, command))
    assert reopen(site.venue, site.kiosk, visit, command) == first
    assert site.events().count("visit_reopened") == 1


def test_a_visit_without_a_number_goes_on_choosing(site: Site) -> None:
    """It had left before it chose anything."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    accepted(site.visit_does("leave", visit))
    assert accepted(back(site, visit))["state"] == "choosing"
    assert accepted(site.choose(visit, "bank"))["number"] == 1


def test_a_family_that_left_together_comes_back_together(site: Site) -> None:
    """Each with its own number; who had left before stays away."""
    mother, father, child = FAMILY
    card = site.scan(mother.code)["visit"]["id"]
    groups = (Group((father.id,), ("health",)), Group((child.id,), ("bank",)))
    chosen = accepted(site.choose(card, "bank", party=(mother.id,), keep_together=False, apart=groups))
    one, other = (visit["id"] for visit in chosen["family"])
    accepted(site.visit_does("leave", other))
    site.wait(0.5)
    accepted(site.visit_does("leave", card, family=True))
    assert accepted(back(site, card, family=True))["state"] == "open"
    assert (site.look(one)["state"], site.look(other)["state"]) == ("open", "left")
    assert site.problems() == []


def test_the_router_and_the_fairness_report_have_the_visit_again(site: Site) -> None:
    """What is in memory follows the log: who was passed over meanwhile is counted from the old time of asking."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    visit = site.visitor("bank", "health")["id"]
    accepted(site.visit_does("leave", visit))
    assert visit not in floor_of(site.venue).visits
    accepted(back(site, visit))
    tick(site)
    floor = floor_of(site.venue)
    assert {step.service for step in floor.visits[visit].steps.values()} == {"bank", "health"}
    site.press("bank-1", "finish")
    assert site.press("bank-1", "call-next")["visit"]["id"] == visit
    report = FairnessWatch(site.venue).now(site.one("SELECT id FROM service_day"))
    assert report["held"] and report["choices"] >= 2


def test_a_visit_that_left_under_an_older_release_waits_for_all_it_gave_up(site: Site) -> None:
    """Its event did not say what that was."""
    before = site.visitor("bank", "health")
    accepted(site.visit_does("leave", before["id"]))
    site.db.write(lambda tx: tx.run(text("UPDATE event SET data = '{}' WHERE kind = 'visit_left'")))
    assert kept(accepted(back(site, before["id"]))) == kept(before)


def test_a_card_shown_again_says_whether_the_visit_may_be_opened_from_there(site: Site) -> None:
    """For two minutes at a kiosk; at the desk all day; the refusal itself stays as it is."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)["id"]
    accepted(site.visit_does("leave", visit))
    for code in (person.code, visit):
        answer = site.scan(code)
        assert (answer["outcome"], answer["reason"], answer["visit"]) == ("refused", "visit_closed", None)
        assert answer["reopens"] == visit
    site.wait(2.1)
    assert "reopens" not in site.scan(person.code)
    shown = accepted(check_in(site.venue, DESK, new_id(), person.code))
    assert shown["reopens"] == visit
