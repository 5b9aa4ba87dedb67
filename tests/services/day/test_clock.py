"""The machine's clock is set with people inside: nothing is believed until somebody says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from checkin_server.common.clock import SteadyClock
from checkin_server.db.tx import Row, Tx
from checkin_server.services.day import clock as use
from checkin_server.services.day import open_and_close
from checkin_server.services.reports import fairness
from checkin_server.services.snapshots import board, trouble
from checkin_server.services.times import milliseconds
from tests.support.set_clock import ORGANIZER, Machine, log_moments
from tests.support.venue import OPENS, Site, accepted, new_id, refused

SECOND, MINUTE, DAY = 1000, 60_000, 86_400_000


@pytest.fixture
def machine(site: Site) -> Machine:
    """A machine whose server has just been started on the open day."""
    made = Machine(site)
    made.serve()
    return made


def served(site: Site, at: str = "bank-1") -> Row:
    """Return the step at a counter after it was finished."""
    site.press(at, "finish")
    (row,) = site.rows("SELECT * FROM step WHERE counter = :c ORDER BY ended_at DESC LIMIT 1", c=at)
    return row


@pytest.mark.parametrize("step", [-40 * MINUTE, DAY, -DAY, 3 * MINUTE])
def test_a_step_is_noticed_at_once_said_and_not_followed(machine: Machine, step: int) -> None:
    """On the dashboard, in the log, by the command; a service that goes on takes as long as it takes."""
    site = machine.site
    site.press("bank-1", "open")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    machine.wait(5 * MINUTE)
    machine.set_by += step
    machine.wait(SECOND)
    asked = machine.asks()
    assert asked is not None and (asked.offset_ms, asked.at_start) == (step, False)
    assert asked.machine == machine.shows() and asked.riwaq == site.venue.now()
    assert site.events()[-1] == "clock_doubted"
    machine.wait(5 * MINUTE)
    assert site.events().count("clock_doubted") == 1
    row = served(site)
    assert row["ended_at"] - row["started_at"] == 10 * MINUTE + SECOND
    assert site.venue.now() == OPENS + 10 * MINUTE + SECOND


def test_a_step_that_is_taken_back_is_no_question_any_more(machine: Machine) -> None:
    """Whoever set the clock has noticed themselves."""
    machine.set_by += DAY
    machine.wait(SECOND)
    machine.set_by -= DAY
    machine.wait(SECOND)
    assert machine.site.events()[-2:] == ["clock_doubted", "clock_agreed"]
    assert refused(machine.decide("machine")).params == {"state": "clocks_agree"}


def test_two_minutes_are_followed_without_a_word(machine: Machine) -> None:
    """Little by little; a restart knows how far it came."""
    machine.set_by -= 2 * MINUTE
    for _ in range(20 * 60 + 1):
        machine.wait(SECOND)
    assert machine.asks() is None and "clock_doubted" not in machine.site.events()
    assert machine.site.venue.now() == machine.shows() == OPENS + 18 * MINUTE + SECOND
    machine.serve()
    machine.true(OPENS + 18 * MINUTE + SECOND)


def test_an_accepted_clock_moves_all_that_the_wrong_one_gave(machine: Machine) -> None:
    """Waits, services and their order stay true across it; the log is read with the offset and never changed."""
    site = machine.site
    machine.wait(60 * MINUTE)
    site.press("bank-1", "open")
    first, second = site.visitor("bank"), site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    raw = site.rows("SELECT seq, at FROM event ORDER BY seq")
    machine.wait(5 * MINUTE)
    machine.set_by -= 40 * MINUTE
    machine.wait(SECOND)
    said = accepted(machine.decide("machine"))
    assert said["offset_s"] == -2400
    machine.true(machine.shows())
    assert site.rows("SELECT seq, at FROM event ORDER BY seq")[: len(raw)] == raw
    (event,) = site.rows("SELECT kind, data, service_day FROM event ORDER BY seq DESC LIMIT 1")
    assert event["kind"] == "clock_corrected" and '"offset":-2400' in event["data"]
    assert event["service_day"] == "2019-12-27"
    third = site.visitor("bank")
    machine.wait(5 * MINUTE)
    row = served(site)
    assert row["ended_at"] - row["started_at"] == 10 * MINUTE + SECOND
    assert site.press("bank-1", "call-next")["visit"]["number"] == second["number"], "who asked before comes before"
    assert third["number"] > second["number"] > first["number"]
    assert board_calls(site)[0] == second["number"]
    moments = log_moments(site)
    assert moments == sorted(moments), "the log is in order again"
    assert machine.asks() is None


def board_calls(site: Site) -> list[int]:
    """The numbers on a board, the newest first."""
    shown = board.Boards(site.venue).snapshot(next(iter(site.plan.boards)))
    return [call["number"] for call in shown["calls"]]


def test_a_clock_that_somebody_says_is_wrong_is_not_asked_about_again(machine: Machine) -> None:
    """Nor after a restart of the server; set right, it is followed again."""
    site = machine.site
    machine.set_by += DAY
    machine.wait(SECOND)
    accepted(machine.decide("riwaq"))
    assert site.events()[-1] == "clock_kept"
    machine.wait(MINUTE)
    machine.serve()
    machine.wait(MINUTE)
    assert machine.asks() is None
    machine.true(OPENS + 2 * MINUTE + SECOND)
    assert site.db.read(use.known_wrong) == DAY
    machine.set_by -= DAY
    machine.wait(SECOND)
    machine.wait(SECOND)
    assert site.db.read(use.known_wrong) == 0 and machine.asks() is None


def test_one_action_a_day_ahead_closes_nothing(machine: Machine) -> None:
    """A server that was started with its clock a day ahead, put right and started again: the day goes on."""
    site = machine.site
    site.press("bank-1", "open")
    held, waiting = site.visitor("bank"), site.visitor("bank")
    machine.set_by += DAY
    machine.boot(MINUTE)
    machine.true(OPENS + DAY + MINUTE)
    site.press("bank-1", "call-next", "no-show")
    accepted(site.visit_does("hold", held["id"], minutes=10))
    machine.set_by -= DAY
    machine.boot(MINUTE)
    asked = machine.asks()
    assert asked is not None and asked.at_start
    machine.true(OPENS + 2 * MINUTE)
    assert site.visitor("bank")["number"] == 3, "scans go on by the machine's clock"
    state = site.look(held["id"])
    assert state["hold_until"] is not None and milliseconds(state["hold_until"]) <= OPENS + 12 * MINUTE
    machine.wait(11 * MINUTE)
    accepted(machine.decide("machine"))
    assert machine.asks() is None
    called = {site.press("bank-1", "call-next", "start", "finish")["visit"]["number"] for _ in range(3)}
    assert called == {held["number"], waiting["number"], 3}
    for row in site.rows("SELECT * FROM step"):
        assert row["since"] <= row["called_at"] <= row["started_at"] <= row["ended_at"]


@pytest.mark.parametrize("right", ["machine", "riwaq"])
def test_a_start_behind_the_log_asks_and_goes_on(machine: Machine, right: use.Right) -> None:
    """By the machine's clock meanwhile; whatever is said, nobody has overtaken and no duration is negative."""
    site = machine.site
    site.press("bank-1", "open")
    machine.wait(60 * MINUTE)
    first, second = site.visitor("bank"), site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    machine.wait(2 * MINUTE)
    machine.set_by -= 40 * MINUTE
    machine.boot()
    asked = machine.asks()
    assert asked is not None and asked.at_start and asked.offset_ms <= -38 * MINUTE
    machine.true(machine.shows())
    assert "clock_doubted" in site.events()
    third = site.visitor("bank")
    machine.wait(3 * MINUTE)
    row = served(site)
    assert row["ended_at"] - row["started_at"] >= 3 * MINUTE
    accepted(machine.decide(right))
    if right == "machine":
        machine.true(machine.shows())
    else:
        # The machine was away for a moment that nobody knows: two minutes' work had no event.
        assert machine.shows() + 38 * MINUTE <= site.venue.now() <= machine.shows() + 40 * MINUTE
    row = site.step(row["id"])
    assert row["ended_at"] - row["started_at"] >= 3 * MINUTE
    assert [site.press("bank-1", "call-next", "start", "finish")["visit"]["number"] for _ in range(2)] == [
        second["number"],
        third["number"],
    ]
    moments = log_moments(site)
    assert moments == sorted(moments)
    assert first["number"] == 1 and not site.problems()


