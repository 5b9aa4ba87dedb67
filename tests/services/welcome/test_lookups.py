"""Looking people up has a measure, an alarm, and gives leave until the day ends; on both databases."""

from __future__ import annotations

import time
from typing import Any

import pytest

from checkin_server.domain.lookups import WINDOWS
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access, lookups
from checkin_server.services.day import open_and_close
from checkin_server.services.members import cards
from checkin_server.services.members import search as looking
from checkin_server.services.members.search import find_members
from checkin_server.services.venue import Actor
from checkin_server.services.welcome.find_people import find_visit
from checkin_server.services.welcome.walk_in import Newcomer, walk_in
from tests.support.shown import dashboard
from tests.support.together import together
from tests.support.venue import FAMILY, PIN, Site, accepted, new_id, refused

MOTHER = FAMILY[0]
MOST = WINDOWS[0].searches


def at_desk(site: Site, name: str = "Salma", role: str = "welcome", station: str = "desk") -> Actor:
    """Somebody who has signed in at a desk of their own."""
    device = access.add_device(site.venue, role, station).device_id
    staff = access.add_staff(site.venue, name, role, PIN)
    accepted(access.sign_in(site.venue, device, name, PIN, role))
    return Actor(device, role, station, staff)


def search(site: Site, desk: Actor, wanted: str = "zineb") -> Any:
    """Look for somebody."""
    return find_members(site.venue, desk, wanted, "card_forgotten")


def paper(site: Site, desk: Actor, member: str) -> str:
    """The code on a card's paper, or why there is none."""
    card = cards.paper_at_desk(site.venue, desk, member)
    return card.code if isinstance(card, Refusal) or card.member == member else ""


def alarms(site: Site) -> list[dict[str, Any]]:
    """What the dashboard says of who looks people up."""
    trouble = dashboard.snapshot(site.venue, dict, frozenset())["trouble"]
    return [one for one in trouble if one["code"] == "searches_limited"]


@pytest.mark.parametrize("wanted", ["ab", "mo", "م", "  m  ", "a b c", "ab cd", "M9", "--"])
def test_what_is_too_short_to_be_a_name_shows_nobody(site: Site, wanted: str) -> None:
    """Beginnings of two letters, and of numbers: they are a list's. It is kept as a search all the same."""
    desk = at_desk(site)
    assert search(site, desk, wanted) == {"members": [], "more": True}
    assert site.events()[-1] == "members_searched"


def test_a_list_is_not_copied_by_two_letters(site: Site) -> None:
    """Four hundred queries one after the other: nobody is shown, and it ends soon, with an alarm."""
    desk = at_desk(site)
    letters = [a + b for a in "abcdefghijklmnopqrst" for b in "aeiourlnhz"][: MOST + 20]
    answers = [search(site, desk, two) for two in letters]
    assert all(answer["members"] == [] for answer in answers[:MOST])
    assert [refused(answer).code for answer in answers[MOST:]] == ["search_limit"] * 20
    (alarm,) = alarms(site)
    assert (alarm["role"], alarm["station"], alarm["staff"]) == ("welcome", "desk", "Salma")
    assert site.events().count("searches_limited") == 1


def test_after_too_many_searches_the_next_has_to_wait_whoever_signs_in_again(site: Site) -> None:
    """By name and by number, on this device for this person; a colleague beside goes on, and so does a kiosk."""
    desk = at_desk(site)
    number = site.visitor("bank", person=MOTHER)["number"]
    for _ in range(MOST):
        accepted(search(site, desk))
    refusal = refused(search(site, desk))
    assert refusal.params == {"what": "searches", "limit": MOST, "retry_after": 600}
    assert refused(find_visit(site.venue, desk, number)).code == "search_limit"
    accepted(access.sign_in(site.venue, desk.device, "Salma", PIN, "welcome"))
    assert refused(search(site, desk)).code == "search_limit"
    accepted(search(site, at_desk(site, "Hiba", station="desk-2")))
    accepted(find_visit(site.venue, Actor(desk.device, "welcome", "desk", "u_another"), number))
    site.wait(10)
    accepted(search(site, desk))
    assert alarms(site)
    site.wait(60)
    assert not alarms(site)


def test_searches_sent_at_once_are_counted_one_by_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many are answered as if each had waited for the one before, also where going through the names takes long."""
    monkeypatch.setattr(looking, "give_way", lambda: time.sleep(0.02))
    desk = at_desk(site)
    for _ in range(MOST - 3):
        accepted(search(site, desk))
    answers = together([lambda: search(site, desk)] * 8)
    assert sum(isinstance(answer, dict) for answer in answers) == 3


def test_the_measure_ends_with_the_day(site: Site) -> None:
    """What was used up yesterday, or before the day was ended, counts no more."""
    desk = at_desk(site)
    for _ in range(MOST):
        accepted(search(site, desk))
    assert refused(search(site, desk)).code == "search_limit"
    site.wait(1)
    open_and_close.close_day(site.venue, anyway=True, now=True)
    accepted(search(site, desk))


def test_a_cards_paper_is_for_who_has_found_the_member(site: Site) -> None:
    """By a search, or by having made the card; it is kept, and told in the member's export."""
    desk = at_desk(site)
    assert paper(site, desk, MOTHER.id) == "search_first"
    assert search(site, desk, "amina zeroud")["members"][0]["id"] == MOTHER.id
    assert paper(site, desk, MOTHER.id) == MOTHER.code
    assert site.events()[-1] == "card_printed"
    colleague = at_desk(site, "Hiba", station="desk-2")
    assert paper(site, colleague, MOTHER.id) == "search_first"
    accepted(cards.issue_at_desk(site.venue, colleague, MOTHER.id, new_id(), "card_lost"))
    assert paper(site, colleague, MOTHER.id).startswith("C")
    new = Newcomer("", "Sanaa Benali", "active", "rabat-prefecture", "fr")
    member = accepted(walk_in(site.venue, desk, new_id(), new, "registered_at_desk"))["member"]["id"]
    assert paper(site, desk, member) == "unknown_member", "no card yet, but leave"


@pytest.mark.parametrize("ends", ["signed out", "signed in again", "day ended", "next morning"])
def test_the_leave_that_a_search_gives_ends(site: Site, ends: str) -> None:
    """At sign-out, and with the day; then the member is looked for anew, with a reason."""
    desk = at_desk(site, "Sanaa", "organizer", "office")
    accepted(search(site, desk, MOTHER.id))

    def may() -> bool:
        return site.db.read(lambda tx: lookups.leave(tx, site.venue, desk, MOTHER.id)) is None

    assert may()
    site.wait(1)
    if ends in ("signed out", "signed in again"):
        token = accepted(access.sign_in(site.venue, desk.device, "Sanaa", PIN, "organizer"))["session_token"]
        if ends == "signed out":
            assert access.sign_out(site.venue, token, desk.device)
    elif ends == "day ended":
        open_and_close.close_day(site.venue, anyway=True, now=True)
    else:
        site.wait(24 * 60)
    assert not may()
