"""What is foretold, compared with what came, and told to organisers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkin_server.domain.forecasts import Calibration
from tests.services.routing.hall_at_work import again, tick
from tests.support.shown import dashboard, kiosk
from tests.support.venue import MINUTE, Site, accepted, refused


def test_a_tile_does_not_count_who_will_be_elsewhere(site: Site) -> None:
    """Twelve want bank and health; who comes for health alone is before most of them."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    for _ in range(12):
        site.visitor("bank", "health")
    tiles = {tile["id"]: tile for tile in kiosk.snapshot(site.venue)["services"]}
    assert tiles["health"]["waiting"] == 12
    assert tiles["health"]["expected_wait"]["p50"] < 6 * 60 * 12 * 0.8
    assert tiles["advice"]["expected_wait"] is None, "closed: no time, never a number"


def test_the_last_ticket_is_refused_by_name_and_the_tile_says_so_before(site: Site) -> None:
    """Towards closing a counter can promise few more, then none; other services go on."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    site.clock.set(site.clock.now() + 8 * 60 * MINUTE)
    tile = next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == "bank")
    assert (tile["accepting"], tile["closing"]) == (True, True)
    assert 0 < tile["places_left"] < 5
    for _ in range(8):
        site.scan(site.newcomer().code)
    waiting = [row["id"] for row in site.rows("SELECT id FROM visit WHERE state = 'choosing' ORDER BY created_at, id")]
    answers = [site.choose(visit, "bank", "health") for visit in waiting]
    turned_away = [a for a in answers if not isinstance(a, dict)]
    assert turned_away and len(turned_away) < 8
    assert {"service": "bank", "reason": "no_more_tickets"} in refused(turned_away[0]).params["refused"]
    tile = next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == "bank")
    assert (tile["accepting"], tile["places_left"]) == (False, 0)


def test_forecasts_are_compared_with_what_came(site: Site) -> None:
    """Each call resolves what was told before it."""
    site.press("health-1", "open")
    for _ in range(25):
        site.visitor("health")
    tick(site)
    for _ in range(24):
        site.press("health-1", "call-next", "start")
        site.wait(6)
        site.press("health-1", "finish")
        tick(site)
    share, resolved, error = site.venue.router.foretelling.kept()
    assert resolved >= 20 and share is not None and share > 0.6 and error is not None
    shown = dashboard.snapshot(site.venue, dict, frozenset())["forecasts"]
    assert (shown["share"], shown["resolved"]) == (share, resolved)


def judged_day(site: Site) -> None:
    """Play a day whose forecasts come early, late and never, on several services."""
    for name in ("bank-1", "health-1", "desk-1"):
        site.press(name, "open")
    for n in range(38):
        site.visitor(*(("bank", "health"), ("health",), ("bank", "advice"), ("advice", "enrolment"))[n % 4])
        site.wait(0.5)
        tick(site)
    for n in range(26):
        for name in ("bank-1", "health-1", "desk-1"):
            if n % (2 if name == "bank-1" else 1):
                continue
            if accepted(site.at(name, "call-next"))["outcome"] == "called":
                site.press(name, *(("no-show",) if n % 9 == 8 else ("start",)))
        site.wait((3, 11, 5)[n % 3])
        for name in ("bank-1", "health-1", "desk-1"):
            site.at(name, "finish")
        tick(site)


def test_after_a_restart_the_same_is_foretold_to_the_number(site: Site) -> None:
    """How wide the ranges are, who is expected when, the demand, what was kept: all of it stands in the log."""
    judged_day(site)
    before, after = site.venue.router, again(site).router
    now = site.clock.now()
    assert after.prospect(now) == before.prospect(now)
    assert after.foretelling.kept() == before.foretelling.kept()
    assert after.foretelling.missed(now) == before.foretelling.missed(now)
    share, judged, _ = after.foretelling.kept()
    assert judged > 40 and share is not None and 0.3 < share < 1.0
    # It does not just begin anew: a venue that has seen nothing gives other ranges.
    assert before.prospect(now).services != fresh_ranges(site, now)


def fresh_ranges(site: Site, now: int) -> dict[str, Any]:
    """Return what would be foretold if nothing had been learned of forecasts."""
    router = again(site).router
    router.prospect(now)
    router.foretelling.record.calibration = Calibration()
    router.foretelling.renew(now)
    return dict(router.prospect(now).services)


def test_what_was_foretold_stands_in_the_log_once(site: Site) -> None:
    """Each visit's first forecast until it comes true; who is called meanwhile is in none."""
    site.press("bank-1", "open")
    for _ in range(4):
        site.visitor("bank")
    tick(site)
    tick(site)
    (row,) = site.rows("SELECT data FROM event WHERE kind = 'forecasts_told'")
    every = json.loads(row["data"])["told"]
    assert sorted(one["number"] for one in every if one["kind"] == "finish") == [1, 2, 3, 4]
    told = [one for one in every if one["kind"] != "finish"]
    assert sorted(one["number"] for one in told) == [1, 2, 3, 4]
    assert {one["kind"] for one in told} == {"go", "next"}
    site.visitor("bank")
    site.venue.router.prospect(site.clock.now())
    site.press("bank-1", "call-next")
    tick(site)
    later = json.loads(site.rows("SELECT data FROM event WHERE kind = 'forecasts_told' ORDER BY seq")[-1]["data"])
    assert 1 not in [one["number"] for one in later["told"]]


