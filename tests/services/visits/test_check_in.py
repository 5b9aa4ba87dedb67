from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.db import days, members
from checkin_server.domain.members import codes
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor
from checkin_server.services.visits.check_in import check_in
from tests.services.conftest import MakeSite
from tests.support.venue import (
    CLOSES,
    FAMILY,
    FROM_TANGIER,
    GUEST,
    OLD_CARD,
    OPENS,
    OTHER_EVENT,
    REPLACED,
    UNKNOWN,
    Site,
    accepted,
    new_id,
    refused,
    small_plan,
)


def test_a_member_s_first_scan_today_is_admitted_and_has_no_number_yet(site: Site) -> None:
    """Who walks off before choosing must leave no gap."""
    person = site.newcomer()
    answer = site.scan(person.code)
    assert (answer["outcome"], answer["reason"]) == ("admitted", None)
    assert (answer["visit"]["state"], answer["visit"]["number"]) == ("choosing", None)
    assert answer["visit"]["next"]["kind"] == "choose"
    assert answer["member"]["display_name"] == {"ar": person.name_ar, "la": person.name_la}
    assert answer["member"]["locale"] == person.locale
    assert answer["first_seen"] == "2019-12-27T08:00:00Z"
    assert site.events().count("member_admitted") == 1


def test_the_second_scan_finds_the_visit_with_its_number_and_where_it_stands(site: Site) -> None:
    """The card is the way to ask "where am I?"."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)
    site.wait(20)
    answer = site.scan(person.code)
    assert (answer["outcome"], answer["reason"]) == ("returning", None)
    assert (answer["visit"]["id"], answer["visit"]["number"]) == (visit["id"], 1)
    assert answer["visit"]["steps"][0]["position"] == 1
    assert answer["first_seen"] == "2019-12-27T08:00:00Z", "when they came, not when they asked"
    assert site.one("SELECT admitted FROM service_day") == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "malformed_code"),
        ("https://example.org/?id=1", "malformed_code"),
        ("C" + "B" * 31, "malformed_code"),
        ("' OR 1=1 --", "malformed_code"),
        (UNKNOWN, "unknown_card"),
        ("V" + UNKNOWN[1:], "unknown_card"),
        (OLD_CARD.code, "revoked_card"),
        (OTHER_EVENT.code, "wrong_event"),
        (GUEST.code, "not_eligible"),
        (FROM_TANGIER.code, "not_eligible"),
    ],
)
def test_a_code_that_does_not_admit_is_refused_with_its_reason(site: Site, code: str, reason: str) -> None:
    """And shows nothing of whom it belongs to, and begins no visit."""
    answer = site.scan(code)
    assert answer == {"outcome": "refused", "reason": reason, "visit": None, "member": None, "first_seen": None}
    assert site.one("SELECT count(*) FROM visit") == 0
    assert site.one("SELECT admitted FROM service_day") == 0
    assert site.events()[-1] == "scan_refused"


def test_a_refused_scan_writes_no_code_to_the_log(site: Site) -> None:
    """The log says that an unknown card was shown, not which."""
    site.scan(UNKNOWN)
    site.scan("somebody's private message")
    logged = site.rows("SELECT * FROM event WHERE kind = 'scan_refused'")
    assert len(logged) == 2
    assert not any(UNKNOWN in str(row) or "private" in str(row) for row in logged)


def test_the_new_card_of_a_member_whose_old_one_was_revoked_admits(site: Site) -> None:
    """A lost card is replaced on the spot."""
    assert site.scan(OLD_CARD.code)["reason"] == "revoked_card"
    assert site.scan(REPLACED.code)["outcome"] == "admitted"


@pytest.mark.parametrize("now", [OPENS - 1, CLOSES])
def test_a_newcomer_outside_opening_hours_is_refused(site: Site, now: int) -> None:
    """The doors are not open yet, or not any more."""
    site.clock.set(now)
    assert site.scan(site.newcomer().code)["reason"] == "outside_hours"


def test_before_a_day_is_opened_every_newcomer_is_outside_hours(new_site: MakeSite) -> None:
    """No day opens by itself, whatever the calendar says."""
    with new_site(opened=False) as site:
        assert site.scan(site.newcomer().code)["reason"] == "outside_hours"


def test_somebody_inside_may_look_up_where_they_stand_after_closing(site: Site) -> None:
    """Everybody with a ticket is served."""
    person = site.newcomer()
    site.visitor("bank", person=person)
    site.clock.set(CLOSES + 1)
    assert site.scan(person.code)["outcome"] == "returning"


def test_a_full_day_admits_nobody_more_but_knows_who_is_inside(new_site: MakeSite) -> None:
    """The capacity is for newcomers."""
    plan = small_plan()
    with new_site(plan=small_plan(days=tuple(replace(day, capacity=2) for day in plan.days))) as site:
        first = site.newcomer()
        assert [site.scan(p.code)["outcome"] for p in (first, site.newcomer())] == ["admitted", "admitted"]
        assert site.scan(site.newcomer().code)["reason"] == "day_full"
        assert site.scan(first.code)["outcome"] == "returning"
        assert site.one("SELECT admitted FROM service_day") == 2


def test_who_has_left_is_not_let_in_again_today(site: Site) -> None:
    """The visit is closed, by card and by ticket."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)
    accepted(site.visit_does("leave", visit["id"]))
    assert site.scan(person.code)["reason"] == "visit_closed"
    assert site.scan(visit["id"])["reason"] == "visit_closed"


