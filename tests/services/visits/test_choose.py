from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin_server.db import days
from checkin_server.domain.refusal import Refusal
from tests.services.conftest import MakeSite
from tests.support.venue import FAMILY, GUEST, Site, accepted, new_id, refused, small_plan

MOTHER, FATHER, CHILD = FAMILY


def services(visit: dict[str, Any], *states: str) -> list[str]:
    """Return the services of a visit's steps, by default of all."""
    return [step["service"] for step in visit["steps"] if not states or step["state"] in states]


def test_the_first_choice_gives_the_number_the_stops_and_the_ticket(site: Site) -> None:
    """All three at once."""
    person = site.newcomer()
    visit = site.scan(person.code)["visit"]["id"]
    site.wait(1)
    chosen = accepted(site.choose(visit, "health", "bank"))
    assert (chosen["number"], chosen["state"], chosen["locale"]) == (1, "open", person.locale)
    assert services(chosen, "waiting") == ["health", "bank"], "in the order of ticking"
    assert chosen["steps"][1]["zone"] == "B" and chosen["steps"][1]["booth"] == "bank"
    assert chosen["steps"][0]["since"] == "2019-12-27T08:01:00Z"
    assert chosen["ticket"]["state"] == "queued" and chosen["ticket"]["printer"] == "P1"
    assert site.look(visit) == chosen


def test_numbers_follow_one_another_without_a_gap(site: Site) -> None:
    """Who scanned and walked off takes none."""
    for expected in range(1, 6):
        site.scan(site.newcomer().code)
        assert site.visitor("bank")["number"] == expected
    assert site.numbers() == [1, 2, 3, 4, 5]
    assert site.one("SELECT last_number FROM service_day") == 5


def test_choosing_again_keeps_the_number_and_prints_no_second_ticket(site: Site) -> None:
    """One number a visit, whatever is added."""
    visit = site.visitor("bank")
    site.visitor("bank")
    again = accepted(site.choose(visit["id"], "bank", "health"))
    assert again["number"] == 1
    assert again["ticket"]["print_job"] == visit["ticket"]["print_job"]
    assert site.one("SELECT count(*) FROM print_job WHERE visit = :v", v=visit["id"]) == 1


def test_when_the_number_was_given_stays_with_the_visit_whatever_is_chosen_later(site: Site) -> None:
    """A day's figures count from it."""
    visit = site.visitor("bank")["id"]
    given = site.one("SELECT numbered_at FROM visit WHERE id = :id", id=visit)
    site.wait(5)
    accepted(site.choose(visit, "bank", "health"))
    assert site.one("SELECT numbered_at FROM visit WHERE id = :id", id=visit) == given


def test_a_service_added_later_waits_from_then(site: Site) -> None:
    """Registering one stop early buys no place in other queues."""
    visit = site.visitor("bank")
    site.wait(10)
    site.visitor("health")
    site.wait(10)
    chosen = accepted(site.choose(visit["id"], "bank", "health"))
    bank, health = chosen["steps"]
    assert (bank["since"], health["since"]) == ("2019-12-27T08:00:00Z", "2019-12-27T08:20:00Z")
    assert health["position"] == 2


def test_a_service_no_longer_ticked_is_dropped_and_the_others_keep_their_place(site: Site) -> None:
    """Adding and dropping are one choice."""
    visit = site.visitor("bank", "health")
    site.wait(5)
    chosen = accepted(site.choose(visit["id"], "health", "advice"))
    assert services(chosen, "cancelled") == ["bank"]
    assert services(chosen, "waiting") == ["health", "advice"]
    assert chosen["steps"][1]["since"] == "2019-12-27T08:00:00Z"
    event = json.loads(site.rows("SELECT data FROM event WHERE kind = 'services_chosen' ORDER BY seq")[-1]["data"])
    assert (event["added"], event["dropped"], event["first"]) == (["advice"], ["bank"], False)


