"""The end of a day: what it leaves alive is settled once, whoever ends it and whenever."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.db import days, steps, visits
from checkin_server.domain import day as rules
from checkin_server.services import access
from checkin_server.services.day import ending, open_and_close
from checkin_server.services.day.open_and_close import close_day
from checkin_server.venues import real
from tests.services.conftest import MakeSite
from tests.services.routing.hall_at_work import again
from tests.support.venue import CLOSES, MINUTE, OPENS, PIN, Site, accepted, new_id, refused, small_plan

FRIDAY, SATURDAY = "2019-12-27", "2019-12-28"


def states(site: Site) -> dict[int, list[tuple[str, str | None]]]:
    """Return by number the state and outcome of each step."""
    rows = site.rows(
        "SELECT visit.number, step.state, step.outcome FROM step JOIN visit ON visit.id = step.visit "
        "ORDER BY visit.number, step.position"
    )
    found: dict[int, list[tuple[str, str | None]]] = {}
    for row in rows:
        found.setdefault(row["number"], []).append((row["state"], row["outcome"]))
    return found


def told(site: Site, kind: str) -> list[dict[str, Any]]:
    """Return the data of all events of a kind."""
    return [json.loads(row["data"]) for row in site.rows("SELECT data FROM event WHERE kind = :k ORDER BY seq", k=kind)]


def phase(site: Site, day: str = FRIDAY) -> str:
    """Return how far a day is."""
    row = site.db.read(lambda tx: days.find(tx, day))
    assert row is not None
    return rules.phase(ending.times_of(row))


def busy(site: Site) -> None:
    """One is served, one called, one waits, one has parked, one has done everything, one has chosen nothing."""
    for counter in ("bank-1", "health-1"):
        site.press(counter, "open")
    done = site.visitor("bank")
    assert done["number"] == 1
    site.press("bank-1", "call-next", "start", "finish")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start", "park")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    site.visitor("health")
    site.press("health-1", "call-next")
    site.visitor("bank", "health")
    site.scan(site.newcomer().code)


def test_who_is_at_a_counter_is_served_to_the_end_and_the_day_ends_with_the_last(site: Site) -> None:
    """Nobody else is called meanwhile; what is left then is incomplete, and counters are closed."""
    busy(site)
    assert close_day(site.venue, anyway=True) == open_and_close.Closed(FRIDAY, inside=4, at_counters=2)
    assert phase(site) == "closing" and ending.look_after(site.venue) == []
    site.wait(5)
    site.press("health-1", "recall", "start", "finish")
    assert phase(site) == "closing"
    assert refused(site.at("health-1", "call-next")).params == {"state": "day_closed"}
    site.press("bank-1", "finish")
    assert phase(site) == "ended"
    assert states(site) == {
        1: [("served", "served")],
        2: [("cancelled", "incomplete")],
        3: [("served", "served")],
        4: [("served", "served")],
        5: [("cancelled", "incomplete"), ("cancelled", "incomplete")],
    }
    assert {row["state"] for row in site.rows("SELECT state FROM counter")} == {"closed"}
    assert told(site, "day_ended") == [{"by": "last", "incomplete": 2, "at_counters": 0, "tickets": 5}]
    assert site.problems() == []


def test_a_day_ends_half_an_hour_after_closing_though_somebody_forgot_to_finish(new_site: MakeSite) -> None:
    """By the venue's setting; nothing is learned from whom nobody finished."""
    with new_site(plan=small_plan(day_end_minutes=10)) as site:
        busy(site)
        closed = close_day(site.venue, anyway=True)
        assert closed is not None and closed.ends_by == site.clock.now() + 10 * MINUTE
        site.wait(9.9)
        assert ending.look_after(site.venue) == []
        site.wait(0.1)
        (ended,) = ending.look_after(site.venue)
        assert (ended.day, ended.incomplete, ended.at_counters) == (FRIDAY, 4, 2)
        assert states(site)[3] == [("cancelled", "incomplete")]
        assert told(site, "service_finished") == told(site, "service_finished")[:1]
        assert site.rows("SELECT id FROM visit WHERE active_step IS NOT NULL") == []
        assert ending.look_after(site.venue) == []
        assert told(site, "day_ended")[0]["by"] == "time"
        assert site.problems() == []


