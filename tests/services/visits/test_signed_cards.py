"""Signed cards through the real scan: a day without a member list, replaced cards, copies; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from checkin_server.db import schema
from checkin_server.domain.plan import Desk, Kiosk
from checkin_server.services.checkup.cards_check import check_private_keys, check_signed_cards
from checkin_server.services.checkup.doctor import check_people
from checkin_server.services.day import open_and_close
from checkin_server.services.members import cards, signed_cards
from checkin_server.services.members.search import find_members
from checkin_server.services.once import Answer
from checkin_server.services.privacy import erase, export, purge
from checkin_server.services.venue import Actor
from checkin_server.services.visits import check_in, choose
from checkin_server.services.welcome.find_people import find_visit
from checkin_server.services.welcome.walk_in import walk_in
from tests.services.conftest import MakeSite
from tests.services.privacy.test_purge import NO_FILES
from tests.support.signed import KEY, OTHER, text
from tests.support.small_plan import small_plan
from tests.support.together import together
from tests.support.venue import MINUTE, OPENS, Site, accepted, new_id, refused

K1 = Actor("d_kiosk", "kiosk", "K1")
K2, FAR = Actor("d_2", "kiosk", "K2"), Actor("d_3", "kiosk", "K3")
DESK = Actor("d_desk", "welcome", "desk", "u_1")
MEMBER = "S0102030405060708"
PLAN = small_plan(
    card_keys=(KEY,),
    kiosks={"K1": Kiosk("K1", "A", "P1"), "K2": Kiosk("K2", "A", "P2"), "K3": Kiosk("K3", "C", "P1")},
    desks={"desk": Desk("desk", "B", "P2")},
    walks={("A", "C"): 3.0},
)


@pytest.fixture
def signed(new_site: MakeSite) -> Iterator[Site]:
    """A venue that takes signed cards and whose list has nobody, five minutes after it opened."""
    with new_site(plan=PLAN) as site:
        empty(site)
        site.wait(5)
        yield site


def empty(site: Site) -> None:
    """Nobody is on the list."""
    site.db.write(lambda tx: [tx.run(statement) for statement in (delete(schema.card), delete(schema.member))])


def scan(site: Site, code: str, at: Actor = K1) -> Answer:
    """Show a card at a kiosk or desk."""
    return accepted(check_in.check_in(site.venue, at, new_id(), code))


def test_a_whole_day_needs_no_member_list(signed: Site) -> None:
    """Scan, choose, ticket, call, start by the card, finish; nobody's name is anywhere."""
    answer = scan(signed, text())
    assert (answer["outcome"], answer["reason"]) == ("admitted", None)
    (alone,) = answer["member"]["party"]
    assert answer["member"]["display_name"] == {"ar": "", "la": ""} == alone["display_name"]
    assert (answer["member"]["category"], answer["member"]["locale"], alone["self"]) == ("active", "fr", True)
    visit = accepted(signed.choose(answer["visit"]["id"], "bank"))
    assert visit["number"] == 1 and visit["ticket"]["state"] == "queued"
    spec = json.loads(signed.one("SELECT spec FROM print_job"))
    assert spec["locale"] == "fr" and "0102030405060708" not in json.dumps(spec)
    signed.press("bank-1", "open", "call-next")
    assert accepted(signed.at("bank-1", "scan", code=text()))["outcome"] == "started"
    signed.press("bank-1", "finish")
    again = scan(signed, text())
    assert (again["outcome"], again["visit"]["number"], again["visit"]["state"]) == ("returning", 1, "done")
    assert signed.problems() == []


def test_who_has_chosen_comes_to_a_free_counter_with_the_card(signed: Site) -> None:
    """A second visitor's is another visit; who has no number yet is sent to a kiosk."""
    first = scan(signed, text())
    other = text(card="1" * 16, pseudonym="2" * 16)
    assert accepted(signed.choose(first["visit"]["id"], "bank"))["number"] == 1
    signed.press("bank-1", "open")
    assert refused(signed.at("bank-1", "scan", code=other)).params["reason"] == "no_number"
    assert accepted(signed.at("bank-1", "scan", code=text()))["outcome"] == "started"


NO_GOOD = [
    (text(OTHER), "unknown_card"),
    (text()[:-3], "unknown_card"),
    (text()[:-1] + "$", "malformed_code"),
    ("R1:", "malformed_code"),
    ("R1:" + "0" * 4000, "malformed_code"),
    (text(last_day="2019-12-26", first_day="2019-12-01"), "card_out_of_date"),
    (text(first_day="2019-12-28"), "card_out_of_date"),
    (text(category="guest"), "not_eligible"),
    (text(category="nobody"), "not_eligible"),
    (text(unit=b"\1" * 8), "not_eligible"),
]


def test_what_is_no_good_card_is_refused_and_leaves_nothing(signed: Site) -> None:
    """Another's key, a cut scan, a card of other days, a category that is not asked; the event names no card."""
    for code, reason in NO_GOOD:
        answer = scan(signed, code)
        assert (answer["outcome"], answer["reason"]) == ("refused", reason)
        assert signed.events()[-1] == "scan_refused"
    assert signed.one("SELECT count(*) FROM signed_card") == signed.one("SELECT count(*) FROM member") == 0
    assert "00112233445566AA" not in str(signed.rows("SELECT data FROM event"))


