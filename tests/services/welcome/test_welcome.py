"""The welcome desk's use cases: finding people, walk-ins, new cards, numbers without paper; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from checkin_server.domain import priority
from checkin_server.domain.plan import Kiosk
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.members import cards
from checkin_server.services.members.search import MOST_FOUND, find_members
from checkin_server.services.once import Answer
from checkin_server.services.paper.ladder import printers_for
from checkin_server.services.paper.print_queue import PrintQueue
from checkin_server.services.reports import fairness
from checkin_server.services.routing.router import HallRouter
from checkin_server.services.venue import Actor
from checkin_server.services.visits import choose
from checkin_server.services.visits.actions import reprint
from checkin_server.services.welcome.find_people import find_visit
from checkin_server.services.welcome.give_priority import give_priority
from checkin_server.services.welcome.remember import Remembered, remember
from checkin_server.services.welcome.walk_in import Newcomer, walk_in
from checkin_server.services.welcome.without_paper import give_without_paper
from checkin_server.web.models import PriorityBody
from tests.services.conftest import MakeSite
from tests.support.shown import welcome
from tests.support.venue import FAMILY, FROM_TANGIER, PIN, REPLACED, Site, accepted, new_id, refused, small_plan

DESK = Actor("d_desk", "welcome", "desk", "u_salma")
NEW = Newcomer("سناء بنعلي", "", "active", "rabat-prefecture", "ar")


def newest(site: Site, kind: str) -> dict[str, Any]:
    """The newest event of a kind, with its data read."""
    row = site.rows("SELECT * FROM event WHERE kind = :kind ORDER BY seq DESC LIMIT 1", kind=kind)[0]
    data = json.loads(row["data"])
    beside = site.rows("SELECT part, content FROM event_personal WHERE event = :seq ORDER BY part", seq=row["seq"])
    assert data.pop("personal", {}).keys() == {part["part"] for part in beside}
    return {**row, "data": data, "personal": {part["part"]: part["content"] for part in beside}}


def without_paper(site: Site) -> list[tuple[int, str]]:
    """The numbers on the desk's list, with why."""
    site.wait(0.1)
    return [(ticket["number"], ticket["state"]) for ticket in welcome.snapshot(site.venue, dict)["tickets"]]


def test_a_visit_is_found_by_its_number_and_the_log_says_who_looked(site: Site) -> None:
    """With the member's name, which only staff see."""
    visit = site.visitor("bank", person=FAMILY[0])
    found = accepted(find_visit(site.venue, DESK, visit["number"]))
    assert found["visit"]["id"] == visit["id"] and found["visit"]["steps"][0]["service"] == "bank"
    assert found["member"]["display_name"]["la"] == FAMILY[0].name_la
    looked = newest(site, "visit_looked_up")
    assert (looked["visit"], looked["number"], looked["staff"]) == (visit["id"], visit["number"], "u_salma")
    assert refused(find_visit(site.venue, DESK, 999)).code == "unknown_visit"


@pytest.mark.parametrize(
    "typed", ["zeroud salma", "ZEROUD SAL", "سلمي زر", "Salma Zéroud", "سلمی زرود", "Selma Zaroud", "M٩٠٠٠٠٣"]
)
def test_members_are_found_by_name_however_it_is_spelt(site: Site, typed: str) -> None:
    """In either script, in any order, by beginnings, accents or not; why, whom and what was typed is kept."""
    visit = site.visitor("bank", person=FAMILY[2])
    (found,) = accepted(find_members(site.venue, DESK, typed, "card_forgotten"))["members"]
    assert (found["id"], found["card"], found["visit"]["number"]) == (FAMILY[2].id, "active", visit["number"])
    searched = newest(site, "members_searched")
    assert searched["personal"] == {"reason": "card_forgotten", "query": typed, "member.1": FAMILY[2].id}
    assert typed not in str(searched["data"]) and searched["service_day"] == "2019-12-27"
    assert searched["staff"] == "u_salma"


