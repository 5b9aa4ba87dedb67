from __future__ import annotations

import json
from typing import Any

import pytest

from checkin_server.db import days
from checkin_server.services.counters import call_next, run_counter, serve
from checkin_server.services.venue import Actor
from tests.services.conftest import MakeSite
from tests.support.venue import Site, accepted, new_id, refused, small_plan

ON_CURRENT = ("recall", "start", "finish", "no-show", "park")


def next_kind(site: Site, visit: str) -> str:
    """Return what a kiosk tells the visitor to do."""
    return str(site.look(visit)["next"]["kind"])


# -- opening, pausing, closing ---------------------------------------------------------------------------------------


def test_a_counter_is_closed_until_it_is_opened(site: Site) -> None:
    """Nobody is called to an empty chair."""
    site.visitor("bank")
    assert refused(site.at("bank-1", "call-next")).params == {"state": "closed"}


@pytest.mark.parametrize(
    ("action", "state", "event"),
    [("open", "open", "counter_opened"), ("pause", "paused", "counter_paused"), ("close", "closed", "counter_closed")],
)
def test_a_counter_is_opened_paused_and_closed_and_each_is_logged(
    site: Site, action: str, state: str, event: str
) -> None:
    """The answer shows the counter as its tablet does."""
    if action == "close":
        site.press("bank-1", "open")
    shown = accepted(site.at("bank-1", action, reason="prayer"))["counter"]
    assert (shown["id"], shown["state"], shown["reason"]) == ("bank-1", state, "prayer")
    assert (shown["booth"], shown["label"], shown["zone"], shown["services"]) == ("bank", "1", "B", ["bank"])
    assert site.one("SELECT state FROM counter WHERE id = 'bank-1'") == state
    assert site.events()[-1] == event


@pytest.mark.parametrize("actions", [["call-next"], ["call-next", "start"]])
def test_a_counter_with_a_visitor_can_be_neither_paused_nor_closed(site: Site, actions: list[str]) -> None:
    """Somebody would stand before a closed counter."""
    site.visitor("bank")
    site.press("bank-1", "open", *actions)
    state = "called" if actions == ["call-next"] else "serving"
    for action in ("pause", "close"):
        assert refused(site.at("bank-1", action)).params == {"state": state}
    assert site.one("SELECT state FROM counter WHERE id = 'bank-1'") == "open"


def test_a_paused_counter_calls_nobody_and_goes_on_when_it_is_opened(site: Site) -> None:
    """The queue waits for the others meanwhile."""
    site.visitor("bank")
    site.press("bank-1", "open", "pause")
    assert refused(site.at("bank-1", "call-next")).params == {"state": "paused"}
    assert site.press("bank-1", "open", "call-next")["outcome"] == "called"


def test_opening_says_who_works_there_and_closing_forgets_it(site: Site) -> None:
    """The dashboard shows who is at which counter."""
    staff = site.hire()
    nadia = Actor("d_bank-1", "counter", "bank-1", staff)
    run_counter.run_counter(site.venue, nadia, "bank-1", "open", new_id(), None)
    assert site.one("SELECT staff FROM counter WHERE id = 'bank-1'") == staff
    run_counter.run_counter(site.venue, nadia, "bank-1", "close", new_id(), None)
    assert site.one("SELECT staff FROM counter WHERE id = 'bank-1'") is None


def test_opening_an_open_counter_again_writes_no_second_event(site: Site) -> None:
    """Two taps are one opening."""
    site.press("bank-1", "open", "open")
    assert site.events().count("counter_opened") == 1


def test_a_counter_the_plan_does_not_know_is_refused(site: Site) -> None:
    """Whatever is asked of it."""
    for action in ("open", "call-next", "start"):
        assert refused(site.at("bank-9", action)).code == "unknown_counter"


# -- calling ---------------------------------------------------------------------------------------------------------


def test_the_longest_waiting_is_called_with_the_reason(site: Site) -> None:
    """The answer has all that the tablet shows, and no name."""
    person = site.newcomer()
    first = site.visitor("bank", "health", person=person)
    site.wait(12)
    site.visitor("bank")
    called = site.press("bank-1", "open", "call-next")
    assert (called["outcome"], called["visit"]["number"]) == ("called", 1)
    assert (called["step"]["state"], called["step"]["counter"], called["step"]["zone"]) == ("called", "bank-1", "B")
    assert called["why"] == {"code": "longest_wait", "minutes": 12}
    assert called["visit"]["route"] == [
        {"service": "bank", "state": "called"},
        {"service": "health", "state": "waiting"},
    ]
    written = json.dumps(called, ensure_ascii=False)
    assert person.id not in written and person.name_la not in written and person.name_ar not in written
    shown = site.look(first["id"])["next"]
    assert (shown["kind"], shown["counter"], shown["counter_label"]) == ("go", "bank-1", "1")