def test_a_day_begins_and_ends_at_the_venue_s_midnight(signed: Site) -> None:
    """Rabat is an hour ahead: a card for the 28th counts from 23:00 UTC on, though the day's hours are over."""
    tomorrow = text(first_day="2019-12-28")
    signed.clock.set(OPENS + (15 * 60 - 1) * MINUTE)
    assert scan(signed, tomorrow)["reason"] == "card_out_of_date"
    signed.wait(1)
    assert scan(signed, tomorrow)["reason"] == "outside_hours"


def test_a_venue_without_keys_knows_no_signed_card(site: Site) -> None:
    """Signed cards are a setting."""
    assert scan(site, text())["reason"] == "malformed_code"
    assert list(check_signed_cards(site.venue)) == []


def test_a_card_with_a_random_code_is_taken_beside_signed_ones(new_site: MakeSite) -> None:
    """With the same statements as before."""
    with new_site(plan=PLAN) as site:
        assert site.scan(site.newcomer().code)["outcome"] == "admitted"


def test_a_later_card_ends_those_before_it_wherever_they_are_shown(signed: Site) -> None:
    """Also where the list of ended cards has not arrived; the visit goes on."""
    old, new = text(), text(card="F" * 16, turn=2)
    visit = accepted(signed.choose(scan(signed, old)["visit"]["id"], "bank"))
    assert scan(signed, new)["visit"]["id"] == visit["id"]
    signed.wait(10)
    assert [scan(signed, old, at)["reason"] for at in (K1, FAR, DESK)] == ["revoked_card"] * 3
    signed.press("bank-1", "open")
    assert refused(signed.at("bank-1", "scan", code=old)).params["reason"] == "revoked_card"
    assert accepted(signed.at("bank-1", "scan", code=new))["outcome"] == "started"


def test_a_card_that_is_on_the_list_of_ended_ones_is_refused_everywhere(signed: Site) -> None:
    """Before it was ever shown; its replacement is taken."""
    assert signed_cards.revoke_ids(signed.venue, ["00112233445566AA", "00112233445566AA", "3" * 16]) == 2
    assert signed_cards.revoke_ids(signed.venue, ["00112233445566AA"]) == 0
    assert [scan(signed, text(), at)["reason"] for at in (K1, DESK)] == ["revoked_card"] * 2
    assert scan(signed, text(card="F" * 16, turn=2))["outcome"] == "admitted"
    assert signed.events().count("card_revoked") == 1


@pytest.mark.parametrize("which", ["R 0011 2233 4455 66AA", text(), MEMBER])
def test_a_card_is_revoked_by_its_number_its_code_or_its_member(signed: Site, which: str) -> None:
    """As staff have it at hand: printed, scanned, or on the screen."""
    scan(signed, text())
    assert cards.revoke(signed.venue, which) == 1
    with pytest.raises(cards.NoSuchCard):
        cards.revoke(signed.venue, which)
    assert scan(signed, text())["reason"] == "revoked_card"


def test_who_gets_a_card_at_the_desk_in_place_of_a_signed_one_goes_on_with_it(signed: Site) -> None:
    """The signed one is refused from then on."""
    visit = scan(signed, text())["visit"]["id"]
    assert len(accepted(find_members(signed.venue, DESK, MEMBER, "card forgotten"))["members"]) == 1
    answer = accepted(cards.issue_at_desk(signed.venue, DESK, MEMBER, new_id(), "lost"))
    assert answer == {"outcome": "done", "revoked": 1}
    (card,) = cards.to_print(signed.venue, [MEMBER])
    assert (card.name_ar, card.name_la) == ("", "")
    assert scan(signed, card.code)["visit"]["id"] == visit
    assert scan(signed, text())["reason"] == "revoked_card"


@pytest.mark.parametrize(("there", "walk"), [(K2, 0.5), (FAR, 3.0), (DESK, 1.5)])
def test_a_copy_is_refused_while_nobody_can_have_walked_there(signed: Site, there: Actor, walk: float) -> None:
    """By the venue's map; later it may be the member, who walked."""
    visit = accepted(signed.choose(scan(signed, text())["visit"]["id"], "bank"))
    signed.wait(walk - 0.01)
    answer = scan(signed, text(), there)
    assert (answer["outcome"], answer["reason"], answer["visit"]) == ("refused", "card_elsewhere", None)
    assert signed.events()[-1] == "scan_refused"
    assert scan(signed, text())["outcome"] == "returning", "where it was shown first it is taken"
    signed.wait(walk)
    assert scan(signed, text(), there)["visit"]["id"] == visit["id"]
    assert scan(signed, text())["reason"] == "card_elsewhere"