def test_the_ticket_s_code_leads_to_the_same_visit_as_the_card_and_names_nobody(site: Site) -> None:
    """Who lost the card in the hall still has the paper."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)
    by_ticket, by_card = site.scan(visit["id"]), site.scan(person.code)
    assert by_ticket["outcome"] == by_card["outcome"] == "returning"
    of_people: dict[str, object] = {"party": [], "family": [], "category": None, "priority": None}
    assert by_ticket["visit"] == {**by_card["visit"], **of_people}
    assert (by_ticket["member"], by_card["member"]["category"]) == (None, person.category)


def test_yesterday_s_ticket_is_closed(site: Site) -> None:
    """A ticket is good for its own service day."""
    visit = site.visitor("bank")
    site.db.write(lambda tx: days.close(tx, "2019-12-27", site.clock.now()))
    site.open_day(1)
    assert site.scan(visit["id"])["reason"] == "visit_closed"


def test_a_member_who_came_yesterday_is_admitted_today_with_a_new_visit(site: Site) -> None:
    """Numbers begin at one on each service day."""
    person = site.newcomer()
    yesterday = site.visitor("bank", person=person)
    site.db.write(lambda tx: days.close(tx, "2019-12-27", site.clock.now()))
    site.open_day(1)
    site.clock.set(OPENS + 24 * 3_600_000)
    today = site.visitor("bank", person=person)
    assert today["id"] != yesterday["id"]
    assert today["number"] == yesterday["number"] == 1
    assert site.problems() == []


def test_a_typed_code_is_read_in_any_case_and_in_groups(site: Site) -> None:
    """As people read it from the card."""
    code = site.newcomer().code.lower()
    grouped = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    assert site.scan(grouped)["outcome"] == "admitted"


# -- families ------------------------------------------------------------------------------------------------------


def test_a_family_s_first_card_shows_who_may_be_in_the_party(site: Site) -> None:
    """One scan, then tick who is here."""
    mother = FAMILY[0]
    answer = site.scan(mother.code)
    party = {p["id"]: (p["self"], p["present"], p["elsewhere"]) for p in answer["member"]["party"]}
    assert party == {
        "M900001": (True, True, False),
        "M900002": (False, False, False),
        "M900003": (False, False, False),
    }
    assert "needs" not in answer["member"], "everybody passes by a kiosk"


def test_a_second_family_member_s_card_finds_the_family_s_visit(site: Site) -> None:
    """A family is one visit; whichever card is at hand."""
    mother, father, child = FAMILY
    visit = site.scan(mother.code)["visit"]["id"]
    accepted(site.choose(visit, "bank", party=[mother.id, father.id]))
    answer = site.scan(father.code)
    assert (answer["outcome"], answer["visit"]["id"]) == ("returning", visit)
    assert answer["member"]["display_name"]["la"] == father.name_la, "greeted by their own name"
    assert [p["id"] for p in answer["member"]["party"] if p["self"]] == [father.id]
    assert site.scan(child.code)["outcome"] == "admitted", "who was not ticked comes alone"


def test_who_came_alone_is_shown_as_elsewhere_to_the_family(site: Site) -> None:
    """Nobody is in two visits."""
    mother, father, _ = FAMILY
    site.scan(father.code)
    party = {p["id"]: (p["present"], p["elsewhere"]) for p in site.scan(mother.code)["member"]["party"]}
    assert party[father.id] == (False, True)


# -- asking twice --------------------------------------------------------------------------------------------------


def test_the_same_scan_id_gets_the_first_answer_whatever_has_happened_since(site: Site) -> None:
    """A lost answer is asked for again; "admitted" does not turn into "returning"."""
    person, scan = site.newcomer(), new_id()
    first = site.scan(person.code, scan)
    accepted(site.choose(first["visit"]["id"], "bank"))
    before = site.everything()
    assert site.scan(person.code, scan) == first
    assert site.everything() == before


def test_a_refused_scan_is_remembered_too(site: Site) -> None:
    """The same id is refused again even when the door has opened meanwhile."""
    person, scan = site.newcomer(), new_id()
    site.clock.set(OPENS - 1)
    first = site.scan(person.code, scan)
    site.clock.set(OPENS)
    assert site.scan(person.code, scan) == first
    assert site.scan(person.code)["outcome"] == "admitted"


def test_a_scan_id_with_another_code_is_refused(site: Site) -> None:
    """An id names one command."""
    scan = new_id()
    site.scan(site.newcomer().code, scan)
    before = site.everything()
    answer = check_in(site.venue, site.kiosk, scan, site.newcomer().code)
    assert refused(answer).code == "id_reused"
    assert site.everything() == before


def test_an_id_used_for_a_scan_cannot_be_used_for_a_choice(site: Site) -> None:
    """Ids are shared by all kinds of commands."""
    scan = new_id()
    visit = site.scan(site.newcomer().code, scan)["visit"]["id"]
    assert refused(site.choose(visit, "bank", command=scan)).code == "id_reused"


def test_a_short_code_is_as_good_as_the_card_and_is_guessed_a_few_times_only(site: Site) -> None:
    """On this device: whoever scans is let in there all the same, and another kiosk takes what is typed."""

    def type_at(kiosk: str, short: str) -> Answer:
        return accepted(check_in(site.venue, Actor(kiosk, "kiosk", "K1"), new_id(), short))

    people = [site.newcomer() for _ in range(4)]
    first = type_at("d_1", codes.short(people[0].code))
    assert first["outcome"] == "admitted"
    assert type_at("d_1", codes.short(people[0].code))["outcome"] == "returning"
    guesses = [codes.short(codes.make("C", bytes([n] * 16))) for n in range(12)]
    for guess in guesses[:4]:
        assert type_at("d_1", guess)["reason"] == "unknown_card"
    type_at("d_1", codes.short(people[1].code))  # a right one: they begin to count anew
    told = [type_at("d_1", guess)["reason"] for guess in guesses]
    assert told == ["unknown_card"] * 5 + ["codes_locked"] * 7
    assert site.events().count("short_codes_locked") == 1
    assert type_at("d_1", codes.short(people[2].code))["reason"] == "codes_locked"
    assert site.scan(people[2].code)["outcome"] == "admitted"
    assert type_at("d_2", codes.short(people[3].code))["outcome"] == "admitted"
    site.wait(1.1)
    assert type_at("d_1", codes.short(people[3].code))["outcome"] == "returning"


def test_a_short_code_that_two_cards_share_lets_nobody_in(site: Site) -> None:
    """It happens once in a thousand events; both come in with the card itself."""
    person, other = site.newcomer(), site.newcomer()
    twin = person.code[:9] + codes.make("C", bytes(16))[9:]
    site.db.write(
        lambda tx: members.add_card(
            tx, code=twin, member=other.id, event=site.plan.event.id, state="active", issued_at=0, revoked_at=None
        )
    )
    assert site.scan(codes.short(person.code))["reason"] == "unknown_card"
    assert {site.scan(code)["outcome"] for code in (person.code, twin)} == {"admitted"}