def test_a_search_shows_one_person_and_not_the_list(site: Site) -> None:
    """Twenty at most; one letter is no search, and an id must be whole."""
    many = accepted(find_members(site.venue, DESK, "membre", "help_wanted"))
    assert (len(many["members"]), many["more"]) == (MOST_FOUND, True)
    assert newest(site, "members_searched")["data"] == {"shown": MOST_FOUND}
    for short in (" m ", "!!", "٪ ٪", "me", FAMILY[2].id[:-1]):
        assert accepted(find_members(site.venue, DESK, short, "help_wanted"))["members"] == []
    assert accepted(find_members(site.venue, DESK, "zzz", "help_wanted")) == {"members": [], "more": False}


def test_a_known_member_is_let_in_without_the_card_once_a_day(site: Site) -> None:
    """As with the card: the same visit, whichever way they come again."""
    let_in = accepted(walk_in(site.venue, DESK, new_id(), REPLACED.id, "card_forgotten"))
    assert (let_in["outcome"], let_in["visit"]["state"]) == ("admitted", "choosing")
    again = accepted(walk_in(site.venue, DESK, new_id(), REPLACED.id, "card_lost"))
    assert (again["outcome"], again["visit"]["id"]) == ("returning", let_in["visit"]["id"])
    assert site.scan(REPLACED.code)["visit"]["id"] == let_in["visit"]["id"]
    walked = newest(site, "walked_in")
    assert (walked["personal"], walked["staff"]) == ({"reason": "card_forgotten"}, "u_salma")
    assert refused(walk_in(site.venue, DESK, new_id(), "M000000", "card_lost")).code == "unknown_member"
    assert site.problems() == []


def test_the_rules_of_the_door_hold_for_walk_ins(site: Site) -> None:
    """The desk lets nobody in whom a kiosk would refuse; a refused newcomer is not registered either."""
    assert accepted(walk_in(site.venue, DESK, new_id(), FROM_TANGIER.id, "card_lost"))["reason"] == "not_eligible"
    guest = Newcomer("", "Nour Inconnu", "guest", "rabat-prefecture", "fr")
    assert accepted(walk_in(site.venue, DESK, new_id(), guest, "help"))["reason"] == "not_eligible"
    assert accepted(find_members(site.venue, DESK, "inconnu", "help"))["members"] == []
    for wrong, code in (
        (Newcomer(" ", "", "active", "rabat-prefecture", "fr"), "unseen_text"),
        (Newcomer("x", "", "nobody", "rabat-prefecture", "fr"), "unknown_category"),
        (Newcomer("x", "", "active", "mars", "fr"), "unknown_unit"),
    ):
        assert refused(walk_in(site.venue, DESK, new_id(), wrong, "help")).code == code


def test_a_newcomer_is_registered_served_and_leaves_with_a_card(site: Site) -> None:
    """From no list to a number, a ticket at the desk's own printer, and a card that opens the visit."""
    command = new_id()
    arrived = accepted(walk_in(site.venue, DESK, command, NEW, "registered_at_desk"))
    assert accepted(walk_in(site.venue, DESK, command, NEW, "registered_at_desk")) == arrived
    member = arrived["member"]["id"]
    assert arrived["member"]["display_name"] == {"ar": "سناء بنعلي", "la": "سناء بنعلي"}
    visit = accepted(choose.choose(site.venue, DESK, arrived["visit"]["id"], new_id(), choose.Choice(("bank",))))
    assert visit["number"] == 1
    issued = accepted(cards.issue_at_desk(site.venue, DESK, member, new_id(), "registered_at_desk"))
    assert issued["revoked"] == 0
    (card,) = cards.to_print(site.venue, [member])
    assert site.scan(card.code)["visit"]["number"] == 1
    assert accepted(cards.issue_at_desk(site.venue, DESK, member, new_id(), "card_lost"))["revoked"] == 1
    assert site.scan(card.code)["reason"] == "revoked_card"
    assert refused(cards.issue_at_desk(site.venue, DESK, "M0", new_id(), "card_lost")).code == "unknown_member"
    assert site.problems() == []


def test_the_desk_prints_on_its_own_printer(site: Site) -> None:
    """As the plan says; another desk of the venue on the kiosks'."""
    assert printers_for(site.plan, DESK) == ["P2", "P1"]
    assert printers_for(site.plan, Actor("d", "welcome", "other")) == ["P1", "P2"]
    visit = site.visitor("bank")
    again = accepted(reprint(site.venue, DESK, visit["id"], new_id()))
    assert (again["ticket"]["printer"], again["ticket"]["duplicate"]) == ("P2", True)


