from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from checkin_server.db import days
from checkin_server.services.day import open_and_close
from checkin_server.services.visits import actions
from checkin_server.services.visits.propose_route import propose
from tests.services.conftest import MakeSite
from tests.support.venue import Site, accepted, new_id, refused, small_plan


def feedback(site: Site, visit: str, command: str | None = None, **said: Any) -> Any:
    """Say what a visitor thinks."""
    body = {"scores": {}, "text": None, "kind": None, **said}
    return actions.give_feedback(site.venue, site.kiosk, visit, command or new_id(), body)


# -- holding and going on --------------------------------------------------------------------------------------------


def test_a_held_visit_is_not_called_and_keeps_its_place(site: Site) -> None:
    """Prayer, a missing paper: others are called, the place stays."""
    visit = site.visitor("bank")["id"]
    site.wait(1)
    site.visitor("bank")
    held = accepted(site.visit_does("hold", visit, minutes=15))
    assert (held["state"], held["hold_until"], held["next"]["kind"]) == ("held", "2019-12-27T08:16:00Z", "held")
    assert held["steps"][0]["position"] == 1
    assert site.press("bank-1", "open", "call-next")["visit"]["number"] == 2
    site.press("bank-1", "start", "finish")
    assert site.press("bank-1", "call-next") == {"outcome": "nobody", "next_expected": "2019-12-27T08:16:00Z"}


def test_a_hold_ends_by_itself_at_its_time(site: Site) -> None:
    """Nobody is lost for not pressing a button."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", visit, minutes=15))
    site.wait(15)
    assert site.look(visit)["state"] == "open"
    assert site.press("bank-1", "open", "call-next")["visit"]["number"] == 1
    assert site.look(visit)["hold_until"] is None


def test_a_short_hold_does_not_shorten_the_rest_after_a_missed_call(site: Site) -> None:
    """One minute of hold within two of rest: the two count."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", "call-next", "no-show")
    accepted(site.visit_does("hold", visit, minutes=1))
    site.wait(1.5)
    assert site.press("bank-1", "call-next") == {"outcome": "nobody", "next_expected": "2019-12-27T08:02:00Z"}
    site.wait(0.5)
    assert site.press("bank-1", "call-next")["outcome"] == "called"


def test_who_is_done_has_no_place_to_hold(site: Site) -> None:
    """Every service was given; the refusal says so."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    assert refused(site.visit_does("hold", visit)).params == {"state": "done"}


def test_resuming_ends_a_hold_at_once(site: Site) -> None:
    """They are back sooner than they thought."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", visit, minutes=60))
    back = accepted(site.visit_does("resume", visit))
    assert (back["state"], back["hold_until"]) == ("open", None)
    assert site.press("bank-1", "open", "call-next")["outcome"] == "called"


def test_a_visitor_who_is_called_cannot_hold(site: Site) -> None:
    """The counter is waiting; the refusal says so."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next")
    assert refused(site.visit_does("hold", visit)).params == {"state": "called"}


def test_before_choosing_there_is_nothing_to_hold_or_resume(site: Site) -> None:
    """No place, no hold."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    assert refused(site.visit_does("hold", visit)).params == {"state": "choosing"}
    assert refused(site.visit_does("resume", visit)).params == {"state": "choosing"}


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_leaving_cancels_what_waits_and_keeps_what_was_served(site: Site) -> None:
    """The number stays used; nobody else gets it."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    left = accepted(site.visit_does("leave", visit))
    assert left["state"] == "left"
    assert [(s["service"], s["state"]) for s in left["steps"]] == [("bank", "served"), ("health", "cancelled")]
    assert site.press("health-1", "open", "call-next")["outcome"] == "nobody"
    assert site.visitor("bank")["number"] == 2
    assert site.problems() == []


def test_who_leaves_gives_up_what_was_parked_and_what_was_missed_too(site: Site) -> None:
    """No counter finds them among those it could bring back."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next", "park")
    site.press("health-1", "open")
    for _ in range(site.plan.missed_limit):
        site.press("health-1", "call-next", "no-show")
        site.wait(site.plan.missed_rest_minutes)
    assert [step["state"] for step in site.look(visit)["steps"]] == ["no_show", "parked"]
    left = accepted(site.visit_does("leave", visit))
    assert [step["state"] for step in left["steps"]] == ["cancelled", "cancelled"]
    assert site.problems() == []


@pytest.mark.parametrize("actions", [["call-next"], ["call-next", "start"]])
def test_nobody_leaves_while_a_counter_has_them(site: Site, actions: list[str]) -> None:
    """The counter would wait for somebody who is gone."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", *actions)
    assert refused(site.visit_does("leave", visit)).code == "wrong_state"
    assert site.look(visit)["state"] == "open"


def test_who_leaves_before_choosing_takes_no_number(site: Site) -> None:
    """And counts as having been here."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    assert accepted(site.visit_does("leave", visit))["number"] is None
    assert site.visitor("bank")["number"] == 1