def test_of_visitors_of_the_same_moment_the_lower_number_is_called_first(site: Site) -> None:
    """And positions say the same order before."""
    visits = [site.visitor("bank")["id"] for _ in range(3)]
    assert [site.look(visit)["steps"][0]["position"] for visit in visits] == [1, 2, 3]
    site.press("bank-1", "open")
    for number in (1, 2, 3):
        assert site.press("bank-1", "call-next")["visit"]["number"] == number
        site.press("bank-1", "start", "finish")


def test_a_counter_of_several_services_takes_who_has_waited_longest_for_any(site: Site) -> None:
    """The desk gives enrolment and advice."""
    site.visitor("advice")
    site.wait(1)
    site.visitor("enrolment")
    called = site.press("desk-1", "open", "call-next")
    assert (called["visit"]["number"], called["step"]["service"]) == (1, "advice")


def test_a_counter_calls_only_for_its_own_services(site: Site) -> None:
    """A visitor for health is nothing to the bank."""
    site.visitor("health")
    assert site.press("bank-1", "open", "call-next") == {"outcome": "nobody", "next_expected": None}


def test_a_visitor_at_one_counter_is_free_for_no_other(site: Site) -> None:
    """And the other is told when they may be free."""
    site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next", "start")
    nobody = site.press("health-1", "open", "call-next")
    assert nobody["outcome"] == "nobody"
    assert nobody["next_expected"] == "2019-12-27T08:10:00Z", "the bank takes ten minutes"
    site.press("bank-1", "finish")
    assert site.press("health-1", "call-next")["visit"]["number"] == 1


def test_a_counter_with_a_visitor_calls_nobody_else(site: Site) -> None:
    """One visitor at a counter."""
    for _ in range(2):
        site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    assert refused(site.at("bank-1", "call-next")).params == {"state": "called"}
    site.press("bank-1", "start")
    assert refused(site.at("bank-1", "call-next")).params == {"state": "serving"}


def test_after_the_day_has_closed_nobody_is_called(site: Site) -> None:
    """The refusal says why."""
    site.visitor("bank")
    site.press("bank-1", "open")
    site.db.write(lambda tx: days.close(tx, "2019-12-27", site.clock.now()))
    assert refused(site.at("bank-1", "call-next")).params == {"state": "day_closed"}


def test_a_visitor_without_a_number_is_not_called(site: Site) -> None:
    """Scanned and still choosing."""
    site.scan(site.newcomer().code)
    assert site.press("bank-1", "open", "call-next")["outcome"] == "nobody"


def test_a_visit_with_a_parked_stop_is_not_said_to_be_at_its_last(site: Site) -> None:
    """It will come back for that one."""
    site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next", "park")
    assert site.press("health-1", "open", "call-next")["why"]["code"] == "longest_wait"
    site.visitor("bank")
    assert site.press("bank-1", "call-next")["why"]["code"] == "only_stop"


# -- serving ---------------------------------------------------------------------------------------------------------


def test_from_call_to_finish_the_visitor_is_told_where_they_are(site: Site) -> None:
    """Wait, go, serving, done; each with its times."""
    visit = site.visitor("bank")["id"]
    assert next_kind(site, visit) == "wait"
    site.press("bank-1", "open")
    site.wait(5)
    site.press("bank-1", "call-next")
    assert next_kind(site, visit) == "go"
    site.wait(1)
    site.press("bank-1", "start")
    assert next_kind(site, visit) == "serving"
    site.wait(7)
    step = site.press("bank-1", "finish")["step"]
    assert next_kind(site, visit) == "done" and site.look(visit)["state"] == "done"
    assert (step["state"], step["called_at"]) == ("served", "2019-12-27T08:05:00Z")
    assert (step["started_at"], step["ended_at"]) == ("2019-12-27T08:06:00Z", "2019-12-27T08:13:00Z")
    assert site.step(step["id"])["outcome"] == "served"


