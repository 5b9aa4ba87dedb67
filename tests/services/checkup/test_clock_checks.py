"""What the doctor says of time: clocks that differ, and who reckons the venue's hours otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.common.clock import SteadyClock
from checkin_server.services import access
from checkin_server.services.checkup.clock_check import check_screens_hours, check_time
from checkin_server.services.checkup.doctor import Finding
from checkin_server.services.day import clock
from checkin_server.services.venue import Actor
from tests.support.venue import OPENS, Site, accepted, new_id

MINUTE, DAY = 60_000, 86_400_000


def checked(site: Site, machine: int, passed: int) -> list[Finding]:
    """What the doctor finds, run beside the server when so much time has passed."""
    steady = SteadyClock(lambda: machine, lambda: passed, started="first")
    beside = replace(site.venue, clock=steady)
    clock.as_the_server(beside)
    return list(check_time(beside))


def serve(site: Site, machine: int, passed: int) -> clock.ClockWatch:
    """Start a server on that machine."""
    steady = SteadyClock(lambda: machine, lambda: passed, started="first")
    site.venue = replace(site.venue, clock=steady)
    clock.begin(site.venue)
    return clock.ClockWatch(site.venue)


def test_clocks_that_agree_are_no_finding(site: Site) -> None:
    """Nor a venue that no server has run for yet."""
    assert checked(site, OPENS, 0) == []
    serve(site, OPENS, 0)
    assert checked(site, OPENS + 5 * MINUTE, 5 * MINUTE) == []


@pytest.mark.parametrize(
    ("step", "span"),
    [
        (-40 * MINUTE, "40 min"),
        (-60 * MINUTE, "1 h"),
        (95 * MINUTE, "1 h 35 min"),
        (DAY, "1 d"),
        (-DAY - 3 * 60 * MINUTE, "1 d 3 h"),
    ],
)
def test_a_clock_that_was_set_stops_the_day_until_somebody_says(site: Site, step: int, span: str) -> None:
    """With both times and the commands; afterwards it is a note as long as the machine's clock is wrong."""
    serve(site, OPENS, 0)
    watch = serve(site, OPENS + MINUTE, MINUTE)
    machine = site.venue.clock
    assert isinstance(machine, SteadyClock)
    machine.machine = lambda: OPENS + MINUTE + step
    watch.look()
    (found,) = checked(site, OPENS + MINUTE + step, MINUTE)
    assert found.verdict == "STOP" and f"differ by {span}:" in found.what and "`riwaq clock accept`" in found.todo
    assert "Riwaq's 2019-12-27 09:01; it goes by its own" in found.what
    accepted(clock.decide(site.venue, Actor("d", "organizer", "o"), new_id(), "riwaq", hours_follow=False))
    (kept,) = checked(site, OPENS + MINUTE + step, MINUTE)
    assert kept.verdict == "NOTE" and f"wrong by {span}" in kept.what and "Set the machine's clock" in kept.todo


def test_a_clock_behind_the_log_is_said_before_the_start(site: Site) -> None:
    """A server that is started now would ask."""
    serve(site, OPENS, 0)
    (found,) = checked(site, OPENS - 60 * MINUTE, 3)
    assert found.verdict == "STOP" and "it is behind what was written last, at 2019-12-27 09:00" in found.what


@pytest.mark.parametrize(("step", "way"), [(125_000, "forward by 2 min"), (-3 * 60 * MINUTE, "back by 3 h")])
def test_a_clock_that_was_set_between_two_servers_says_which_way(site: Site, step: int, way: str) -> None:
    """The person who compares it with a watch looks for just that."""
    serve(site, OPENS, 0)
    passed = 5 * 60 * MINUTE
    (found,) = checked(site, OPENS + passed + step, passed)
    assert found.verdict == "STOP" and found.what == f"it was set {way} since the server looked last"


def test_screens_whose_browsers_reckon_otherwise_are_named(site: Site) -> None:
    """By role and station; those that have not said anything are not."""
    assert list(check_screens_hours(site.venue)) == []
    kiosk = access.add_device(site.venue, "kiosk", "K1").device_id
    board = access.add_device(site.venue, "board", next(iter(site.plan.boards))).device_id
    access.add_device(site.venue, "organizer", "office")
    access.note_seen(site.venue, {}, {kiosk: 3600, board: 3600})
    (same,) = check_screens_hours(site.venue)
    assert (same.verdict, same.what) == ("OK", "the browsers of 2 paired screens say the same")
    access.note_seen(site.venue, {kiosk: OPENS}, {kiosk: 0})
    (other,) = check_screens_hours(site.venue)
    assert other.verdict == "NOTE" and "1 of 2 browsers say otherwise: kiosk K1 (UTC+00:00)" in other.what