def test_a_dead_battery_that_the_network_puts_right(machine: Machine) -> None:
    """Started in 1970, set right later: what was before the start is as it was, what was written since moves."""
    site = machine.site
    machine.wait(60 * MINUTE)
    visit = site.visitor("bank")
    asked_at = site.one("SELECT since FROM step")
    right = machine.set_by + machine.passed
    machine.set_by = -machine.passed
    machine.boot()
    machine.true(0)
    machine.wait(MINUTE)
    site.press("bank-1", "open")
    machine.set_by = right + 5 * MINUTE
    machine.wait(SECOND)
    accepted(machine.decide("machine"))
    machine.true(machine.shows())
    assert site.one("SELECT since FROM step") == asked_at
    assert site.one("SELECT since FROM counter WHERE id = 'bank-1'") == right + 6 * MINUTE
    assert site.press("bank-1", "call-next")["visit"]["number"] == visit["number"]
    moments = log_moments(site)
    assert moments == sorted(moments)


def test_an_older_releases_event_in_the_future_moves_alone(site: Site) -> None:
    """Nothing is known of the server before; the morning's moments are right."""
    site.wait(10)
    site.press("bank-1", "open")
    site.visitor("bank")
    site.wait(24 * 60)
    site.press("bank-1", "call-next")
    site.clock.set(OPENS + 30 * MINUTE)
    machine = Machine(site, set_by=OPENS + 30 * MINUTE)
    machine.serve()
    machine.true(OPENS + 30 * MINUTE)
    (row,) = site.rows("SELECT * FROM step")
    assert row["since"] == OPENS + 10 * MINUTE and row["called_at"] == OPENS + 30 * MINUTE - 1
    assert machine.asks() is not None
    accepted(machine.decide("machine"))
    machine.serve()
    assert machine.asks() is None


