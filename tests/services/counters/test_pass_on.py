from __future__ import annotations

import pytest
from sqlalchemy import text

from checkin_server.services.counters import private_notes
from checkin_server.web import models
from tests.services.conftest import MakeSite
from tests.support.shown import board, counter
from tests.support.venue import Site, accepted, refused, small_plan


def serving(site: Site, *services: str) -> str:
    """Let somebody in who is served at bank-1; return the visit."""
    visit: str = site.visitor(*services)["id"]
    site.press("bank-1", "open", "call-next", "start")
    return visit


def states(site: Site) -> dict[str, str]:
    """Return each step's state by service."""
    return {row["service"]: row["state"] for row in site.rows("SELECT service, state FROM step ORDER BY position")}


# -- transfer -----------------------------------------------------------------------------------------------------


def test_a_transfer_keeps_the_number_and_the_time_of_asking(site: Site) -> None:
    """Sent to the wrong stand: who has waited once need not wait again behind those who came later."""
    serving(site, "bank")
    site.wait(5)
    site.visitor("advice")
    answer = accepted(site.at("bank-1", "transfer", service="advice"))
    assert (answer["step"]["service"], answer["step"]["state"], answer["visit"]["number"]) == ("advice", "waiting", 1)
    assert states(site)["bank"] == "transferred"
    called = site.press("desk-1", "open", "call-next")
    assert called["visit"]["number"] == 1
    assert site.press("bank-1", "call-next")["outcome"] == "nobody"


def test_an_answer_at_a_counter_may_name_a_stop_that_was_transferred(site: Site) -> None:
    """Its type has every state that a step can have."""
    serving(site, "bank")
    accepted(site.at("bank-1", "transfer", service="advice"))
    called = site.press("desk-1", "open", "call-next")
    route = {stop["service"]: stop["state"] for stop in called["visit"]["route"]}
    assert route == {"bank": "transferred", "advice": "called"}
    models.CallAnswer.model_validate(called)


def test_a_transfer_to_a_service_that_is_chosen_already_adds_no_second_one(site: Site) -> None:
    """The stop that is there moves forward, also when it was set aside."""
    visit = serving(site, "bank", "health")
    accepted(site.at("bank-1", "transfer", service="health"))
    assert len(site.rows("SELECT id FROM step WHERE visit = :v", v=visit)) == 2
    assert states(site) == {"bank": "transferred", "health": "waiting"}


def since(site: Site, service: str) -> int:
    """Return since when a service is waited for."""
    return int(site.rows("SELECT since FROM step WHERE service = :s", s=service)[0]["since"])


def test_of_two_times_of_asking_a_transfer_keeps_the_earlier_one(site: Site) -> None:
    """Nobody loses minutes by being sent on."""
    serving(site, "bank")
    came = site.clock.now()
    site.wait(3)
    accepted(site.at("bank-1", "add-service", services=["health"]))
    assert since(site, "health") == site.clock.now()
    site.wait(2)
    accepted(site.at("bank-1", "transfer", service="health"))
    assert since(site, "health") == came, "the bank's time is the earlier one"


@pytest.mark.parametrize("state", ["waiting", "parked", "no_show"])
def test_a_stop_that_was_asked_for_before_keeps_its_own_time_when_it_is_transferred_to(site: Site, state: str) -> None:
    """The stop that is there has waited longer than the one the visitor is sent on from."""
    visit, came = serving(site, "health", "bank"), site.clock.now()
    if state != "waiting":
        site.db.write(lambda tx: tx.run(text(f"UPDATE step SET state = '{state}' WHERE service = 'health'")))
    site.db.write(lambda tx: tx.run(text("UPDATE step SET since = since + 60000 WHERE service = 'bank'")))
    site.wait(5)
    accepted(site.at("bank-1", "transfer", service="health"))
    assert states(site) == {"health": "waiting", "bank": "transferred"}
    assert since(site, "health") == came
    assert len(site.rows("SELECT id FROM step WHERE visit = :v", v=visit)) == 2


def test_a_transfer_to_a_colleague_of_the_same_service_keeps_the_time_of_asking(site: Site) -> None:
    """Also for a counter of another service, where the new stop begins with the old one's time."""
    serving(site, "bank")
    asked = since(site, "bank")
    site.press("bank-2", "open")
    site.press("health-1", "open")
    site.wait(6)
    accepted(site.at("bank-1", "transfer", to="bank-2"))
    assert since(site, "bank") == asked
    site.press("bank-2", "call-next")
    site.wait(6)
    accepted(site.at("bank-2", "transfer", to="health-1"))
    assert since(site, "health") == asked