def test_a_counter_prints_on_the_kiosks_of_its_own_zone_first(new_site: MakeSite) -> None:
    """The bank is in zone B; the other kiosks help out."""
    kiosks = {"K1": Kiosk("K1", "A", "P1"), "K2": Kiosk("K2", "B", "P2")}
    with new_site(plan=small_plan(kiosks=kiosks)) as site:
        assert printers_for(site.plan, site.tablet("bank-1")) == ["P2", "P1"]
        assert printers_for(site.plan, site.tablet("desk-1")) == ["P1", "P2"]


def test_a_number_without_paper_stays_on_the_list_until_it_is_settled(site: Site) -> None:
    """By a reprint, or by telling the visitor the number; each once."""
    queue = PrintQueue(site.venue)
    visits = [site.visitor("bank") for _ in range(3)]
    jobs = [visit["ticket"]["print_job"] for visit in visits]
    queue.failed(jobs[0], "paper_out")
    assert queue.sending(jobs[1], "P1")
    queue.uncertain(jobs[1], "reset")
    assert sorted(without_paper(site)) == [(1, "failed"), (2, "uncertain")]
    told = accepted(give_without_paper(site.venue, DESK, visits[0]["id"], new_id()))
    assert told["ticket"]["state"] == "cancelled"
    assert newest(site, "number_handed_over")["data"] == {"job": jobs[0]}
    accepted(reprint(site.venue, DESK, visits[1]["id"], new_id()))
    assert without_paper(site) == []
    assert refused(give_without_paper(site.venue, DESK, visits[0]["id"], new_id())).params == {"state": "cancelled"}
    assert refused(give_without_paper(site.venue, DESK, "V0", new_id())).code == "unknown_visit"


def test_who_has_left_needs_no_paper_any_more(site: Site) -> None:
    """The desk's list is of people who stand there without a ticket."""
    visit = site.visitor("bank")
    PrintQueue(site.venue).failed(visit["ticket"]["print_job"], "paper_out")
    assert without_paper(site) == [(1, "failed")]
    accepted(site.visit_does("leave", visit["id"]))
    assert without_paper(site) == []


def test_a_ticket_that_waits_is_not_printed_after_the_number_was_told(site: Site) -> None:
    """The visitor has gone with the number: no paper for nobody."""
    visit = site.visitor("bank")
    accepted(give_without_paper(site.venue, DESK, visit["id"], new_id()))
    assert PrintQueue(site.venue).look("P1") is None


def test_a_number_is_given_without_paper_only_where_there_is_none(site: Site) -> None:
    """Who holds a ticket, or sees it come out, is not told that there is none; the refusal says which it is."""
    visit = site.visitor("bank")
    queue, job = PrintQueue(site.venue), visit["ticket"]["print_job"]
    assert queue.sending(job, "P1")
    for state in ("sending", "printed"):
        assert refused(give_without_paper(site.venue, DESK, visit["id"], new_id())).params == {"state": state}
        queue.printed(job)
    assert site.look(visit["id"])["ticket"]["state"] == "printed"


def test_only_the_desks_own_people_sign_in_there(site: Site) -> None:
    """Whoever was lent to a stand serves at counters; the throttle is the same."""
    device = access.add_device(site.venue, "welcome", "desk").device_id
    site.hire("Nadia")
    access.add_staff(site.venue, "Salma", "welcome", PIN)
    wrong = access.sign_in(site.venue, device, "Nadia", PIN, "welcome")
    assert isinstance(wrong, Refusal) and wrong.code == "wrong_role"
    signed = access.sign_in(site.venue, device, "Salma", PIN, "welcome")
    assert not isinstance(signed, Refusal) and signed["staff"]["name"] == "Salma"
    with pytest.raises(ValueError, match="unknown role"):
        access.add_staff(site.venue, "Omar", "boss", PIN)


# -- priority by hand ------------------------------------------------------------------------------------------------