def test_a_day_ends_at_once_when_somebody_says_so(site: Site) -> None:
    """Also one that was closed before; the tablets are signed out and their tickets do not print."""
    busy(site)
    site.hire()
    tablet = access.add_device(site.venue, "counter", "bank-1").device_id
    session = accepted(access.sign_in(site.venue, tablet, "Nadia", PIN))["session_token"]
    assert access.session_of(site.venue, session, tablet) is not None
    assert close_day(site.venue, anyway=True) is not None
    closed = close_day(site.venue, now=True)
    assert closed is not None and closed.ended == ending.Ended(FRIDAY, incomplete=4, at_counters=2, tickets=5)
    assert access.session_of(site.venue, session, tablet) is None
    assert {row["state"] for row in site.rows("SELECT state FROM print_job")} == {"failed"}
    assert close_day(site.venue, now=True) is None
    assert refused(site.at("bank-1", "finish")).code == "wrong_state"


def test_nobody_at_a_counter_the_day_ends_as_it_is_closed(site: Site) -> None:
    """There is nothing to wait for."""
    site.visitor("bank")
    closed = close_day(site.venue)
    assert closed is not None and closed.ended is not None and phase(site) == "ended"


def test_a_restart_between_closing_and_the_end_loses_nothing(site: Site) -> None:
    """All that matters stands in the database: the next process ends the day when it is due."""
    busy(site)
    close_day(site.venue, anyway=True)
    site.wait(30)
    (ended,) = ending.look_after(again(site))
    assert ended.incomplete == 4 and phase(site) == "ended"


def test_a_start_does_not_open_a_day_that_was_closed(site: Site) -> None:
    """A service that is started again with the day it was started with finds it closing, and leaves it so."""
    busy(site)
    close_day(site.venue, anyway=True)
    assert "stays closed" in real.open_day(site.venue, FRIDAY)
    assert phase(site) == "closing"
    site.clock.set(site.plan.days[1].opens_at)
    assert real.open_day(site.venue, SATURDAY) == f"{FRIDAY} had not ended; it has now"
    assert real.open_day(site.venue, SATURDAY) == "", "the open day goes on"


def test_a_crash_while_the_day_ends_leaves_it_closing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one transaction: nothing is settled by halves, and the next round does it whole."""
    busy(site)
    close_day(site.venue, anyway=True)
    before = site.everything()

    def fail(*_: object) -> None:
        raise LookupError("power cut")

    with monkeypatch.context() as patch, pytest.raises(LookupError):
        patch.setattr(ending, "_close_counters", fail)
        close_day(site.venue, now=True)
    assert site.everything() == before
    assert close_day(site.venue, now=True) is not None
    assert site.problems() == []


def test_a_day_that_is_opened_once_more_goes_on_with_those_who_were_inside(site: Site) -> None:
    """Closed too early: numbers, places and what was set aside are as they were; counters open again by hand."""
    busy(site)
    close_day(site.venue, now=True)
    site.wait(2)
    opened = open_and_close.open_day(site.venue, site.plan.days[0], OPENS, CLOSES)
    assert (opened.back, opened.ended) == (4, ())
    assert states(site) == {
        1: [("served", "served")],
        2: [("parked", None)],
        3: [("waiting", None)],
        4: [("waiting", None)],
        5: [("waiting", None), ("waiting", None)],
    }
    assert site.press("bank-1", "open", "call-next")["visit"]["number"] == 3
    assert site.visitor("bank")["number"] == 6
    assert site.one("SELECT count(*) FROM visit WHERE state = 'choosing'") == 1
    assert site.problems() == []


def test_a_day_that_is_still_closing_goes_on_as_if_nothing_had_been(site: Site) -> None:
    """Who was at a counter still is, and counters stay open."""
    busy(site)
    close_day(site.venue, anyway=True)
    assert open_and_close.open_day(site.venue, site.plan.days[0], OPENS, CLOSES).back == 0
    site.press("bank-1", "finish", "call-next")
    assert phase(site) == "open" and site.problems() == []


def test_opening_ends_an_earlier_day_that_was_left_open_overnight(site: Site) -> None:
    """Yesterday's counters do not count as open, and who came this morning to work stays at theirs."""
    busy(site)
    site.hire()
    tablet = access.add_device(site.venue, "counter", "desk-1").device_id
    site.clock.set(site.plan.days[1].opens_at - 10 * MINUTE)
    session = accepted(access.sign_in(site.venue, tablet, "Nadia", PIN))["session_token"]
    site.press("desk-1", "open")
    site.clock.set(site.plan.days[1].opens_at)
    planned = site.plan.days[1]
    opened = open_and_close.open_day(site.venue, planned, planned.opens_at, planned.closes_at)
    assert [(one.day, one.incomplete) for one in opened.ended] == [(FRIDAY, 4)]
    assert {row["id"] for row in site.rows("SELECT id FROM counter WHERE state = 'open'")} == {"desk-1"}
    assert access.session_of(site.venue, session, tablet) is not None
    assert told(site, "day_ended")[0]["by"] == "opening"
    assert (phase(site), phase(site, SATURDAY)) == ("ended", "open")
    assert site.visitor("bank")["number"] == 1
    assert site.problems() == []


