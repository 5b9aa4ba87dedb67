from __future__ import annotations

from typing import Any

import pytest

from tests.services.conftest import MakeSite
from tests.support.shown import counter
from tests.support.venue import FAMILY, OLD_CARD, OTHER_EVENT, UNKNOWN, Site, accepted, refused, small_plan


def scan(site: Site, at: str = "bank-1", **shown: Any) -> dict[str, Any]:
    """Show something at a counter; whoever it is must be served."""
    return accepted(site.at(at, "scan", **shown))


def turned_away(site: Site, at: str = "bank-1", **shown: Any) -> dict[str, Any]:
    """Show something at a counter; return why nobody is served."""
    before = {t: r for t, r in site.everything().items() if t != "event"}
    answer = refused(site.at(at, "scan", **shown))
    assert {t: r for t, r in site.everything().items() if t != "event"} == before, "nothing was changed"
    assert answer.code == "scan_refused"
    return dict(answer.params)


def test_the_ticket_of_whoever_was_called_starts_the_service(site: Site) -> None:
    """Ticket, card or number: all the same."""
    person = site.newcomer()
    visit = site.visitor("bank", person=person)["id"]
    site.press("bank-1", "open")
    for shown in ({"code": visit}, {"code": person.code.lower()}, {"number": 1}):
        site.press("bank-1", "call-next")
        assert scan(site, **shown)["step"]["state"] == "serving"
        site.press("bank-1", "park")
        accepted(site.visit_does("resume", visit))


def test_who_is_next_anyway_is_served_without_a_reason(site: Site) -> None:
    """Came to the counter instead of waiting for the call: called and started in one, and both are in the log."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open")
    answer = scan(site, code=visit)
    assert (answer["outcome"], answer["step"]["state"], answer["why"]) == (
        "started",
        "serving",
        {"code": "came_in_turn"},
    )
    assert site.events()[-2:] == ["visitor_called", "service_started"]


def test_out_of_turn_needs_a_reason_that_is_kept(site: Site) -> None:
    """With the reason the visitor is served; the log and the tablet say why."""
    site.visitor("bank")
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open")
    assert turned_away(site, code=visit) == {"reason": "needs_reason", "number": 2, "ahead": 1, "service": "bank"}
    answer = scan(site, code=visit, reason="frail")
    assert answer["why"] == {"code": "out_of_turn", "reason": "frail"}
    assert counter.snapshot(site.venue, "bank-1")["current"]["why"] == answer["why"]


@pytest.mark.parametrize(("policy", "served"), [("never", False), ("free", True)])
def test_the_venue_decides_whether_anybody_is_served_out_of_turn(new_site: MakeSite, policy: str, served: bool) -> None:
    """Never, also with a reason; or as the counter likes."""
    with new_site(plan=small_plan(out_of_turn=policy)) as site:
        site.visitor("bank")
        visit = site.visitor("bank")["id"]
        site.press("bank-1", "open")
        if served:
            scan(site, code=visit)
        else:
            assert turned_away(site, code=visit, reason="frail")["reason"] == "out_of_turn"


def test_who_was_handed_to_a_counter_that_has_closed_is_ahead_of_later_ones_everywhere(site: Site) -> None:
    """While that counter works they wait for it alone; then they are everybody's, and nobody slips past them."""
    site.visitor("bank")
    site.press("bank-2", "open")
    site.press("bank-1", "open", "call-next")
    accepted(site.at("bank-1", "transfer", to="bank-2"))
    for _ in range(4):  # as many as the ready area takes, so that the first one is sent nowhere
        later = site.visitor("bank")["id"]
    site.press("bank-2", "close")
    assert turned_away(site, code=later) == {"reason": "needs_reason", "number": 5, "ahead": 4, "service": "bank"}


def test_who_was_called_before_comes_back_without_a_reason(site: Site) -> None:
    """Missed, resting, given up, set aside or sent back: their turn has come already."""
    visit = site.visitor("bank")["id"]
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "no-show")
    assert scan(site, code=visit)["why"] == {"code": "came_back"}
    site.press("bank-1", "park")
    assert scan(site, number=1)["step"]["state"] == "serving"


