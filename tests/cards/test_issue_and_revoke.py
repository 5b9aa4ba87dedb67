"""New cards and revoked ones, through the real scan."""

from __future__ import annotations

import json
from functools import partial

import pytest

from checkin_server.db import members
from checkin_server.services.members import cards
from tests.services.conftest import MakeSite
from tests.support.together import together
from tests.support.venue import EVENT, OTHER_EVENT, REPLACED, UNKNOWN, Person, Site


def valid_codes(site: Site, person: Person) -> list[str]:
    """The codes of a member's valid cards of this event."""
    rows = site.db.read(lambda tx: members.active_cards(tx, EVENT))
    return [row["code"] for row in rows if row["id"] == person.id]


def test_a_new_card_admits_and_the_old_one_is_refused_as_revoked(site: Site) -> None:
    """From the moment it is issued."""
    person = site.newcomer()
    assert cards.issue(site.venue, person.id) == 1
    (code,) = valid_codes(site, person)
    assert code != person.code and code.startswith("C") and len(code) == 33
    refused = site.scan(person.code)
    assert (refused["outcome"], refused["reason"], refused["member"]) == ("refused", "revoked_card", None)
    assert site.scan(code)["outcome"] == "admitted"


def test_a_visit_under_way_goes_on_with_the_new_card(site: Site) -> None:
    """A card lost in the hall costs nobody the place."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)
    cards.issue(site.venue, person.id)
    (code,) = valid_codes(site, person)
    again = site.scan(code)
    assert (again["outcome"], again["visit"]["id"], again["visit"]["number"]) == ("returning", visit["id"], 1)
    assert site.scan(person.code)["reason"] == "revoked_card"


def test_a_revoked_member_s_card_is_refused(site: Site) -> None:
    """By the member's id; what was done is in the log without saying whose card it was."""
    person = site.newcomer()
    assert cards.revoke(site.venue, person.id) == 1
    assert site.scan(person.code)["reason"] == "revoked_card"
    assert valid_codes(site, person) == []
    assert site.events()[-2:] == ["card_revoked", "scan_refused"]


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: " ".join(code)])
def test_a_card_can_be_revoked_by_its_code(site: Site, typed: object) -> None:
    """A found card is laid under the scanner, or typed."""
    assert callable(typed)
    person, other = site.newcomer(), site.newcomer()
    assert cards.revoke(site.venue, typed(person.code)) == 1
    assert site.scan(person.code)["reason"] == "revoked_card"
    assert site.scan(other.code)["outcome"] == "admitted"


def test_a_member_who_had_a_card_of_another_event_only_has_one_of_this_one_afterwards(site: Site) -> None:
    """All older cards end."""
    assert cards.issue(site.venue, REPLACED.id) == 2, "the replaced one was revoked before; two were valid"
    assert site.one("SELECT count(*) FROM card WHERE member = :m AND state = 'active'", m=REPLACED.id) == 1
    assert site.scan(REPLACED.code)["reason"] == "revoked_card"
    (code,) = valid_codes(site, REPLACED)
    assert site.scan(code)["outcome"] == "admitted"


def test_each_is_an_event_with_how_many_cards_ended_and_no_code_nor_member(site: Site) -> None:
    """The log leaves the venue; whose card it was stays in the table of cards."""
    person = site.newcomer()
    cards.issue(site.venue, person.id)
    cards.revoke(site.venue, person.id)
    rows = site.rows("SELECT * FROM event WHERE kind LIKE 'card_%' ORDER BY seq")
    said = [(row["kind"], json.loads(row["data"])) for row in rows]
    for _, data in said:
        (part,) = data.pop("personal")  # a salted digest: whose it was lies beside the log until it is forgotten
        assert part == "member.1"
    assert said == [("card_issued", {"revoked": 1}), ("card_revoked", {"cards": 1})]
    assert person.id not in str(rows) and person.code not in str(rows)
    ended = site.rows("SELECT revoked_at FROM card WHERE member = :m", m=person.id)
    assert [row["revoked_at"] for row in ended] == [site.clock.now()] * 2


@pytest.mark.parametrize("which", ["M999999", UNKNOWN, "", "' OR 1=1 --"])
def test_who_is_not_there_can_be_given_no_card_and_has_none_to_revoke(site: Site, which: str) -> None:
    """Nothing changes and nothing is logged."""
    before = site.rows("SELECT * FROM card ORDER BY code"), site.events()
    with pytest.raises(cards.NoSuchCard):
        cards.revoke(site.venue, which)
    with pytest.raises(cards.NoSuchCard):
        cards.issue(site.venue, which)
    assert (site.rows("SELECT * FROM card ORDER BY code"), site.events()) == before


def test_what_was_revoked_is_not_revoked_again(site: Site) -> None:
    """The second time says so."""
    person = site.newcomer()
    cards.revoke(site.venue, person.id)
    with pytest.raises(cards.NoSuchCard, match=f"{person.id} has no valid card"):
        cards.revoke(site.venue, person.id)
    with pytest.raises(cards.NoSuchCard, match="revoked before"):
        cards.revoke(site.venue, person.code)


def test_two_who_issue_at_once_leave_one_valid_card(site: Site) -> None:
    """Two desks, one member: the later card is the one that counts."""
    for _ in range(4):
        person = site.newcomer()
        ended = together([partial(cards.issue, site.venue, person.id)] * 4)
        assert ended == [1, 1, 1, 1], "each ended the one before it"
        assert len(valid_codes(site, person)) == 1


def test_cards_to_print_are_the_valid_ones_of_this_event(new_site: MakeSite) -> None:
    """Everybody's in the order of their ids; those of other events and revoked ones are not printed."""
    with new_site() as site:
        person = site.newcomer()
        cards.revoke(site.venue, person.id)
        printed = cards.to_print(site.venue)
        assert [card.member for card in printed] == sorted(card.member for card in printed)
        assert person.id not in {card.member for card in printed}
        codes = {card.code for card in printed}
        assert OTHER_EVENT.code not in codes and REPLACED.code in codes
        for card in printed[:3]:
            assert site.scan(card.code)["member"]["display_name"] == {"ar": card.name_ar, "la": card.name_la}
        assert printed[0].category_fr == site.plan.categories["widowed"].name["fr"]


def test_wanted_cards_come_in_the_order_asked_for_and_once(site: Site) -> None:
    """A member without a valid card is named, with what to do."""
    first, second = site.newcomer(), site.newcomer()
    printed = cards.to_print(site.venue, [second.id, first.id, second.id])
    assert [card.code for card in printed] == [second.code, first.code]
    cards.revoke(site.venue, first.id)
    with pytest.raises(cards.NoSuchCard, match=f"riwaq cards issue {first.id}"):
        cards.to_print(site.venue, [second.id, first.id])
    with pytest.raises(cards.NoSuchCard, match="no member M999999"):
        cards.to_print(site.venue, ["M999999"])
