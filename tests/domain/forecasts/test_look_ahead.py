from __future__ import annotations

import random
from dataclasses import replace

from checkin_server.domain.forecasts import Calibration, advise, begin_look, look_ahead, promises
from checkin_server.domain.plan import DayPlan
from checkin_server.domain.routing import MINUTE
from checkin_server.domain.routing.ready_area import TURN_MS
from checkin_server.domain.waits import Wait
from tests.domain.routing.hall import NOW, Hall, plan


def test_those_in_line_are_expected_one_after_the_other() -> None:
    """One counter, six minutes each; who stands ready is called first."""
    hall = Hall(plan({"a": 1}))
    hall.occupy("a-1")
    for n in range(3):
        hall.come(f"v{n}", "a", ago=30 - n, zone="Za")
    hall.sent()
    calls = look_ahead(hall.floor, NOW).calls
    assert [round((calls[f"v{n}a"] - NOW) / MINUTE) for n in range(3)] == [6, 12, 19]


def test_a_visit_is_expected_to_finish_after_its_last_stop() -> None:
    """Two services of six minutes, two walks of one, two turns at a counter."""
    hall = Hall(plan({"a": 1, "b": 1}))
    hall.come("v", "ab")
    outlook = look_ahead(hall.floor, NOW)
    assert round(outlook.finishes["v"]) == NOW + 12 * MINUTE + 2 * MINUTE
    assert outlook.ends["a"] <= outlook.ends["b"] or outlook.ends["b"] <= outlook.ends["a"]
    assert TURN_MS < MINUTE


def test_a_closed_service_has_no_time_and_its_visits_no_finish() -> None:
    """The screens say "closed, time unknown", never a number."""
    hall = Hall(open_=("a-1",))
    hall.come("v", "ab")
    outlook = look_ahead(hall.floor, NOW)
    assert outlook.unknown == {"vb"} and "va" in outlook.calls and "v" not in outlook.finishes


def test_precedence_holds_in_the_look_ahead_too() -> None:
    """The bank comes after enrolment, even if its counter idles."""
    hall = Hall(plan({"a": 1, "b": 1}, after={"b": ("a",)}))
    hall.come("v", "ab")
    calls = look_ahead(hall.floor, NOW).calls
    assert calls["vb"] > calls["va"] + 6 * MINUTE


def test_looking_ahead_changes_nothing() -> None:
    """It is played on a copy."""
    hall = Hall()
    for n in range(6):
        hall.come(f"v{n}", "abc", ago=n)
    hall.sent()
    before = [(s.id, s.state, s.key) for s in hall.floor.steps.values()]
    first, second = look_ahead(hall.floor, NOW), look_ahead(hall.floor, NOW)
    assert first.calls == second.calls and before == [(s.id, s.state, s.key) for s in hall.floor.steps.values()]


def test_a_booth_promises_places_until_closing_and_none_beyond() -> None:
    """With an hour left, six-minute services and caution, some; with a line that lasts beyond closing, none."""
    hall = Hall(plan({"a": 1, "b": 1, "c": 1}), open_=("a-1", "b-1"))
    for n in range(12):
        hall.come(f"v{n}", "b", ago=n)
    found = {p.service: p for p in promises(hall.floor, look_ahead(hall.floor, NOW), NOW + 60 * MINUTE)}
    assert found["a"].state == "open" and 4 <= (found["a"].places or 0) <= 9
    assert found["b"].state == "full" and found["b"].places == 0
    assert 0 < found["b"].late < 6, "those who are called after closing, and not all who wait"
    assert found["c"].state == "unknown" and found["c"].places is None
    asked = promises(hall.floor, look_ahead(hall.floor, NOW), NOW + 60 * MINUTE, {"a": 30.0})
    assert asked[0].state == "filling" and asked[0].until is not None and asked[0].until < NOW + 20 * MINUTE


def test_the_advice_names_the_counter_that_would_help_most_and_what_it_brings() -> None:
    """Ten wait at b, whose second counter is closed; nobody waits elsewhere."""
    hall = Hall(plan({"a": 2, "b": 2}), open_=("a-1", "a-2", "b-1"))
    for n in range(10):
        hall.come(f"v{n}", "b", ago=n)
    best = advise(hall.floor, NOW)[0]
    assert (best.kind, best.service, best.counter) == ("open", "b", "b-2")
    assert best.after_ms < 0.7 * best.before_ms
    hall.floor.set_counter("b-2", True, NOW)
    kinds = {(a.kind, a.taken_from) for a in advise(hall.floor, NOW)}
    assert kinds == {("add", None), ("divert", "a")}


def test_the_advice_that_saves_most_comes_first_however_long_the_other_line() -> None:
    """The longer backlog has two counters already: a third helps less there than a second elsewhere."""
    hall = Hall(plan({"a": 3, "b": 2}, {"a": 20.0, "b": 6.0}), open_=("a-1", "a-2", "b-1"))
    for n in range(8):
        hall.come(f"a{n}", "a", ago=n)
    for n in range(12):
        hall.come(f"b{n}", "b", ago=n)
    assert hall.floor.backlog("a") > hall.floor.backlog("b")
    assert [(one.kind, one.service) for one in advise(hall.floor, NOW)] == [("open", "b"), ("open", "a")]