@pytest.mark.parametrize("action", ON_CURRENT)
def test_an_action_on_nobody_is_wrong_and_says_that_the_counter_is_idle_or_closed(site: Site, action: str) -> None:
    """A finger that slipped."""
    assert refused(site.at("bank-1", action)).params == {"state": "closed"}
    site.press("bank-1", "open")
    assert refused(site.at("bank-1", action)).params == {"state": "idle"}


def test_a_visitor_who_was_not_started_cannot_be_finished(site: Site) -> None:
    """The refusal says the state it is in."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    assert refused(site.at("bank-1", "finish")).params == {"state": "called"}


@pytest.mark.parametrize("action", ["recall", "start", "no-show"])
def test_a_visitor_who_is_being_served_cannot_be_called_started_or_missed(site: Site, action: str) -> None:
    """They are here."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start")
    assert refused(site.at("bank-1", action)).params == {"state": "serving"}


def test_a_recall_counts_and_moves_the_call_forward(site: Site) -> None:
    """Boards show it as new, and how often it was called."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    site.wait(2)
    step = site.press("bank-1", "recall", "recall")["step"]
    assert (step["recalls"], step["called_at"]) == (2, "2019-12-27T08:02:00Z")
    assert site.step(step["id"])["first_called_at"] == site.clock.now() - 120_000


def test_a_case_can_be_referred_to_an_office(site: Site) -> None:
    """The list leaves the venue with the report."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start")
    finished = accepted(
        site.at("bank-1", "finish", outcome="referred", office="mutual", subject="Missing file", note="call back")
    )
    (row,) = site.rows("SELECT * FROM referral")
    assert (row["office"], row["subject"], row["step"]) == ("mutual", "Missing file", finished["step"]["id"])
    step = site.step(finished["step"]["id"])
    assert (step["outcome"], step["note"], step["state"]) == ("referred", "call back", "served")


def test_a_case_referred_to_an_office_that_does_not_exist_is_refused_and_stays(site: Site) -> None:
    """Nothing half done: the visitor is still being served."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start")
    before = site.everything()
    refusal = refused(site.at("bank-1", "finish", outcome="referred", office="atlantis"))
    assert (refusal.code, refusal.params) == ("unknown_office", {"office": "atlantis"})
    assert site.everything() == before


def test_a_missed_call_keeps_the_place_rests_and_calls_the_next(site: Site) -> None:
    """Two minutes later the visitor may be called again, before who came later."""
    missing = site.visitor("bank")["id"]
    site.wait(1)
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    missed = site.press("bank-1", "no-show")["step"]
    assert (missed["state"], missed["counter"]) == ("waiting", None)
    assert site.look(missing)["steps"][0]["position"] == 2, "while it rests the other one is called"
    assert site.press("bank-1", "call-next")["visit"]["number"] == 2, "the first one rests"
    site.press("bank-1", "start", "finish")
    nobody = site.press("bank-1", "call-next")
    assert nobody == {"outcome": "nobody", "next_expected": "2019-12-27T08:03:00Z"}
    site.wait(2)
    assert site.press("bank-1", "call-next")["visit"]["number"] == 1


def test_after_the_last_permitted_miss_the_stop_is_given_up_and_can_be_brought_back(site: Site) -> None:
    """The visit is done, until the visitor asks again at a kiosk; then it has its old place."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open")
    for state in ("waiting", "no_show"):
        site.wait(2)
        site.press("bank-1", "call-next")
        assert site.press("bank-1", "no-show")["step"]["state"] == state
    site.wait(30)
    assert site.press("bank-1", "call-next")["outcome"] == "nobody"
    assert site.look(visit)["state"] == "done"
    site.visitor("bank")
    back = accepted(site.visit_does("resume", visit))
    assert (back["state"], back["steps"][0]["state"], back["steps"][0]["position"]) == ("open", "headed", 1)
    assert site.press("bank-1", "call-next")["visit"]["number"] == 1