def test_who_is_handed_to_a_colleague_is_called_by_nobody_else_while_that_counter_works(site: Site) -> None:
    """And by anybody once it has closed: nobody is lost behind a closed counter."""
    serving(site, "bank")
    site.press("bank-2", "open")
    accepted(site.at("bank-1", "transfer", to="bank-2"))
    assert site.press("bank-1", "call-next")["outcome"] == "nobody"
    (waiting,) = counter.snapshot(site.venue, "bank-1")["queue"]
    assert (waiting["free"], waiting["for_counter"]) == (False, "bank-2")
    assert site.press("bank-2", "call-next")["visit"]["number"] == 1
    accepted(site.at("bank-2", "transfer", to="bank-1"))
    site.press("bank-1", "close")
    assert site.press("bank-2", "call-next")["visit"]["number"] == 1


def test_a_transfer_that_makes_no_sense_is_refused_by_name(site: Site) -> None:
    """To itself, to what is closed or not for this visitor, to a counter that doesn't give it or has closed."""
    serving(site, "bank")
    before = site.everything()
    for more, reason in (
        ({"service": "bank"}, "already_here"),
        ({"service": "nothing"}, "unknown_service"),
        ({"service": "telecom"}, "service_closed"),
        ({"service": "health", "to": "desk-1"}, "not_at_counter"),
    ):
        answer = refused(site.at("bank-1", "transfer", **more))
        assert answer.code == "services_refused" and answer.params["refused"][0]["reason"] == reason
    assert refused(site.at("bank-1", "transfer", to="bank-2")).params == {"state": "closed", "counter": "bank-2"}
    assert refused(site.at("bank-1", "transfer", to="bank-1")).code == "unknown_counter"
    assert refused(site.at("bank-1", "transfer")).code == "no_services"
    assert refused(site.at("bank-1", "transfer", to="desk-1")).code == "no_services", "desk-1 gives two"
    assert site.everything() == before


# -- more services, notes -----------------------------------------------------------------------------------------


def test_a_counter_adds_services_that_wait_from_then(site: Site) -> None:
    """All or nothing, and none twice."""
    serving(site, "bank")
    site.wait(3)
    accepted(site.at("bank-1", "add-service", services=["health", "advice"]))
    assert states(site) == {"bank": "serving", "health": "waiting", "advice": "waiting"}
    since = site.rows("SELECT since FROM step WHERE service = 'health'")[0]["since"]
    assert since == site.clock.now()
    answer = refused(site.at("bank-1", "add-service", services=["enrolment", "health", "telecom"]))
    assert answer.params["refused"] == [
        {"service": "health", "reason": "already_chosen"},
        {"service": "telecom", "reason": "service_closed"},
    ]
    assert "enrolment" not in states(site)


def test_a_private_note_is_read_at_its_own_booth_only_and_who_read_it_is_recorded(site: Site) -> None:
    """No public screen, no snapshot, no event says what it says."""
    serving(site, "bank", "health")
    accepted(site.at("bank-1", "note", text="waits for a signature"))
    assert counter.snapshot(site.venue, "bank-1")["current"]["notes"] == 1
    shown = str([board.snapshot(site.venue, "hall"), counter.snapshot(site.venue, "bank-1")])
    assert "signature" not in shown + str(site.rows("SELECT * FROM event"))
    read = accepted(private_notes.read(site.venue, site.tablet("bank-1"), "bank-1"))
    assert [note["text"] for note in read["notes"]] == ["waits for a signature"]
    assert site.events()[-2:] == ["note_written", "notes_read"]
    site.press("bank-1", "finish")
    site.press("health-1", "open", "call-next")
    assert counter.snapshot(site.venue, "health-1")["current"]["notes"] == 0, "nor that there is one"
    assert accepted(private_notes.read(site.venue, site.tablet("health-1"), "health-1"))["notes"] == []
    assert refused(private_notes.read(site.venue, site.tablet("bank-1"), "bank-1")).code == "wrong_state"


# -- recall, quick finish, second chance --------------------------------------------------------------------------