def test_a_refused_copy_does_not_lock_the_card(signed: Site) -> None:
    """However often it is shown, the time counts from where the card was taken last."""
    scan(signed, text())
    for _ in range(4):
        signed.wait(0.1)
        assert scan(signed, text(), K2)["reason"] == "card_elsewhere"
    signed.wait(0.1)
    assert scan(signed, text(), K2)["outcome"] == "returning"


def test_a_counter_is_no_place_that_a_copy_is_told_by(signed: Site) -> None:
    """Visitors are sent there, and walk as fast as they like."""
    accepted(signed.choose(scan(signed, text())["visit"]["id"], "bank"))
    signed.press("bank-1", "open")
    assert accepted(signed.at("bank-1", "scan", code=text()))["outcome"] == "started"
    assert scan(signed, text())["outcome"] == "returning"


def test_two_kiosks_at_once_let_one_of_two_copies_in(signed: Site) -> None:
    """Whichever is first; one visit, one number."""
    answers = together([partial(scan, signed, text(), at) for at in (K1, FAR)])
    assert sorted(str(one["reason"]) for one in answers) == ["None", "card_elsewhere"]
    assert signed.one("SELECT count(*) FROM visit") == signed.one("SELECT admitted FROM service_day") == 1


def test_the_same_scan_again_gets_the_same_answer(signed: Site) -> None:
    """A retry after a lost answer is no copy."""
    once = new_id()
    first = accepted(check_in.check_in(signed.venue, K1, once, text()))
    assert accepted(check_in.check_in(signed.venue, K1, once, text())) == first


def test_a_newer_card_says_what_holds_of_its_member(signed: Site) -> None:
    """Category and language change with it; what the visit has already stays."""
    scan(signed, text())
    answer = scan(signed, text(card="F" * 16, turn=2, category="retired", locale="ar"))
    assert (answer["member"]["category"], answer["member"]["locale"]) == ("retired", "ar")
    assert signed.rows("SELECT id, category, locale, name_ar, name_la FROM member") == [
        {"id": MEMBER, "category": "retired", "locale": "ar", "name_ar": "", "name_la": ""}
    ]


def test_the_desk_works_with_signed_cards(signed: Site) -> None:
    """By the card, the number, the pseudonym; a name finds nobody."""
    visit = scan(signed, text(), DESK)["visit"]["id"]
    accepted(choose.choose(signed.venue, DESK, visit, new_id(), choose.Choice(("bank",))))
    assert accepted(find_visit(signed.venue, DESK, 1))["member"]["display_name"] == {"ar": "", "la": ""}
    (found,) = accepted(find_members(signed.venue, DESK, MEMBER, "card forgotten"))["members"]
    assert found["id"] == MEMBER
    assert accepted(find_members(signed.venue, DESK, "amina", "card forgotten"))["members"] == []
    answer = accepted(walk_in(signed.venue, DESK, new_id(), MEMBER, "card forgotten"))
    assert answer["visit"]["id"] == visit


def test_what_is_kept_is_told_erased_and_forgotten(signed: Site, tmp_path: Path) -> None:
    """Export has the card; an erasure and a purge leave a revoked card's bare number, and nothing of a good one."""
    good, lost = text(), text(card="F" * 16, pseudonym="9" * 16)
    scan(signed, good), scan(signed, lost)
    assert "00112233445566AA" in export.export(signed.venue, MEMBER).as_text("fr")
    assert json.loads(export.export(signed.venue, MEMBER).as_json())["signed_cards"][0]["seen_place"] == "kiosk K1"
    cards.revoke(signed.venue, "F" * 16)
    signed.wait(30)
    open_and_close.close_day(signed.venue, anyway=True, now=True)
    erase.erase(signed.venue, NO_FILES, MEMBER)
    assert [row["card"] for row in signed.rows("SELECT card FROM signed_card")] == ["F" * 16]
    purge.by_hand(signed.venue, NO_FILES, "2020-03-01")
    assert signed.rows("SELECT * FROM signed_card") == [
        {"card": "F" * 16, "member": None, "turn": None, "revoked_at": OPENS + 5 * MINUTE, "seen_place": None,
         "seen_at": None}
    ]  # fmt: skip
    assert signed.one("SELECT count(*) FROM member") == 0


def test_the_doctor_looks_at_keys_and_cards(new_site: MakeSite, tmp_path: Path) -> None:
    """A key that ends before the venue; no list of ended cards; a private key among the data; nobody in the list."""
    short = replace(KEY, last_day="2019-12-27")
    with new_site(plan=small_plan(card_keys=(short,)), crowd=0) as site:
        empty(site)
        assert [f.verdict for f in check_signed_cards(site.venue)] == ["STOP", "NOTE"]
        assert [f.verdict for f in check_people(site.venue) if f.check == "members"] == ["OK"]
        signed_cards.revoke_ids(site.venue, ["F" * 16])
        assert [f.verdict for f in check_signed_cards(site.venue)] == ["STOP"]
    (tmp_path / "cards.key").write_text("-----BEGIN PRIVATE KEY-----")
    (found,) = check_private_keys(PLAN, tmp_path)
    assert found.verdict == "STOP" and "cards.key" in found.what
    assert list(check_private_keys(small_plan(), tmp_path)) == []