def test_a_counter_that_was_opened_after_the_end_in_the_evening_is_closed_in_the_morning(site: Site) -> None:
    """Nobody is there; whoever opens theirs at half past eight is."""
    close_day(site.venue)
    site.press("bank-1", "open")
    site.clock.set(site.plan.days[1].opens_at - 30 * MINUTE)
    site.press("desk-1", "open")
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    assert {row["id"] for row in site.rows("SELECT id FROM counter WHERE state = 'open'")} == {"desk-1"}


def test_opening_the_next_day_ends_one_that_is_still_closing(site: Site) -> None:
    """Nothing of an earlier day is alive."""
    busy(site)
    close_day(site.venue, anyway=True)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    assert phase(site) == "ended"
    assert site.rows("SELECT id FROM step WHERE state IN ('waiting', 'headed', 'called', 'serving', 'parked')") == []


def test_a_day_that_an_older_release_closed_is_ended_by_the_first_round(site: Site) -> None:
    """Nobody wrote down when it was closed; today's counters and sessions are not its."""
    busy(site)
    site.db.write(lambda tx: days.close(tx, FRIDAY, 0))
    site.clock.set(site.plan.days[1].opens_at)
    site.db.write(lambda tx: tx.run(text("UPDATE service_day SET closed_at = NULL")))
    (ended,) = ending.look_after(site.venue)
    assert ended.day == FRIDAY and site.problems() == []


def test_after_closing_only_who_was_called_here_is_started_by_a_scan(site: Site) -> None:
    """The visitor who comes with the ticket in their hand is served; nobody else is."""
    busy(site)
    waiting = site.rows("SELECT id FROM visit WHERE number = 5")[0]["id"]
    called = site.rows("SELECT id FROM visit WHERE number = 4")[0]["id"]
    close_day(site.venue, anyway=True)
    assert refused(site.at("health-1", "scan", code=waiting)).code == "wrong_state"
    assert refused(site.at("desk-1", "scan", code=waiting)).params == {"state": "day_closed"}
    assert accepted(site.at("health-1", "scan", code=called))["outcome"] == "started"
    for action, more in (("add-service", {"services": ["advice"]}), ("transfer", {"service": "advice"})):
        assert refused(site.at("health-1", action, **more)).params == {"state": "day_closed"}


def test_a_slip_of_the_finger_is_taken_back_while_the_day_is_closing(site: Site) -> None:
    """Finish instead of recall: the visitor is at the counter again."""
    busy(site)
    close_day(site.venue, anyway=True)
    site.press("bank-1", "finish")
    accepted(site.at("bank-1", "undo"))
    assert site.one("SELECT step.state FROM step JOIN visit ON visit.id = step.visit WHERE number = 3") == "serving"
    assert phase(site) == "closing" and site.problems() == []


def test_who_was_sent_in_the_very_moment_of_closing_is_let_go(site: Site) -> None:
    """Another process may have sent them while this one closed the day."""
    busy(site)
    close_day(site.venue, anyway=True)
    row = site.rows("SELECT visit.id, step.id AS step FROM visit JOIN step ON step.visit = visit.id WHERE number = 5")[
        0
    ]
    site.db.write(
        lambda tx: (
            visits.claim(tx, row["id"], row["step"], site.clock.now())
            and steps.send(tx, row["step"], "{}", site.clock.now())
        )
    )
    ending.look_after(site.venue)
    assert states(site)[5][0] == ("waiting", None)
    assert phase(site) == "closing" and site.problems() == []


def test_a_visit_that_ended_with_its_day_shows_it_and_allows_nothing_more(site: Site) -> None:
    """Its ticket leads nowhere; its opinion is still welcome."""
    visit = site.visitor("bank")["id"]
    close_day(site.venue)
    assert site.look(visit)["state"] == "left"
    assert site.scan(visit)["reason"] == "visit_closed"
    assert refused(site.visit_does("reprint", visit, command=new_id())).params == {"state": "day_closed"}