def test_no_service_is_advised_to_give_up_its_only_counter() -> None:
    """However long the line elsewhere."""
    hall = Hall(plan({"a": 1, "b": 1}))
    for n in range(12):
        hall.come(f"v{n}", "b", ago=n)
    assert [(one.kind, one.service) for one in advise(hall.floor, NOW)] == [("add", "b")]


def test_ranges_become_as_wide_as_what_happens_asks_for() -> None:
    """A look-ahead that is half an hour out half the time must say so; nine in ten then come within the P90."""
    calibration, chance = Calibration(), random.Random(1)
    held = 0
    for n in range(600):
        foretold = chance.uniform(600, 3000)
        given = calibration.range("next", foretold)
        came = foretold * chance.lognormvariate(0.2, 0.5)
        calibration.resolve("next", foretold, given, came)
        held += n >= 200 and came <= given.p90
    assert 0.86 < held / 400 < 0.94


def test_a_range_is_in_order_and_never_negative() -> None:
    """Before anything was learned, and for what should have happened already."""
    calibration = Calibration()
    for seconds in (-500.0, 0.0, 60.0, 9000.0):
        wait = calibration.range("go", seconds)
        assert isinstance(wait, Wait) and 0 <= wait.p50 <= wait.p90 and wait.p90 >= 60


def come_and_go(hall: Hall, minutes: float) -> None:
    """Somebody who wanted the first service came so many minutes ago and has left."""
    hall.come(f"gone{minutes}", "a", ago=minutes)
    hall.floor.drop(f"gone{minutes}", NOW)


def test_those_who_came_lately_are_expected_again_and_delay_who_has_more_to_do() -> None:
    """One every two minutes with one short stop; the visit with three stops is called later than without them."""
    hall = Hall(plan({"a": 1, "b": 1, "c": 1}, {"a": 4.0, "b": 10.0, "c": 10.0}), open_=("a-1",))
    for minute in range(1, 30, 2):
        come_and_go(hall, minute)
    hall.occupy("a-1", minutes=1)
    for n in range(4):
        hall.come(f"w{n}", "a")
    hall.come("v", "abc")
    alone, with_others = look_ahead(hall.floor, NOW), look_ahead(hall.floor, NOW, arrivals=True)
    assert with_others.calls["va"] > alone.calls["va"] + 4 * MINUTE
    assert with_others.calls.keys() == alone.calls.keys() and with_others.visits == alone.visits
    assert with_others.unknown == alone.unknown


def test_nobody_is_expected_who_is_not_like_somebody_seen_lately_nor_after_closing() -> None:
    """Without arrivals, or with none in the last half hour, expecting changes nothing."""
    hall = Hall()
    hall.occupy("a-1", minutes=1)
    hall.come("v", "ab")
    hall.floor.arrived.clear()
    assert look_ahead(hall.floor, NOW, arrivals=True).calls == look_ahead(hall.floor, NOW).calls
    come_and_go(hall, 45)
    assert look_ahead(hall.floor, NOW, arrivals=True).calls == look_ahead(hall.floor, NOW).calls
    closing = DayPlan("d", NOW - 60 * MINUTE, NOW + MINUTE)
    shut = Hall(replace(plan(), days=(closing,)))
    for minute in range(1, 30):
        come_and_go(shut, minute)
    shut.occupy("a-1", minutes=1)
    shut.come("v", "ab")
    shut.floor.arrived.pop("v")
    assert look_ahead(shut.floor, NOW, arrivals=True).calls == look_ahead(shut.floor, NOW).calls


def test_what_changes_in_a_pause_changes_nothing_that_is_played() -> None:
    """The picture was taken before: visits that leave meanwhile, come, or close a counter make no difference."""
    hall = Hall(plan({"a": 2, "b": 1, "c": 1}))
    for minute in range(1, 30, 3):
        come_and_go(hall, minute)
    for n in range(60):
        hall.come(f"v{n}", "abc", ago=n / 4)
    hall.sent()
    expected = look_ahead(hall.floor, NOW, arrivals=True)
    pauses = 0

    def meanwhile() -> None:
        nonlocal pauses
        hall.floor.drop(f"v{pauses}", NOW)
        hall.come(f"late{pauses}", "ab", ago=0)
        hall.floor.set_counter("a-2", pauses % 2 == 1, NOW)
        pauses += 1

    played = begin_look(hall.floor, NOW, arrivals=True)(meanwhile)
    assert pauses > 3
    assert (played.calls, played.finishes, played.ends) == (expected.calls, expected.finishes, expected.ends)
    assert (played.unknown, played.counters_free, played.wait_ms) == (
        expected.unknown,
        expected.counters_free,
        expected.wait_ms,
    )
