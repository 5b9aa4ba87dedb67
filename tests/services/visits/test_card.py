"""What a kiosk does and shows only for who has just shown the visit's card there; a ticket is a bearer paper."""

from __future__ import annotations

from typing import Any

import pytest

from checkin_server.domain.card import FRESH_MS
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor
from checkin_server.services.visits import actions, check_in, choose
from checkin_server.services.visits.apart import Group
from tests.support.venue import FAMILY, MINUTE, Site, accepted, new_id, refused

MOTHER, FATHER, CHILD = FAMILY
K1, K2 = Actor("d_kiosk", "kiosk", "K1"), Actor("d_other", "kiosk", "K2")
DESK = Actor("d_desk", "welcome", "desk", "u_salma")
FRESH = FRESH_MS / MINUTE


def scan(site: Site, code: str, at: Actor = K1) -> Answer:
    """Show a card or a ticket somewhere."""
    return accepted(check_in.check_in(site.venue, at, new_id(), code))


def want(site: Site, visit: str, *services: str, at: Actor = K1) -> Answer | Refusal:
    """Choose services somewhere."""
    return choose.choose(site.venue, at, visit, new_id(), choose.Choice(services))


def leave(site: Site, visit: str, at: Actor = K1, *, family: bool = False) -> Answer | Refusal:
    """End a visit somewhere."""
    return actions.leave(site.venue, at, visit, new_id(), family=family)


def test_a_found_ticket_ends_nobodys_visit_and_changes_nobodys_services(site: Site) -> None:
    """Nothing is changed, nothing is told but the answer; what keeps or brings back needs no card."""
    visit = site.visitor("bank")["id"]
    scan(site, visit, K2)
    before = site.everything()
    assert refused(leave(site, visit, K2)).code == "card_needed"
    assert refused(want(site, visit, "health", at=K2)).code == "card_needed"
    assert site.everything() == before
    accepted(actions.hold(site.venue, K2, visit, new_id(), 10))
    accepted(actions.resume(site.venue, K2, visit, new_id()))
    accepted(actions.reprint(site.venue, K2, visit, new_id()))
    assert accepted(leave(site, visit, DESK))["state"] == "left", "the desk helps who has no card"


@pytest.mark.parametrize("act", [leave, lambda site, visit, at=K1: want(site, visit, "health", at=at)])
def test_the_card_counts_for_three_minutes_where_it_was_shown(site: Site, act: Any) -> None:
    """At another kiosk it must be shown again, and then no more at the first."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)["id"]
    site.wait(FRESH + 0.1)
    assert refused(act(site, visit)).code == "card_needed"
    scan(site, person.code, K2)
    assert refused(act(site, visit)).code == "card_needed"
    site.wait(FRESH)
    accepted(act(site, visit, K2))


def test_a_first_choice_that_took_too_long_needs_the_card_again_and_then_gives_the_number(site: Site) -> None:
    """Whoever walks away from the tiles leaves them to nobody."""
    person = site.newcomer()
    visit = scan(site, person.code)["visit"]["id"]
    site.wait(FRESH + 0.1)
    assert refused(want(site, visit, "bank")).code == "card_needed"
    assert site.look(visit)["number"] is None
    scan(site, person.code)
    assert accepted(want(site, visit, "bank"))["number"] == 1


def test_another_persons_card_opens_nothing_of_mine_but_my_familys_does(site: Site) -> None:
    """Any card of the party leads to the visit; so does one of a family that has split up."""
    visit = site.visitor("bank")["id"]
    site.wait(FRESH + 1)
    scan(site, site.newcomer().code)
    assert refused(leave(site, visit)).code == "card_needed"
    theirs = scan(site, MOTHER.code)["visit"]["id"]
    party = choose.Choice(("bank",), (MOTHER.id,), None, False, (Group((FATHER.id, CHILD.id), ("health",)),))
    parted = accepted(choose.choose(site.venue, K1, theirs, new_id(), party))["family"][0]["id"]
    site.wait(FRESH + 1)
    assert refused(leave(site, parted)).code == "card_needed"
    scan(site, MOTHER.code)
    assert accepted(leave(site, parted))["state"] == "left"
    assert accepted(leave(site, theirs, family=True))["state"] == "left"


def test_an_answer_names_people_only_to_who_has_just_shown_the_card_and_to_the_desk(site: Site) -> None:
    """Not to a ticket, not later, not at another kiosk; a counter gets no member's id at all."""
    visit = scan(site, MOTHER.code)["visit"]["id"]
    wanted = choose.Choice(("bank",), (MOTHER.id, FATHER.id), None, False, (Group((CHILD.id,), ("health",)),))
    accepted(choose.choose(site.venue, K1, visit, new_id(), wanted))
    site.wait(1)

    def people(at: Actor) -> tuple[list[str], list[list[str]], str | None]:
        shown = accepted(actions.look(site.venue, at, visit))
        return shown["party"], [one["party"] for one in shown["family"]], shown["category"]

    whole = ([MOTHER.id, FATHER.id], [[CHILD.id]], "active")
    assert people(K1) == whole
    assert people(K2) == ([], [], None)
    assert people(DESK) == whole
    assert people(site.tablet("bank-1")) == ([], [[]], "active")
    held = accepted(actions.hold(site.venue, K2, visit, new_id(), 10))
    assert (held["party"], held["family"], held["category"]) == ([], [], None)
    site.wait(FRESH + 1)
    assert people(K1) == ([], [], None)
    printed = accepted(actions.reprint(site.venue, K1, visit, new_id()))
    assert (printed["party"], printed["number"], printed["ticket"]["duplicate"]) == ([], 1, True)


def test_a_card_shows_the_family_by_given_names_and_initials_and_no_needs(site: Site) -> None:
    """The desk, where people are looked after by name, sees both."""
    at_kiosk, at_desk = scan(site, MOTHER.code)["member"], scan(site, MOTHER.code, DESK)["member"]
    assert [one["display_name"] for one in at_kiosk["party"]] == [
        {"ar": "أمينة ز.", "la": "Amina Z."},
        {"ar": "إدريس ز.", "la": "Driss Z."},
        {"ar": "سلمى ز.", "la": "Salma Z."},
    ]
    assert at_kiosk["display_name"]["la"] == "Amina Zeroud" and "needs" not in at_kiosk
    assert at_desk["party"][1]["display_name"]["la"] == "Driss Zeroud" and at_desk["needs"] == ["wheelchair"]


def test_a_card_shown_at_a_clock_that_was_wrong_does_not_count_for_ever(site: Site) -> None:
    """A moment to come is no proof."""
    visit = site.visitor("bank")["id"]
    site.wait(-60)
    assert refused(leave(site, visit)).code == "card_needed"