def test_a_dropped_service_may_be_wanted_again_and_then_queues_anew(site: Site) -> None:
    """Changing one's mind twice costs the place."""
    visit = site.visitor("bank", "health")["id"]
    accepted(site.choose(visit, "health"))
    site.wait(5)
    chosen = accepted(site.choose(visit, "health", "bank"))
    assert [(s["service"], s["state"]) for s in chosen["steps"]] == [
        ("bank", "cancelled"),
        ("health", "waiting"),
        ("bank", "waiting"),
    ]
    assert chosen["steps"][2]["since"] == "2019-12-27T08:05:00Z"


def test_what_was_served_is_not_asked_for_again(site: Site) -> None:
    """A screen shows it ticked; confirming that changes nothing."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    chosen = accepted(site.choose(visit, "bank", "health", "advice"))
    assert [(s["service"], s["state"]) for s in chosen["steps"]] == [
        ("bank", "served"),
        ("health", "waiting"),
        ("advice", "waiting"),
    ]


def test_a_visit_that_was_done_is_open_again_when_something_is_added(site: Site) -> None:
    """On the way out they remember the insurance."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    assert site.look(visit)["state"] == "done"
    chosen = accepted(site.choose(visit, "bank", "health"))
    assert (chosen["state"], chosen["number"]) == ("open", 1)


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        (["hairdresser"], [("hairdresser", "unknown_service")]),
        (["bank", "telecom"], [("telecom", "service_closed")]),
        (["bank", "school"], [("school", "not_eligible")]),
        (["telecom", "hairdresser", "bank"], [("telecom", "service_closed"), ("hairdresser", "unknown_service")]),
    ],
)
def test_one_service_that_cannot_be_given_refuses_all_by_name_and_changes_nothing(
    site: Site, wanted: list[str], named: list[tuple[str, str]]
) -> None:
    """All or nothing; no number is taken for a refused choice."""
    retired = next(person for person in site.crowd if person.category == "retired")
    visit = site.scan(retired.code)["visit"]["id"]
    before = site.everything()
    refusal = refused(site.choose(visit, *wanted))
    assert refusal.code == "services_refused"
    assert [(r["service"], r["reason"]) for r in refusal.params["refused"]] == named
    assert site.everything() == before
    assert accepted(site.choose(visit, "bank"))["number"] == 1


def test_choosing_nothing_is_refused(site: Site) -> None:
    """A visit without a stop would be lost."""
    visit = site.visitor("bank")["id"]
    assert refused(site.choose(visit)).code == "no_services"
    assert services(site.look(visit), "waiting") == ["bank"]


def test_an_unknown_visit_is_refused(site: Site) -> None:
    """A reference nobody was given."""
    assert refused(site.choose("V" + "B" * 32, "bank")).code == "unknown_visit"


def test_who_has_left_chooses_no_more(site: Site) -> None:
    """The refusal says that they left."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("leave", visit))
    assert refused(site.choose(visit, "health")).params == {"state": "left"}


def test_after_the_day_has_closed_nobody_chooses(site: Site) -> None:
    """A number of a closed day would never be called."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    site.db.write(lambda tx: days.close(tx, "2019-12-27", site.clock.now()))
    assert refused(site.choose(visit, "bank")).params == {"state": "day_closed"}


def test_a_stop_cannot_be_dropped_while_its_counter_calls(site: Site) -> None:
    """And the services added in the same choice are not added."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next")
    before = site.everything()
    refusal = refused(site.choose(visit, "health", "advice"))
    assert (refusal.code, refusal.params) == ("wrong_state", {"state": "called", "service": "bank"})
    assert site.everything() == before
    assert services(accepted(site.choose(visit, "bank", "health", "advice")), "waiting") == ["health", "advice"]


def test_the_language_of_the_visit_can_be_chosen_and_is_the_ticket_s(site: Site) -> None:
    """The card's language is only the first guess."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    assert accepted(site.choose(visit, "bank", locale="zgh"))["locale"] == "zgh"
    assert json.loads(site.one("SELECT spec FROM print_job"))["locale"] == "zgh"