def head_start(site: Site, visit: str) -> float:
    """The minutes that the router knows of."""
    site.db.write(lambda tx: site.venue.router.mirror.sync(tx, site.clock.now()) and None)
    floor = site.venue.router.mirror.floor
    assert floor is not None
    return floor.visits[visit].head_start / 60_000


def prioritise(site: Site, visit: str, reason: str | None, command: str | None = None) -> Any:
    """Press a reason at the desk."""
    return give_priority(site.venue, DESK, visit, command or new_id(), reason)


def test_priority_by_hand_reaches_the_router_and_the_clerk_reads_why(site: Site) -> None:
    """Called before who came a little earlier, with the reason and its minutes; who gave it is in the log."""
    site.visitor("bank")
    first = site.visitor("bank")
    site.wait(5)
    late = site.visitor("bank")
    given = accepted(prioritise(site, late["id"], "pregnant"))
    assert given["priority"] == {"reason": "pregnant", "minutes": 15}
    told = newest(site, "priority_given")
    assert (told["visit"], told["staff"]) == (late["id"], "u_salma")
    assert told["data"] == {"reason": "pregnant", "minutes": 15}
    called = site.press("bank-1", "open", "call-next")
    assert called["visit"]["id"] == late["id"]
    why = called["why"]
    assert (why["code"], why["reason"], why["head_start"]) == ("priority", "pregnant", 15)
    assert newest(site, "visitor_called")["data"]["head_start"] == 15, "the fairness report knows the bound"
    assert site.press("bank-1", "start", "finish", "call-next")["visit"]["number"] < first["number"]


def test_the_same_priority_given_again_is_no_news(site: Site) -> None:
    """Two people at the desk press the same button: the log has it once, and so has taking it back."""
    visit = site.visitor("bank")["id"]
    for reason in ("pregnant", "pregnant", None, None):
        accepted(prioritise(site, visit, reason))
    kinds = [kind for kind in site.events() if kind.startswith("priority_")]
    assert kinds == ["priority_given", "priority_taken_back"]


def test_priority_is_bounded_minutes_and_no_class_of_its_own(site: Site) -> None:
    """Who came more than those minutes earlier still comes first."""
    first = site.visitor("bank")
    site.wait(20)
    late = site.visitor("bank")
    accepted(prioritise(site, late["id"], "elderly"))
    assert site.press("bank-1", "open", "call-next")["visit"]["id"] == first["id"]


def test_a_need_that_is_told_later_stands_with_the_visit_and_counts_as_the_settings_say(new_site: MakeSite) -> None:
    """The greater head start counts, never the sum; taken back, everything is as before, also after a restart."""
    plan = replace(small_plan(), routing=replace(small_plan().routing, needs_head_start={"low_vision": 20.0}))
    with new_site(plan=plan) as site:
        visit = site.visitor("bank", person=FAMILY[0])["id"]
        before = head_start(site, visit)
        accepted(prioritise(site, visit, "low_vision"))
        assert head_start(site, visit) == 20
        assert json.loads(site.one("SELECT needs FROM visit WHERE id = :v", v=visit)) == ["wheelchair", "low_vision"]
        accepted(prioritise(site, visit, "unwell"))
        assert head_start(site, visit) == 15
        assert json.loads(site.one("SELECT needs FROM visit WHERE id = :v", v=visit)) == ["wheelchair"]
        again = HallRouter(site.plan, site.db)
        site.db.write(lambda tx: again.mirror.sync(tx, site.clock.now()) and None)
        assert again.mirror.floor is not None and again.mirror.floor.visits[visit].by_hand == "unwell"
        back = accepted(prioritise(site, visit, None))
        assert back["priority"] is None and head_start(site, visit) == before
        assert newest(site, "priority_taken_back")["data"]["reason"] == "unwell"


def test_a_need_that_is_the_members_own_stays_when_priority_for_it_is_taken_back(new_site: MakeSite) -> None:
    """It was kept with the member before anybody gave priority for it: whoever serves must go on knowing."""
    plan = replace(small_plan(), routing=replace(small_plan().routing, needs_head_start={"wheelchair": 20.0}))
    with new_site(plan=plan) as site:
        visit = site.visitor("bank", person=FAMILY[0])["id"]
        for reason in ("wheelchair", "unwell", "wheelchair", None):
            accepted(prioritise(site, visit, reason))
            assert json.loads(site.one("SELECT needs FROM visit WHERE id = :v", v=visit)) == ["wheelchair"], reason