def test_a_visitor_is_called_again_as_often_as_the_rules_allow(new_site: MakeSite) -> None:
    """And not right after the last time."""
    with new_site(plan=small_plan(recall_limit=2, recall_pause_s=20.0)) as site:
        site.visitor("bank")
        site.press("bank-1", "open", "call-next")
        answer = refused(site.at("bank-1", "recall"))
        assert (answer.code, answer.params) == ("recall_too_soon", {"retry_after": 20})
        for _ in range(2):
            site.wait(0.5)
            site.press("bank-1", "recall")
        site.wait(0.5)
        answer = refused(site.at("bank-1", "recall"))
        assert (answer.code, answer.params) == ("recall_limit", {"limit": 2})
        assert counter.snapshot(site.venue, "bank-1")["current"]["recalls_left"] == 0


def test_a_new_call_has_been_repeated_by_nobody(new_site: MakeSite) -> None:
    """Whoever was recalled as often as allowed and missed it all the same may be recalled at the next call again."""
    with new_site(plan=small_plan(recall_limit=1, recall_pause_s=0.0)) as site:
        site.visitor("bank")
        site.press("bank-1", "open", "call-next", "recall")
        assert refused(site.at("bank-1", "recall")).code == "recall_limit"
        site.press("bank-1", "no-show")
        site.wait(site.plan.missed_rest_minutes)
        assert site.press("bank-1", "call-next")["step"]["recalls"] == 0
        assert site.press("bank-1", "recall")["step"]["recalls"] == 1


def test_the_first_call_stays_the_first_whatever_follows(site: Site) -> None:
    """A missed call and a second one do not change since when somebody was wanted at a counter."""
    site.visitor("bank")
    step = site.press("bank-1", "open", "call-next")["step"]["id"]
    first = site.step(step)["called_at"]
    site.press("bank-1", "no-show")
    site.wait(site.plan.missed_rest_minutes)
    site.press("bank-1", "call-next")
    row = site.step(step)
    assert row["first_called_at"] == first < row["called_at"]


def test_a_question_answered_at_once_is_finished_without_a_start(site: Site) -> None:
    """The service counts from the call, and the log says that it was quick."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    site.wait(2)
    assert refused(site.at("bank-1", "finish")).params == {"state": "called"}
    assert accepted(site.at("bank-1", "finish", quick=True))["step"]["state"] == "served"
    assert counter.snapshot(site.venue, "bank-1")["today"] == {"served": 1, "mean_service_s": 120}
    assert site.events()[-2:] == ["service_started", "service_finished"]


def test_a_counter_brings_back_what_it_set_aside_or_gave_up(site: Site) -> None:
    """At its old place; only steps of its own services, only once."""
    serving(site, "bank")
    site.visitor("bank")
    site.press("bank-1", "park")
    (aside,) = counter.snapshot(site.venue, "bank-1")["aside"]
    assert (aside["number"], aside["state"]) == (1, "parked")
    assert refused(site.at("health-1", "resume", step=aside["step"])).code == "unknown_step"
    accepted(site.at("bank-1", "resume", step=aside["step"]))
    assert refused(site.at("bank-1", "resume", step=aside["step"])).params == {"state": "headed"}
    assert site.press("bank-1", "call-next")["visit"]["number"] == 1
    site.press("bank-1", "no-show")
    # Who has stood ready meanwhile is served first.
    assert site.press("bank-1", "call-next")["visit"]["number"] == 2
    site.press("bank-1", "start", "finish")
    for _ in range(2):
        site.wait(3)
        site.venue.router.tick(site.clock.now())
        site.wait(2)
        if site.step(aside["step"])["state"] == "headed":
            assert site.press("bank-1", "call-next")["visit"]["number"] == 1
            site.press("bank-1", "no-show")
    assert [(a["number"], a["state"]) for a in counter.snapshot(site.venue, "bank-1")["aside"]] == [(1, "no_show")]
    accepted(site.at("bank-1", "resume", step=aside["step"]))


def test_an_action_meant_for_somebody_else_is_refused(site: Site) -> None:
    """A second tablet was quicker, or the command came late: the next visitor is not finished by it."""
    site.visitor("bank")
    site.visitor("bank")
    first = site.press("bank-1", "open", "call-next")["step"]["id"]
    site.press("bank-1", "no-show", "call-next")
    answer = refused(site.at("bank-1", "start", step=first))
    assert answer.params == {"state": "called", "reason": "another_visitor"}