def test_a_visit_says_when_it_will_be_through_and_nothing_when_nobody_can_say(site: Site) -> None:
    """A range of moments behind those before it; absent without a counter, while it is held, or with a stop aside."""
    first = site.visitor("bank")["id"]
    late = site.visitor("bank")["id"]
    assert site.look(late)["expected_finish"] is None, "no counter is open"
    site.press("bank-1", "open")
    site.wait(0.1)
    soon, later = site.look(first)["expected_finish"], site.look(late)["expected_finish"]
    assert site.look(late)["created_at"] < soon["p50"] < later["p50"] < later["p90"]
    accepted(site.visit_does("hold", late))
    assert site.look(late)["expected_finish"] is None
    accepted(site.visit_does("resume", late))
    site.press("bank-1", "call-next", "park")
    site.wait(0.1)
    assert site.look(first)["expected_finish"] is None
    assert site.look(late)["expected_finish"] is not None
    site.press("bank-1", "call-next", "start", "finish")
    assert site.look(late)["expected_finish"] is None, "it is over"


def test_how_visits_end_makes_their_ranges_and_no_part_of_the_figures_about_calls(site: Site) -> None:
    """The last service of a visit says so in the log, and only that one settles what was told."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    site.visitor("bank", "health")
    for _ in range(2):  # told, and read again from the log
        site.wait(0.1)
        tick(site)
    record = site.venue.router.foretelling.record
    assert record.knows(1, "finish")
    site.wait(1)
    for desk in ("bank-1", "health-1"):
        site.press(desk, "call-next", "start", "finish")
    ends = [json.loads(row["data"])["last"] for row in site.rows(_ENDS)]
    assert ends == [False, True]
    site.wait(0.1)
    tick(site)
    assert not record.knows(1, "finish") and record.judged == record.resolved <= 2


_ENDS = "SELECT data FROM event WHERE kind = 'service_finished' ORDER BY seq"


def test_organisers_are_told_which_counter_would_help(site: Site) -> None:
    """The second one of the bank, with what it brings."""
    site.press("bank-1", "open")
    for _ in range(20):
        site.visitor("bank")
    (advice,) = dashboard.snapshot(site.venue, dict, frozenset())["advice"]
    assert (advice["code"], advice["service"], advice["counter"]) == ("open_counter", "bank", "bank-2")
    assert advice["becomes_s"] < advice["wait_s"] * 0.7


def troubles(site: Site) -> dict[str, dict[str, Any]]:
    """Return what the dashboard says is wrong, by code."""
    return {t["code"]: t for t in dashboard.snapshot(site.venue, dict, frozenset())["trouble"]}


def test_calls_that_nobody_comes_to_are_told_of(site: Site) -> None:
    """When more than three calls in ten are missed in an hour."""
    site.press("bank-1", "open")
    for _ in range(24):
        site.visitor("bank")
    for n in range(21):
        site.press("bank-1", "call-next", *(("no-show",) if n % 2 else ("start", "finish")))
    assert troubles(site)["calls_missed"]["share"] > 0.3
    site.wait(61)
    assert "calls_missed" not in troubles(site)


def test_visitors_who_do_not_stand_where_they_were_sent_are_told_of(site: Site) -> None:
    """One in two comes only when called, three minutes late; twenty have to be seen before anything is said."""
    site.press("health-1", "open")
    for n in range(24):
        site.visitor("health")
        site.wait(5)
        site.press("health-1", "call-next")
        site.wait((0.1, 3)[n % 2])
        site.press("health-1", "start", "finish")
        if n < 19:
            assert "not_following" not in troubles(site), n
    told = troubles(site)["not_following"]
    assert told["share"] == pytest.approx((0.6 + 12) / 44, abs=0.01) and told["seen"] == 24


def test_who_is_on_the_way_is_not_counted_as_waiting(site: Site) -> None:
    """On the dashboard, of a service and of the whole hall."""
    for _ in range(5):
        site.visitor("bank", "health")
    site.press("bank-1", "open")
    shown = dashboard.snapshot(site.venue, dict, frozenset())
    bank = next(service for service in shown["services"] if service["id"] == "bank")
    assert bank["headed"] == shown["headed"] == 2
    assert (bank["waiting"], shown["waiting"], shown["inside"]) == (3, 3, 5)