@pytest.mark.parametrize("before", [["call-next"], ["call-next", "start"]])
def test_a_parked_stop_frees_counter_and_visit_and_comes_back_at_its_place(site: Site, before: list[str]) -> None:
    """A paper is missing: the visitor fetches it and shows the card again."""
    visit = site.visitor("bank", "health")["id"]
    site.wait(30)  # longer than the work still to do puts anybody back
    site.visitor("bank")
    site.press("bank-1", "open", *before)
    parked = site.press("bank-1", "park")["step"]
    assert (parked["state"], parked["counter"]) == ("parked", None)
    assert site.press("bank-1", "call-next")["visit"]["number"] == 2
    assert site.press("health-1", "open", "call-next")["visit"]["number"] == 1, "free for other stops meanwhile"
    site.press("health-1", "start", "finish")
    site.press("bank-1", "start", "finish")
    assert site.press("bank-1", "call-next")["outcome"] == "nobody", "parked is parked until they come back"
    back = accepted(site.visit_does("resume", visit))
    over, bank = back["steps"]
    assert (over["service"], over["state"]) == ("health", "served")
    assert (bank["service"], bank["state"]) == ("bank", "headed"), "sent at once: the counter is idle"
    assert bank["since"] == "2019-12-27T08:00:00Z"
    again = site.press("bank-1", "call-next")["step"]
    assert again["started_at"] is None, "called again is not started again"
    assert site.press("bank-1", "start", "finish")["step"]["state"] == "served"


def test_a_visit_whose_only_stop_is_parked_is_still_open(site: Site) -> None:
    """Nobody is lost: it waits for them to come back."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", "call-next", "park")
    assert (site.look(visit)["state"], next_kind(site, visit)) == ("open", "wait")


def test_how_often_a_call_may_be_missed_is_the_venue_s_rule(new_site: MakeSite) -> None:
    """One miss, and no rest."""
    with new_site(plan=small_plan(missed_limit=1, missed_rest_minutes=0.0)) as site:
        site.visitor("bank")
        site.press("bank-1", "open", "call-next")
        assert site.press("bank-1", "no-show")["step"]["state"] == "no_show"


def test_every_action_is_logged_with_number_counter_device_and_staff(site: Site) -> None:
    """The report, the audit and headquarters read the log."""
    staff = site.hire()
    nadia = Actor("d_bank-1", "counter", "bank-1", staff)
    site.visitor("bank")
    site.press("bank-1", "open")
    call_next.call_next(site.venue, nadia, "bank-1", new_id())
    serve.start(site.venue, nadia, "bank-1", new_id())
    site.wait(3)
    serve.finish(site.venue, nadia, "bank-1", new_id(), serve.Ending())
    kinds = "'visitor_called', 'service_started', 'service_finished'"
    rows = site.rows(f"SELECT * FROM event WHERE kind IN ({kinds}) ORDER BY seq")
    assert [row["kind"] for row in rows] == ["visitor_called", "service_started", "service_finished"]
    for row in rows:
        assert (row["number"], row["counter"], row["service"]) == (1, "bank-1", "bank")
        assert (row["device"], row["staff"], row["service_day"]) == ("d_bank-1", staff, "2019-12-27")
    assert json.loads(rows[-1]["data"])["seconds"] == 180


# -- asking twice ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ([], "open"),
        (["open"], "call-next"),
        (["open", "call-next"], "recall"),
        (["open", "call-next"], "start"),
        (["open", "call-next"], "no-show"),
        (["open", "call-next"], "park"),
        (["open", "call-next", "start"], "finish"),
        (["open"], "pause"),
        (["open"], "close"),
    ],
)
def test_a_command_sent_again_with_its_id_has_one_effect_and_one_answer(
    site: Site, before: list[str], action: str
) -> None:
    """A tablet that lost the answer asks again with the same id."""
    for _ in range(2):
        site.visitor("bank")
    site.press("bank-1", *before)
    command = new_id()
    first = accepted(site.at("bank-1", action, command=command))
    state = site.everything()
    site.wait(1)
    assert site.at("bank-1", action, command=command) == first
    assert site.everything() == state


def test_an_id_used_at_one_counter_is_refused_at_another(site: Site) -> None:
    """And with another action."""
    command = new_id()
    accepted(site.at("bank-1", "open", command=command))
    assert refused(site.at("bank-2", "open", command=command)).code == "id_reused"
    assert refused(site.at("bank-1", "close", command=command)).code == "id_reused"


def test_nobody_is_an_answer_that_is_kept(site: Site) -> None:
    """Asked again with the same id, still nobody; with a new id, the visitor who has come."""
    site.press("bank-1", "open")
    command = new_id()
    nobody: dict[str, Any] = accepted(site.at("bank-1", "call-next", command=command))
    site.visitor("bank")
    assert site.at("bank-1", "call-next", command=command) == nobody
    assert site.press("bank-1", "call-next")["outcome"] == "called"
