"""What was foretold and what came, from the log alone."""

from __future__ import annotations

import random
from typing import Any

from checkin_server.domain.forecasts import Calibration
from checkin_server.domain.forecasts.track_record import TrackRecord
from checkin_server.domain.waits import Wait

SECOND = 1000
MINUTE = 60 * SECOND


def told(number: int, p50: int, p90: int, kind: str = "next", service: str = "bank") -> dict[str, Any]:
    """Return the data of an event that tells one forecast."""
    one = {"number": number, "kind": kind, "service": service, "seconds": float(p50), "p50": p50, "p90": p90}
    return {"told": [one]}


def test_a_call_within_the_longest_time_keeps_the_forecast_and_a_later_one_does_not() -> None:
    """Both are judged, and the error is that of the middle."""
    record = TrackRecord()
    record.see(0, "forecasts_told", None, told(1, 60, 120))
    record.see(0, "forecasts_told", None, told(2, 60, 120))
    record.see(90 * SECOND, "visitor_called", 1, {})
    record.see(150 * SECOND, "visitor_called", 2, {})
    assert (record.judged, record.held, record.coverage, record.mean_error_s) == (2, 1, 0.5, 60)


def test_a_forecast_is_late_as_soon_as_something_is_written_behind_its_longest_time() -> None:
    """Whether its call ever comes or the visitor leaves: otherwise only those that were kept would be counted."""
    record = TrackRecord()
    record.see(0, "forecasts_told", None, told(1, 60, 120))
    record.see(120 * SECOND, "clock_set", None, {})
    assert record.judged == 0
    record.see(121 * SECOND, "clock_set", None, {})
    assert (record.judged, record.held) == (1, 0)
    record.see(10 * MINUTE, "visit_left", 1, {})
    assert (record.judged, record.held, record.mean_error_s) == (1, 0, None)


def test_who_holds_leaves_or_comes_by_themselves_proves_nothing() -> None:
    """Nobody knows when they would have been called."""
    record = TrackRecord()
    for number, kind, data in ((1, "visit_held", {}), (2, "visit_left", {}), (3, "visitor_called", {"scanned": True})):
        record.see(0, "forecasts_told", None, told(number, 60, 120))
        record.see(30 * SECOND, kind, number, data)
    record.see(MINUTE * 60, "clock_set", None, {})
    assert (record.judged, record.coverage) == (0, None)


def test_who_is_called_at_once_is_no_part_of_the_figures() -> None:
    """On a calm morning they are most, and nothing was foretold to them that could fail."""
    record = TrackRecord()
    record.see(0, "forecasts_told", None, told(1, 0, 60, kind="go"))
    record.see(0, "forecasts_told", None, told(2, 0, 60, kind="go"))
    record.see(3 * SECOND, "visitor_called", 1, {})
    record.see(90 * SECOND, "visitor_called", 2, {})
    assert (record.judged, record.coverage, record.mean_error_s) == (0, None, None)


def test_only_the_first_forecast_counts_until_the_call_has_come() -> None:
    """Whoever foretells again, a second process too, makes it no easier."""
    record = TrackRecord()
    record.see(0, "forecasts_told", None, told(1, 60, 120))
    record.see(MINUTE, "forecasts_told", None, told(1, 600, 900))
    assert record.knows(1, "next") and not record.knows(1, "go")
    record.see(5 * MINUTE, "visitor_called", 1, {})
    assert (record.judged, record.held) == (1, 0)
    record.see(6 * MINUTE, "forecasts_told", None, told(1, 60, 120))
    record.see(7 * MINUTE, "visitor_called", 1, {})
    assert (record.judged, record.held) == (2, 1)


def test_the_demand_of_half_an_hour_and_the_misses_of_an_hour_are_known() -> None:
    """By the time that is asked for, not by that of the last event."""
    record = TrackRecord()
    record.see(0, "services_chosen", 1, {"added": ["bank", "health"]})
    record.see(20 * MINUTE, "services_chosen", 2, {"added": ["bank"]})
    record.see(20 * MINUTE, "visitor_called", 1, {})
    record.see(21 * MINUTE, "visitor_missed", 1, {})
    assert record.demand(25 * MINUTE) == {"bank": 4.0, "health": 2.0}
    assert record.missed(25 * MINUTE) == (1, 1)
    assert record.demand(40 * MINUTE) == {"bank": 2.0}
    assert record.missed(82 * MINUTE) == (0, 0)


def test_calls_at_once_make_no_range_narrow_for_who_waits() -> None:
    """On a calm morning most are sent to idle counters; the others' longest time stays well above the middle."""
    calibration = Calibration()
    before = calibration.range("go", 180)
    for _ in range(60):
        calibration.resolve("go", 0.0, Wait(0, 60), 3.0)
    after = calibration.range("go", 180)
    assert after.p90 - after.p50 > 0.6 * (before.p90 - before.p50)


def test_a_mornings_first_forecasts_are_kept_nine_times_in_ten() -> None:
    """With the spread that rehearsed days show and nothing learned yet."""
    chance = random.Random(5)
    held = 0
    for _ in range(20):
        calibration = Calibration()
        for _ in range(100):
            if chance.random() < 0.4:
                foretold, came = 0.0, chance.uniform(1, 12)
            else:
                foretold = chance.uniform(60, 700)
                came = max(0.0, (foretold + 90) * chance.lognormvariate(-0.05, 0.48) - 90)
            given = calibration.range("go", foretold)
            held += came <= given.p90
            calibration.resolve("go", foretold, given, came)
    assert 0.86 <= held / 2000 <= 0.95


def test_the_end_of_a_visit_widens_its_own_ranges_only() -> None:
    """Ends that came late make the next end's range wider; calls are foretold as before, and no figure has them."""
    record = TrackRecord()
    before, calls = record.calibration.range("finish", 600), record.calibration.range("next", 600)
    for number in range(1, 60):
        at = number * 3_600_000
        record.see(at, "forecasts_told", None, told(number, 500, 700, kind="finish", service=""))
        record.see(at + 60_000, "service_finished", number, {"last": False})
        assert record.knows(number, "finish")
        record.see(at + 1_500_000, "service_finished", number, {"last": True})
    assert record.calibration.range("finish", 600).p90 > before.p90 * 1.3
    assert record.calibration.range("next", 600) == calls
    assert (record.judged, record.resolved, record.coverage) == (0, 0, None)


def test_who_asks_for_more_or_holds_is_foretold_anew() -> None:
    """The forecast was right for what was known."""
    for kind in ("visit_held", "services_chosen", "service_added", "step_parked"):
        record = TrackRecord()
        record.see(0, "forecasts_told", None, told(1, 500, 700, kind="finish", service=""))
        record.see(1_000, kind, 1, {"added": []})
        assert not record.knows(1, "finish"), kind