def test_who_holds_their_place_and_comes_is_there(site: Site) -> None:
    """The hold ends."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", visit))
    site.press("bank-1", "open")
    scan(site, code=visit)
    assert site.look(visit)["hold_until"] is None
    site.press("bank-1", "undo")
    assert site.look(visit)["state"] == "held", "an undone scan gives the hold back"


def test_who_is_at_another_counter_is_sent_there(site: Site) -> None:
    """Called or served there: nobody is in two places."""
    visit = site.visitor("bank", "health")["id"]
    site.press("health-1", "open", "call-next")
    site.press("bank-1", "open")
    expected = {"reason": "elsewhere", "number": 1, "counter": "health-1", "service": "health", "state": "called"}
    assert turned_away(site, code=visit) == expected


def test_who_does_not_have_this_service_is_offered_it(site: Site) -> None:
    """One press adds it and begins; behind others it needs a reason like any other exception."""
    visit = site.visitor("health")["id"]
    site.press("bank-1", "open")
    assert turned_away(site, code=visit) == {"reason": "not_chosen", "number": 1, "offer": ["bank"], "ahead": 0}
    site.visitor("bank")
    asked = {"code": visit, "service": "bank", "add": True}
    site.wait(1)
    assert turned_away(site, **asked)["reason"] == "needs_reason"
    assert scan(site, **asked, reason="short_question")["step"]["service"] == "bank"
    before_undo = site.events()
    site.press("bank-1", "undo")
    assert [step["service"] for step in site.look(visit)["steps"]] == ["health"]
    assert before_undo[-3:] == ["service_added", "visitor_called", "service_started"]


def test_what_is_shown_is_refused_with_a_reason(site: Site) -> None:
    """Each in words on the tablet, and the codes in the log."""
    site.press("bank-1", "open")
    entered = site.scan(site.newcomer().code)["visit"]["id"]
    gone = site.visitor("bank")["id"]
    accepted(site.visit_does("leave", gone))
    served = site.visitor("bank")["id"]
    site.press("bank-1", "call-next", "start", "finish")
    for shown, reason in (
        ({"code": "hello"}, "malformed_code"),
        ({"code": UNKNOWN}, "unknown_card"),
        ({"code": OLD_CARD.code}, "revoked_card"),
        ({"code": OTHER_EVENT.code}, "wrong_event"),
        ({"code": FAMILY[0].code}, "no_number"),
        ({"code": entered}, "no_number"),
        ({"code": gone}, "visit_closed"),
        ({"code": served}, "served_already"),
        ({"number": 99}, "unknown_number"),
    ):
        assert turned_away(site, **shown)["reason"] == reason
    assert site.events().count("scan_refused") == 8


def test_a_counter_that_is_not_free_starts_nobody_else(site: Site) -> None:
    """First the visitor who is called; and a closed counter serves nobody."""
    visits = [site.visitor("bank")["id"] for _ in range(2)]
    assert refused(site.at("bank-1", "scan", code=visits[0])).params == {"state": "closed"}
    site.press("bank-1", "open", "call-next")
    assert refused(site.at("bank-1", "scan", code=visits[1])).params == {"state": "called"}
    scan(site, code=visits[0])
    assert refused(site.at("bank-1", "scan", code=visits[0])).params == {"state": "serving"}


def test_of_several_services_the_one_that_waits_longest_is_meant_unless_said_otherwise(site: Site) -> None:
    """A desk that gives two."""
    visit = site.visitor("enrolment")["id"]
    site.wait(1)
    accepted(site.choose(visit, "enrolment", "advice"))
    site.press("desk-1", "open")
    assert scan(site, "desk-1", code=visit)["step"]["service"] == "enrolment"
    site.press("desk-1", "undo")
    assert scan(site, "desk-1", code=visit, service="advice")["step"]["service"] == "advice"


def test_a_refused_scan_leaves_a_visitor_on_the_way_to_where_they_were_sent(site: Site) -> None:
    """Nothing is changed by a refusal, also not that a zone expects them."""
    site.press("health-1", "open")
    site.press("bank-1", "open")
    site.press("school-1", "open")
    visit = site.visitor("health")["id"]
    assert [step["state"] for step in site.look(visit)["steps"]] == ["headed"]
    before = site.everything()
    answer = refused(site.at("school-1", "scan", code=visit, service="school", add=True))
    assert (answer.code, answer.params["refused"][0]["reason"]) == ("services_refused", "not_eligible")
    assert site.everything() == before