def test_priority_is_refused_where_the_organiser_gives_none_and_once_the_visit_is_over(new_site: MakeSite) -> None:
    """And the same command again changes nothing more."""
    with new_site(plan=replace(small_plan(), desk_priority_minutes=0)) as site:
        visit = site.visitor("bank")["id"]
        assert refused(prioritise(site, visit, "other")).code == "no_priority"
        assert head_start(site, visit) == 0
        accepted(site.visit_does("leave", visit))
        assert refused(prioritise(site, visit, "other")).code == "wrong_state"
        assert refused(prioritise(site, "nobody", "other")).code == "unknown_visit"


def restored_at(site: Site, copy_at: int) -> None:
    """Have a copy been brought back, of which the last thing happened at `copy_at`."""
    data = {"copy_at": copy_at, "marker_lost": False}
    site.db.write(lambda tx: tx.emit("database_restored", site.clock.now(), data, service_day=site.plan.days[0].id))


def recall(site: Site, visit: str, number: int | None, came_at: int | None) -> Answer | Refusal:
    """Enter what somebody remembers at the desk."""
    return remember(site.venue, DESK, visit, new_id(), Remembered(number, came_at))


@pytest.mark.parametrize("when", ["before the choice", "after it"])
def test_whoever_was_lost_in_a_restore_waits_from_when_they_came_and_is_found_by_the_old_number(
    site: Site, when: str
) -> None:
    """In front of who came meanwhile, never from before the copy; boards, paper and log have the new number."""
    site.wait(30)
    copied = site.clock.now()
    site.wait(20)
    came_at = site.clock.now()
    site.wait(20)
    meanwhile = site.visitor("bank")
    restored_at(site, copied)
    lost = site.scan(site.newcomer().code)["visit"]["id"]
    if when == "before the choice":
        assert accepted(recall(site, lost, 23, came_at))["number"] is None
        chosen = accepted(site.choose(lost, "bank"))
    else:
        accepted(site.choose(lost, "bank"))
        chosen = accepted(recall(site, lost, 23, came_at))
    assert (chosen["number"], chosen["old_number"]) == (meanwhile["number"] + 1, 23)
    assert site.one("SELECT since FROM step WHERE visit = :v", v=lost) == came_at
    assert newest(site, "visit_remembered")["data"] == {"old_number": 23, "since": came_at}
    for number in (23, chosen["number"]):
        assert accepted(find_visit(site.venue, DESK, number))["visit"]["id"] == lost
    site.tablet("bank-1")
    site.press("bank-1", "open")
    assert accepted(site.at("bank-1", "call-next"))["visit"]["id"] == lost
    report = accepted(fairness.of_day(site.venue, site.plan.days[0].id))
    assert report["held"] and all(one["overtaken"] == 0 for one in report["categories"]), "nobody was overtaken"
    accepted(recall(site, lost, 23, copied - 600_000))
    assert site.one("SELECT waits_from FROM visit WHERE id = :v", v=lost) == copied


def test_what_is_remembered_is_refused_where_nothing_was_lost_or_somebody_else_has_the_number(site: Site) -> None:
    """And changes nothing then; without a number the time alone can be entered."""
    known, visit, other = (site.visitor("bank") for _ in range(3))
    assert refused(recall(site, visit["id"], 99, None)).code == "not_restored"
    restored_at(site, site.clock.now())
    assert refused(recall(site, visit["id"], known["number"], None)).code == "number_known"
    accepted(recall(site, visit["id"], 99, None))
    assert refused(recall(site, other["id"], 99, None)).code == "number_known"
    assert accepted(recall(site, other["id"], None, site.clock.now()))["old_number"] is None
    assert welcome.snapshot(site.venue, dict)["restored"]
    assert site.problems() == []


def test_every_reason_of_the_api_is_one_that_the_rules_know() -> None:
    """And none is missing."""
    wanted = PriorityBody.model_json_schema()["properties"]["reason"]["anyOf"][0]["enum"]
    assert wanted == list(priority.REASONS)