@pytest.mark.parametrize("action", ["hold", "resume", "leave", "reprint"])
def test_a_visit_that_was_left_allows_nothing_more(site: Site, action: str) -> None:
    """Left is left."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("leave", visit))
    assert refused(site.visit_does(action, visit)).params == {"state": "left"}


@pytest.mark.parametrize("action", ["hold", "resume", "leave", "reprint"])
def test_a_visit_of_a_closed_day_allows_nothing_more(site: Site, action: str) -> None:
    """The refusal says that the day has closed."""
    visit = site.visitor("bank")["id"]
    site.db.write(lambda tx: days.close(tx, "2019-12-27", site.clock.now()))
    assert refused(site.visit_does(action, visit)).params == {"state": "day_closed"}


def test_a_visit_of_an_earlier_day_allows_nothing_more_although_another_is_open(site: Site) -> None:
    """Yesterday's ticket holds no place, and ends nothing, today."""
    visit = site.visitor("bank")["id"]
    open_and_close.close_day(site.venue)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    for action in ("hold", "resume", "leave", "reprint"):
        assert refused(site.visit_does(action, visit)).params == {"state": "day_closed"}, action
    assert refused(site.choose(visit, "health")).params == {"state": "day_closed"}


@pytest.mark.parametrize("action", ["hold", "resume", "leave", "reprint"])
def test_an_unknown_visit_is_refused(site: Site, action: str) -> None:
    """A reference nobody was given."""
    assert refused(site.visit_does(action, "V" + "B" * 32)).code == "unknown_visit"


def test_looking_at_a_visit_changes_nothing(site: Site) -> None:
    """And an unknown one is refused."""
    visit = site.visitor("bank")["id"]
    before = site.everything()
    site.look(visit)
    assert site.everything() == before
    assert refused(actions.look(site.venue, site.kiosk, "V" + "B" * 32)).code == "unknown_visit"


# -- printing again --------------------------------------------------------------------------------------------------


def test_a_reprint_keeps_the_number_and_says_that_it_is_a_duplicate(site: Site) -> None:
    """A new print job; the number and the reference are the same."""
    visit = site.visitor("bank", person=site.crowd[0])
    again = accepted(site.visit_does("reprint", visit["id"]))
    assert again["number"] == visit["number"]
    assert again["ticket"]["print_job"] != visit["ticket"]["print_job"]
    first, second = (json.loads(row["spec"]) for row in site.rows("SELECT spec FROM print_job ORDER BY created_at"))
    assert first["duplicate"] is None and second["duplicate"]
    assert (second["number"], second["qr"]) == (first["number"], first["qr"])


def test_a_ticket_that_is_printed_again_names_the_stops_still_to_come(site: Site) -> None:
    """Not what was set aside or is being served, nor what was given."""
    visit = site.visitor("bank", "health", "advice")
    site.press("bank-1", "open", "call-next", "park")
    site.press("desk-1", "open", "call-next", "start")
    accepted(site.visit_does("reprint", visit["id"]))
    spec = json.loads(site.one("SELECT spec FROM print_job WHERE kind = 'duplicate'"))
    assert [stop["title"] for stop in spec["route"]] == [site.plan.service("health").name[visit["locale"]]]


def test_there_is_nothing_to_reprint_before_choosing(site: Site) -> None:
    """No number, no ticket."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    assert refused(site.visit_does("reprint", visit)).params == {"state": "choosing"}


def test_a_reprint_sent_twice_prints_once(site: Site) -> None:
    """The same id is the same command."""
    visit, command = site.visitor("bank")["id"], new_id()
    first = accepted(site.visit_does("reprint", visit, command=command))
    assert site.visit_does("reprint", visit, command=command) == first
    assert site.one("SELECT count(*) FROM print_job") == 2


# -- saying what they think ------------------------------------------------------------------------------------------


def test_scores_and_words_are_kept_with_their_service_and_language(site: Site) -> None:
    """Counted and in full."""
    visit = site.visitor("bank", person=site.crowd[0])["id"]
    said = feedback(site, visit, scores={"bank": 5, "health": 2}, text="مزيدا من الكراسي", kind="proposal")
    assert said == {"outcome": "thanks"}
    rows = site.rows("SELECT service, score, kind, text, locale FROM feedback ORDER BY service")
    scores = {row["service"]: row["score"] for row in rows if row["service"]}
    assert scores == {"bank": 5, "health": 2}
    (words,) = (row for row in rows if row["text"])
    assert (words["text"], words["kind"], words["locale"]) == ("مزيدا من الكراسي", "proposal", site.crowd[0].locale)


def test_an_opinion_about_a_service_that_does_not_exist_is_refused_whole(site: Site) -> None:
    """Nothing of it is kept."""
    visit = site.visitor("bank")["id"]
    assert refused(feedback(site, visit, scores={"bank": 5, "hairdresser": 1})).code == "services_refused"
    assert site.one("SELECT count(*) FROM feedback") == 0


def test_who_has_left_may_still_say_what_they_think(site: Site) -> None:
    """The last thing one does on the way out."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("leave", visit))
    assert feedback(site, visit, scores={"bank": 3}) == {"outcome": "thanks"}