def test_a_language_that_is_not_spoken_here_is_refused_and_changes_nothing(site: Site) -> None:
    """Four languages, named in the contract."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    before = site.everything()
    assert refused(site.choose(visit, "bank", locale="tlh")).code == "unknown_locale"
    assert site.everything() == before


# -- the party -----------------------------------------------------------------------------------------------------


def test_a_family_gets_one_number_for_its_party(site: Site) -> None:
    """One scan, tick who is here, one number."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    chosen = accepted(site.choose(visit, "bank", party=[MOTHER.id, CHILD.id], keep_together=True))
    assert (chosen["number"], chosen["party"]) == (1, [MOTHER.id, CHILD.id])
    assert chosen["keep_together"] is True
    assert site.one("SELECT party_size FROM visit") == 2
    assert site.one("SELECT count(*) FROM visit") == 1


def test_the_party_can_change_later_and_stays_when_it_is_not_mentioned(site: Site) -> None:
    """Father parks the car; the child goes home with him."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    accepted(site.choose(visit, "bank", party=[MOTHER.id, CHILD.id]))
    assert accepted(site.choose(visit, "bank", "health"))["party"] == [MOTHER.id, CHILD.id]
    changed = accepted(site.choose(visit, "bank", "health", party=[FATHER.id]))
    assert changed["party"] == [MOTHER.id, FATHER.id], "whose card began the visit stays in it"
    assert site.one("SELECT party_size FROM visit") == 2
    assert site.scan(CHILD.code)["outcome"] == "admitted", "who was taken out may come alone"


@pytest.mark.parametrize(("stranger", "reason"), [(GUEST.id, "not_family"), ("M999999", "not_family")])
def test_only_the_member_s_own_family_can_be_in_the_party(site: Site, stranger: str, reason: str) -> None:
    """Nobody signs strangers in, and nothing is half done."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    before = site.everything()
    refusal = refused(site.choose(visit, "bank", party=[CHILD.id, stranger]))
    assert refusal.code == "party_refused"
    assert refusal.params["refused"] == [{"member": stranger, "reason": reason}]
    assert site.everything() == before


def test_who_has_a_visit_of_their_own_cannot_be_in_another_party(site: Site) -> None:
    """Nobody is in two places."""
    site.visitor("bank", person=FATHER)
    visit = site.scan(MOTHER.code)["visit"]["id"]
    refusal = refused(site.choose(visit, "bank", party=[FATHER.id, CHILD.id]))
    assert refusal.params["refused"] == [{"member": FATHER.id, "reason": "has_own_visit"}]
    assert site.look(visit)["number"] is None


# -- the ticket ----------------------------------------------------------------------------------------------------


def test_the_ticket_is_queued_in_the_transaction_that_gives_the_number(site: Site) -> None:
    """Both come with one commit: there is no number without its ticket."""
    commits: list[set[str]] = []
    site.db.feed.follow(lambda events: commits.append({event.kind for event in events}))
    site.visitor("bank")
    assert {"services_chosen", "ticket_queued"} in commits