def test_what_lies_too_far_ahead_is_brought_nearer_at_a_start(machine: Machine) -> None:
    """A rest, a hold, a lock, a session, a print job, a pairing: none is longer than the rules make them."""
    site = machine.site
    visit = site.visitor("bank")
    accepted(site.visit_does("hold", visit["id"], minutes=10))
    far = OPENS + 3 * DAY

    def spoil(tx: Tx) -> None:
        tx.run(text("UPDATE visit SET not_before = :far, hold_until = :far"), far=far)
        tx.run(text("UPDATE print_job SET not_before = :far"), far=far)

    site.db.write(spoil)
    machine.serve()
    assert site.one("SELECT max(not_before) FROM visit") == OPENS + 120 * MINUTE
    assert site.one("SELECT max(hold_until) FROM visit") == OPENS + 120 * MINUTE
    assert site.one("SELECT max(not_before) FROM print_job") == OPENS + 60 * MINUTE


def test_who_plays_the_log_plays_it_anew(machine: Machine) -> None:
    """The fairness report of a day whose clock was corrected is that of a day whose clock was right."""
    site = machine.site
    watch = fairness.FairnessWatch(site.venue)
    site.press("bank-1", "open")
    for _ in range(3):
        site.visitor("bank")
        machine.wait(2 * MINUTE)
    site.press("bank-1", "call-next")
    before = watch.now("2019-12-27")
    machine.set_by += 3 * 60 * MINUTE
    machine.wait(SECOND)
    accepted(machine.decide("machine"))
    assert watch.now("2019-12-27") == before
    site.press("bank-1", "start", "finish", "call-next")
    after = watch.now("2019-12-27")
    whole = accepted(fairness.of_day(site.venue, "2019-12-27"))
    assert {key: whole[key] for key in after} == after and after["held"]


def test_the_dashboard_says_it_first(machine: Machine) -> None:
    """With both times, and which one is followed."""
    site = machine.site
    machine.set_by += DAY
    machine.wait(SECOND)
    shown = site.db.read(
        lambda tx: trouble.troubles(
            tx, site.venue, site.venue.hall.fresh(), trouble.Shown([], [], []), site.venue.now()
        )
    )
    assert shown[0] == {
        "code": "clock_differs",
        "machine": "2019-12-28T08:00:01Z",
        "riwaq": "2019-12-27T08:00:01Z",
        "followed": False,
    }


def test_a_command_beside_the_server_goes_by_its_time(machine: Machine) -> None:
    """While the machine's clock is doubted: a day closed by it would be stamped a day ahead."""
    site = machine.site
    machine.set_by += DAY
    machine.wait(SECOND)
    steady = SteadyClock(machine.shows, lambda: machine.passed, started=machine.name)
    beside = replace(site.venue, clock=steady)
    assert beside.now() == OPENS + DAY + SECOND
    use.as_the_server(beside)
    assert beside.now() == site.venue.now() == OPENS + SECOND
    accepted(use.decide_here(beside, "machine", hours_follow=False))
    assert site.venue.now() == OPENS + DAY + SECOND, "the server has heard of it"


def test_a_demos_hours_follow_the_clock(machine: Machine) -> None:
    """They were reckoned from it: nine hours from now. A real day's are the plan's."""
    site = machine.site
    machine.set_by -= 40 * MINUTE
    machine.wait(SECOND)
    accepted(use.decide(site.venue, ORGANIZER, new_id(), "machine", hours_follow=True))
    assert site.one("SELECT opens_at FROM service_day") == OPENS - 40 * MINUTE
    machine.set_by += 40 * MINUTE
    machine.wait(SECOND)
    accepted(machine.decide("machine"))
    assert site.one("SELECT opens_at FROM service_day") == OPENS - 40 * MINUTE


def test_a_decision_is_done_once(machine: Machine) -> None:
    """The same id again gives the first answer, and moves nothing."""
    machine.set_by -= 40 * MINUTE
    machine.wait(SECOND)
    command = new_id()
    first = use.decide(machine.site.venue, ORGANIZER, command, "machine", hours_follow=False)
    again = use.decide(machine.site.venue, ORGANIZER, command, "machine", hours_follow=False)
    assert accepted(first) == accepted(again)
    machine.true(machine.shows())


def test_a_virtual_clock_asks_nothing(site: Site) -> None:
    """A rehearsal's time is set on purpose."""
    use.begin(site.venue)
    use.ClockWatch(site.venue).look()
    assert site.rows("SELECT * FROM clock_run") == []
    assert open_and_close.last_moment(site.venue) == OPENS