def test_an_opinion_sent_twice_is_kept_once(site: Site) -> None:
    """The same id is the same command; an unknown visit has none."""
    visit, command = site.visitor("bank")["id"], new_id()
    feedback(site, visit, command, text="More chairs")
    feedback(site, visit, command, text="More chairs")
    assert site.one("SELECT count(*) FROM feedback") == 1
    assert refused(feedback(site, "V" + "B" * 32, text="x")).code == "unknown_visit"


def test_the_words_of_an_opinion_are_not_in_the_event_log(site: Site) -> None:
    """People write names and telephone numbers."""
    visit = site.visitor("bank")["id"]
    feedback(site, visit, text="Call me on 0600000000")
    assert "0600000000" not in str(site.rows("SELECT data FROM event"))


# -- at the kiosk again ----------------------------------------------------------------------------------------------


def test_one_step_is_brought_back_and_the_hold_goes_on(site: Site) -> None:
    """Of two parked steps the one that was named waits again, at its old place; a wrong name changes nothing."""
    visit = site.visitor("bank", "health")["id"]
    for counter in ("bank-1", "health-1"):
        site.press(counter, "open", "call-next", "park")
    bank, health = site.look(visit)["steps"]
    actor = site.kiosk
    wrong = actions.resume(site.venue, actor, visit, new_id(), (bank["id"], "s-nobody"))
    assert refused(wrong).params == {"state": "unknown", "step": "s-nobody"}
    accepted(site.visit_does("hold", visit, minutes=20))
    after = accepted(actions.resume(site.venue, actor, visit, new_id(), (bank["id"],)))
    assert [step["state"] for step in after["steps"]] == ["waiting", "parked"]
    assert (after["state"], after["steps"][0]["since"]) == ("held", bank["since"])
    assert refused(actions.resume(site.venue, actor, visit, new_id(), (bank["id"],))).code == "wrong_state"
    assert health["state"] == "parked"


def test_a_second_score_replaces_the_first_and_keeps_the_language_it_was_given_in(site: Site) -> None:
    """One visit, one voice on a stand; texts add up."""
    visit = site.visitor("bank")["id"]
    feedback(site, visit, scores={"bank": 1}, text="Slow", kind="opinion", locale="en")
    feedback(site, visit, scores={"bank": 4, "health": 2}, text="ⵜⴰⵏⵎⵎⵉⵔⵜ", kind="proposal", locale="zgh")
    scores = site.rows("SELECT service, score, locale FROM feedback WHERE score IS NOT NULL ORDER BY service")
    assert [tuple(row.values()) for row in scores] == [("bank", 4, "zgh"), ("health", 2, "zgh")]
    assert site.one("SELECT count(*) FROM feedback WHERE text IS NOT NULL") == 2


def test_a_proposed_route_keeps_the_plans_order(new_site: MakeSite) -> None:
    """What comes after another stop is proposed after it, even where nobody waits."""
    full = small_plan()
    services = {**full.services, "advice": replace(full.services["advice"], after=("health",))}
    with new_site(plan=small_plan(services=services)) as site:
        for counter in ("desk-1", "health-1"):
            site.press(counter, "open")
        site.visitor("health")
        card = site.scan(site.newcomer().code)["visit"]["id"]
        shown = accepted(propose(site.venue, card, ("advice", "health")))
        assert [(leg["service"], leg["why"]) for leg in shown["route"]] == [
            ("health", {"code": "soonest"}),
            ("advice", {"code": "after", "first": "health"}),
        ]


def test_a_proposed_route_counts_what_is_done_before_each_stop(site: Site) -> None:
    """Nobody waits anywhere, and the second stop is still a service away; it costs no look-ahead of its own."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    card = site.scan(site.newcomer().code)["visit"]["id"]
    foretelling = site.venue.router.foretelling
    foretelling.renew(site.clock.now())
    seen = foretelling.prospect
    first, second = accepted(propose(site.venue, card, ("bank", "health")))["route"]
    alone = accepted(propose(site.venue, card, (second["service"],)))["route"][0]
    assert foretelling.prospect is seen
    assert alone["expected_wait"]["p50"] == first["expected_wait"]["p50"] == 0
    takes = 60 * site.plan.services[first["service"]].prior_minutes
    assert second["expected_wait"]["p50"] > takes / 2
    assert (first["why"]["code"], second["why"]["code"]) == ("soonest", "meanwhile")


def test_a_route_is_proposed_before_anything_is_decided(site: Site) -> None:
    """Reasons for each stop; no number, no step, no event; what can't be chosen is refused by name."""
    card = site.scan(site.newcomer().code)["visit"]["id"]
    site.press("health-1", "open")
    before = site.events()
    shown = accepted(propose(site.venue, card, ("bank", "health")))
    assert [(leg["service"], leg["why"]["code"]) for leg in shown["route"]] == [
        ("health", "soonest"),
        ("bank", "no_counter"),
    ]
    assert refused(propose(site.venue, card, ("bank", "hairdresser"))).code == "services_refused"
    assert refused(propose(site.venue, "V" + "B" * 32, ("bank",))).code == "unknown_visit"
    assert site.look(card)["number"] is None and site.look(card)["steps"] == []
    assert site.events() == before
