"""A clock that is corrected, over more than one day, and by several processes."""

from __future__ import annotations

import pytest

from checkin_server.services.day import clock as use
from checkin_server.services.day import open_and_close
from tests.support.set_clock import Machine, log_moments
from tests.support.venue import OPENS, Site, accepted

SECOND, MINUTE, DAY = 1000, 60_000, 86_400_000


@pytest.fixture
def machine(site: Site) -> Machine:
    """A machine whose server has just been started on the open day."""
    made = Machine(site)
    made.serve()
    return made


def one_day(machine: Machine) -> None:
    """Somebody comes and is served, and the day ends."""
    site = machine.site
    site.press("bank-1", "open")
    site.visitor("bank")
    machine.wait(5 * MINUTE)
    site.press("bank-1", "call-next", "start")
    machine.wait(10 * MINUTE)
    site.press("bank-1", "finish")
    open_and_close.close_day(site.venue, now=True)


def test_a_closed_day_keeps_its_moments(machine: Machine) -> None:
    """Today's clock is corrected; what yesterday wrote is yesterday's."""
    site = machine.site
    one_day(machine)
    before = site.rows("SELECT * FROM step ORDER BY id")
    machine.wait(DAY)
    site.open_day(1)
    site.visitor("bank")
    asked = site.one("SELECT max(since) FROM step")
    machine.wait(5 * MINUTE)
    machine.set_by -= 10 * MINUTE
    machine.wait(SECOND)
    accepted(machine.decide("machine"))
    assert [row for row in site.rows("SELECT * FROM step ORDER BY id") if row["since"] < OPENS + DAY // 2] == before
    assert site.one("SELECT max(since) FROM step") == asked - 10 * MINUTE
    assert log_moments(site) == sorted(log_moments(site))


def test_a_day_before_that_the_same_wrong_clock_gave_moves_as_well(machine: Machine) -> None:
    """It would end behind the new day's beginning otherwise, and every start would ask again."""
    site = machine.site
    machine.set_by += 30 * MINUTE
    machine.boot(MINUTE)
    one_day(machine)
    site.open_day(1)
    machine.wait(MINUTE)
    machine.set_by -= 30 * MINUTE
    machine.wait(SECOND)
    accepted(machine.decide("machine"))
    assert site.one("SELECT since FROM step") == OPENS + MINUTE
    machine.wait(MINUTE)
    machine.boot(MINUTE)
    assert machine.asks() is None
    machine.true(machine.shows())


def test_several_restarts_keep_what_nobody_has_decided(machine: Machine) -> None:
    """Behind the log, started again and again: one question, and all of it is taken back by one answer."""
    site = machine.site
    machine.wait(60 * MINUTE)
    visit = site.visitor("bank")
    asked = site.one("SELECT since FROM step")
    machine.set_by -= 40 * MINUTE
    machine.boot()
    machine.wait(MINUTE)
    site.press("bank-1", "open")
    machine.boot(MINUTE)
    question = machine.asks()
    assert question is not None and question.at_start
    machine.wait(MINUTE)
    accepted(machine.decide("riwaq"))
    assert site.one("SELECT since FROM step") == asked
    assert log_moments(site) == sorted(log_moments(site))
    assert site.venue.now() >= asked + 2 * MINUTE
    assert site.press("bank-1", "call-next")["visit"]["number"] == visit["number"]
    assert machine.asks() is None


def test_nothing_is_asked_about_a_machine_that_was_off(machine: Machine) -> None:
    """Each morning its clock is ahead of what was written last."""
    open_and_close.close_day(machine.site.venue, now=True)
    machine.boot(14 * 60 * MINUTE)
    machine.site.open_day(1)
    assert machine.asks() is None and "clock_doubted" not in machine.site.events()


def test_a_clock_that_is_set_between_two_servers_is_asked_about(machine: Machine) -> None:
    """With the day open: the server goes on by the time that has passed."""
    site = machine.site
    site.visitor("bank")
    machine.wait(MINUTE)
    machine.passed += MINUTE
    machine.set_by += DAY
    machine.serve()
    asked = machine.asks()
    assert asked is not None and (asked.at_start, asked.offset_ms) == (False, DAY)
    machine.true(OPENS + 2 * MINUTE)
    assert site.visitor("bank")["number"] == 2, "the doors are open"
    accepted(machine.decide("riwaq"))
    assert site.db.read(use.known_wrong) == DAY
