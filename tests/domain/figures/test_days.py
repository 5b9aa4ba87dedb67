"""Whole days: counters to the second, people, days that are odd, and parts that add up."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from checkin_server.domain.figures.period import Held, Period
from checkin_server.domain.figures.report import rows_of
from tests.domain.figures.hand import MINUTE, OPENS, PLAN, Log

FAMILY = {"category": {"active": 1, "child": 2}, "unit": {"rabat": 3}, "language": {"fr": 1, "ar": 2}}


def test_a_counters_time_is_its_parts_to_the_second() -> None:
    """Open from 1, idle 9, walking 1, serving 9, idle 10, paused 5, idle until the day ends at 60: 59 minutes."""
    log = Log()
    log.come(0, "v1", "bank")
    log(1, "counter_opened", counter="b1")
    log.at("b1", "bank", "v1", (10, "call"), (11, "start"), (20, "finish"))
    log(30, "counter_paused", counter="b1")
    log(35, "counter_opened", counter="b1")
    log.end(60)
    log(61, "counter_closed", counter="b1")
    row = log.row("counters", counter="b1")
    assert [row[name] // 60 for name in ("open_s", "walking_s", "serving_s", "idle_s", "paused_s")] == [59, 1, 9, 44, 5]
    assert (row["idle_while_waiting_s"], row["served"]) == (9 * 60, 1)
    booth = log.row("capacity", booth="bank")
    assert (booth["counters"], booth["planned_s"], booth["open_s"], booth["serving_s"]) == (2, 57_600, 59 * 60, 9 * 60)


def test_a_counter_that_was_open_before_the_day_counts_from_the_days_opening() -> None:
    """Opened half an hour early: nobody could be called yet."""
    log = Log()
    log.day.last_at = 0
    log(-30, "counter_opened", counter="b1")
    log.end(20)
    assert log.one("counters", "idle_s", counter="b1") == 20 * 60


def test_idle_while_somebody_waited_asks_whether_this_counter_could_call_them() -> None:
    """One free visitor: from 0 to 10; then at the desk until 20, held until 30, free again until the end at 40."""
    log = Log()
    log(0, "counter_opened", counter="b1")
    log.come(0, "v1", "bank", "advice")
    log.at("d1", "advice", "v1", (10, "call"), (10, "start"), (20, "finish"))
    log(20, "visit_held", "v1", minutes=10)
    log.end(40)
    row = log.row("counters", counter="b1")
    assert (row["idle_s"], row["idle_while_waiting_s"]) == (40 * 60, 20 * 60)


def test_who_rests_or_is_kept_for_a_colleague_is_not_free_for_a_counter() -> None:
    """Missed at 13: free again at 15. Handed to b2 at 20: from then on nobody is free for b1, somebody is for b2."""
    log = Log()
    log(0, "counter_opened", counter="b1")
    log(0, "counter_opened", counter="b2")
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (13, "miss"), (18, "call"))
    log(
        20,
        "step_transferred",
        "v1",
        service="bank",
        counter="b1",
        to_service="bank",
        to_counter="b2",
        to_step="v1/bank",
    )
    log.end(40)
    # b1: 0 to 10 and 15 to 18. b2: the same and 20 to 40.
    assert log.one("counters", "idle_while_waiting_s", counter="b1") == 13 * 60
    assert log.one("counters", "idle_while_waiting_s", counter="b2") == 33 * 60


def test_midnight_inside_a_day_changes_no_duration() -> None:
    """A day opened at 23:30: asked at 23:40, called at 0:10. The quarters are those of two dates."""
    log = Log(opens=OPENS + 930 * MINUTE)
    log.come(10, "v1", "bank")
    log.come(35, "v2", "bank")
    log.at("b1", "bank", "v1", (40, "call"), (40, "start"), (45, "finish"))
    assert log.one("waits", "wait_median", service="bank") == 30 * 60
    came = [row["quarter"] for row in rows_of("arrivals", log.period()) if row["arrivals"]]
    assert came == ["2019-12-27T23:30+00:00", "2019-12-28T00:00+00:00"]


def test_an_hour_that_the_clock_shows_twice_is_two_hours() -> None:
    """Paris, 27 October 2024: from 2:45 summer time to 2:45 winter time is an hour, and each quarter stands once."""
    log = Log(opens=1_729_989_000_000)  # 0:30 UTC, 2:30 summer time
    log.come(15, "v1", "bank")
    log.come(75, "v2", "bank")
    log.at("b1", "bank", "v1", (75, "call"), (75, "start"), (80, "finish"))
    assert log.one("waits", "wait_median", service="bank") == 60 * 60
    quarters = [row["quarter"] for row in rows_of("arrivals", log.period(ZoneInfo("Europe/Paris")))]
    assert len(quarters) == len(set(quarters))
    assert {"2024-10-27T02:45+02:00", "2024-10-27T02:45+01:00"} <= set(quarters)


def test_a_day_that_was_opened_again_goes_on_without_the_time_between() -> None:
    """Ended at 20 with somebody waiting since 0, opened again at 60, called at 70: 30 minutes of waiting, 30 open."""
    log = Log()
    log.come(0, "v1", "bank")
    log(0, "counter_opened", counter="b1")
    was = [{"step": "", "service": "bank", "state": "waiting", "counter": None}]
    log(20, "visit_ended", "v1", outcome="incomplete", steps=was)
    log(20, "counter_closed", counter="b1")
    log.end(20)
    assert [log.one("glance", name) for name in ("open_end", "abandoned", "abandoned_visits")] == [0, 1, 1]
    log(60, "visit_brought_back", "v1", steps=was)
    log(60, "day_hours_set", opens_at=OPENS, closes_at=OPENS + 480 * MINUTE)
    log(60, "counter_opened", counter="b1")
    log.at("b1", "bank", "v1", (70, "call"), (70, "start"), (70, "finish"))
    log.end(70)
    assert log.one("waits", "wait_median", service="bank") == 30 * 60
    assert [log.one("glance", name) for name in ("open_end", "abandoned", "served")] == [0, 0, 1]
    assert log.one("counters", "open_s", counter="b1") == 30 * 60


def test_a_visit_that_left_by_mistake_did_not_wait_while_it_was_gone() -> None:
    """Left at 10, inside again at 15, called at 30: 25 minutes, and nothing was abandoned."""
    log = Log()
    log.come(0, "v1", "bank")
    was = [{"step": "", "service": "bank", "state": "waiting"}]
    log(10, "visit_left", "v1", steps=was)
    assert log.one("glance", "abandoned_visits") == 1
    log(15, "visit_reopened", "v1", steps=was)
    log.at("b1", "bank", "v1", (30, "call"), (30, "start"), (40, "finish"))
    assert (log.one("waits", "wait_median", service="bank"), log.one("glance", "abandoned_visits")) == (1500, 0)


def test_a_family_that_split_up_is_two_arrivals_and_as_many_people() -> None:
    """Four came; two of them went on their own at 10. Both parts came when the family did."""
    log = Log()
    whole = {"category": {"active": 2, "child": 2}, "unit": {"rabat": 4}, "language": {"fr": 4}}
    half = {"category": {"active": 1, "child": 1}, "unit": {"rabat": 2}, "language": {"fr": 2}}
    log.come(0, "v1", "bank", people=4, party=whole)
    assert [log.one("glance", name) for name in ("admitted", "arrivals", "people")] == [1, 1, 4]
    log(10, "family_parted", "v2", category="child", unit="rabat", locale="fr", **{"from": "v1"})
    log.choose(10, "v2", "advice", people=2, party=half)
    log.choose(10, "v1", people=2, party=half)
    assert [log.one("glance", name) for name in ("admitted", "arrivals", "people")] == [1, 2, 4]
    assert log.row("people_by_category", category="child") == {"category": "child", "arrivals": 1, "people": 2}
    row = log.row("families")
    assert [row[name] for name in ("families", "people_in_families", "split", "parts")] == [2, 4, 1, 1]
    assert log.row("arrivals", quarter="2019-12-27T08:00+00:00")["arrivals"] == 2
    log.at("d1", "advice", "v2", (10, "call"), (10, "start"), (30, "finish"))
    assert log.one("glance", "venue_median") == 30 * 60  # from the family's first scan


def test_a_log_from_before_the_parties_were_counted_says_so() -> None:
    """The arrival's own category is known, the people's is not."""
    log = Log()
    log.come(0, "v1", "bank", people=3)
    log.come(0, "v2", "bank", people=3, party=FAMILY)
    rows = {row["category"]: row for row in rows_of("people_by_category", log.period())}
    assert {name: (row["arrivals"], row["people"]) for name, row in rows.items()} == {
        "active": (2, 1),
        "child": (0, 2),
        "not_recorded": (0, 3),
    }


def test_a_service_that_the_plan_has_no_more_keeps_its_figures() -> None:
    """The tailor was served in the morning; the plan that held last knows no tailor. It comes last, by its own name."""
    log = Log()
    log.come(0, "v1", "tailor")
    log.at("t1", "tailor", "v1", (5, "call"), (5, "start"), (15, "finish"))
    (played,) = log.period().days
    counters = [{"id": "t1", "booth": "craft", "services": ["tailor"]}]
    morning = {**PLAN, "services": [{"id": "tailor", "booth": "craft"}], "counters": counters}
    held = Held([(OPENS, morning), (OPENS + 60 * MINUTE, PLAN)])
    period = Period([replace(played, plan=held)], log.period().local)
    assert [(row["service"], row["served"]) for row in rows_of("services", period)] == [
        ("bank", 0),
        ("advice", 0),
        ("tailor", 1),
    ]
    assert {row["booth"]: row["serving_s"] for row in rows_of("capacity", period)} == {
        "bank": 0,
        "desk": 0,
        "craft": 600,
    }


def test_two_days_together_are_their_sum_and_the_spread_of_all_waits() -> None:
    """Waits of 10 on one day, of 20 and 30 on the other: median 20, and a row for each day and for both."""
    first, second = Log(), Log(opens=OPENS + 1440 * MINUTE)
    second.day.id = "2019-12-28"
    for log, calls in ((first, (10,)), (second, (20, 30))):
        for place, call in enumerate(calls, 1):
            log.come(0, f"v{place}", "bank")
            log.at("b1", "bank", f"v{place}", (call, "call"), (call, "start"), (call, "finish"))
    both = Period([*first.period().days, *second.period().days], first.period().local)
    told = [(row["day"], row["arrivals"], row["wait_median"]) for row in rows_of("glance", both)]
    assert told == [("2019-12-27", 1, 600), ("2019-12-28", 2, 1500), ("all", 3, 1200)]