def test_if_the_ticket_cannot_be_queued_the_number_is_not_given(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half done: the next visitor gets that number."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    before = site.everything()

    def out_of_order(locale: str) -> Any:
        raise LookupError(f"no words in {locale}")

    object.__setattr__(site.venue, "words", out_of_order)
    with pytest.raises(LookupError):
        site.choose(visit, "bank")
    assert site.everything() == before


def test_a_ticket_says_what_the_visitor_needs_in_their_language(site: Site) -> None:
    """Number, stops, offers for the category, time of the venue, and the reference to scan; no name."""
    person = site.crowd[0]
    site.press("bank-1", "open")
    visit = site.scan(person.code)["visit"]["id"]
    accepted(site.choose(visit, "health", "bank", locale="fr"))
    spec = json.loads(site.one("SELECT spec FROM print_job"))
    assert (spec["number"], spec["qr"], spec["duplicate"]) == (1, visit, None)
    assert [stop["title"] for stop in spec["route"]] == ["Bank (fr)", "Health (fr)"], "a known wait before an unknown"
    assert spec["first"]["title"] == "Bank (fr)" and spec["first"]["zone"] == {"id": "B", "shape": "square"}
    assert [offer["text"] for offer in spec["offers"]] == ["Loan at a better rate (fr)"]
    assert spec["printed_at"] == "27/12/2019 09:00"
    written = json.dumps(spec, ensure_ascii=False)
    assert person.name_la not in written and person.name_ar not in written and person.id not in written


def test_each_kiosk_prints_on_its_own_printer(site: Site) -> None:
    """The paper comes out where the visitor stands."""
    site.kiosk = type(site.kiosk)("d_other", "kiosk", "K2")
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    assert accepted(site.choose(visit, "bank"))["ticket"]["printer"] == "P2"


def test_a_venue_without_printers_still_gives_numbers(new_site: MakeSite) -> None:
    """The number is on the screen in large then."""
    with new_site(plan=small_plan(printers={}, kiosks={})) as site:
        chosen = site.visitor("bank")
        assert (chosen["number"], chosen["ticket"]) == (1, None)
        assert refused(site.visit_does("reprint", chosen["id"])).code == "no_printer"


# -- asking twice --------------------------------------------------------------------------------------------------


def test_the_same_command_again_gets_the_first_answer_and_does_nothing(site: Site) -> None:
    """However much has happened since."""
    visit, command = site.scan(site.newcomer().code)["visit"]["id"], new_id()
    first = accepted(site.choose(visit, "bank", command=command))
    site.press("bank-1", "open", "call-next")
    before = site.everything()
    assert site.choose(visit, "bank", command=command) == first
    assert site.everything() == before


def test_the_same_id_with_other_services_is_refused(site: Site) -> None:
    """An id names one command."""
    visit, command = site.scan(site.newcomer().code)["visit"]["id"], new_id()
    accepted(site.choose(visit, "bank", command=command))
    assert refused(site.choose(visit, "health", command=command)).code == "id_reused"
    assert services(site.look(visit)) == ["bank"]


def test_a_refused_choice_is_refused_again_under_the_same_id(site: Site) -> None:
    """Refusals are answers too."""
    visit, command = site.scan(site.newcomer().code)["visit"]["id"], new_id()
    first = refused(site.choose(visit, "telecom", command=command))
    assert site.choose(visit, "telecom", command=command) == first


_OFFERED = ["bank", "health", "enrolment", "advice", "school", "telecom", "hairdresser"]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(_OFFERED), max_size=4), min_size=1, max_size=4))
def test_whatever_is_ticked_in_whatever_order_the_visit_holds_the_last_accepted_choice(
    site: Site, choices: list[list[str]]
) -> None:
    """Refused choices leave no trace; accepted ones replace what was open."""
    visit = site.scan(next(site._newcomers).code)["visit"]["id"]
    holds: set[str] = set()
    for wanted in choices:
        answer = site.choose(visit, *wanted)
        if not isinstance(answer, Refusal):
            holds = set(wanted)
        shown = site.look(visit)
        assert set(services(shown, "waiting")) == holds
        assert len(services(shown, "waiting")) == len(holds)
        assert (shown["number"] is None) == (not holds)
    assert site.problems() == []


def test_a_missed_stop_that_is_ticked_again_waits_again_at_its_old_place(site: Site) -> None:
    """Given up after two missed calls, and then the visitor stands at a kiosk."""
    visit = site.visitor("bank")
    since = visit["steps"][0]["since"]
    site.press("bank-1", "open")
    for _ in range(2):
        site.wait(5)
        site.press("bank-1", "call-next")
        site.press("bank-1", "no-show")
    assert services(site.look(visit["id"]), "no_show") == ["bank"]
    site.wait(5)
    again = accepted(site.choose(visit["id"], "bank"))
    assert services(again, "headed") == ["bank"], "sent at once: the counter is idle"
    assert again["steps"][0]["since"] == since
    assert site.press("bank-1", "call-next")["outcome"] == "called"
