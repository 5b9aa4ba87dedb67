"""Waiting, walking and service times: each case with the right value worked out by hand."""

from __future__ import annotations

from tests.domain.figures.hand import Log


def served(log: Log, visit: str = "v1", call: float = 10, start: float = 11, finish: float = 20) -> None:
    """The bank serves somebody."""
    log.at("b1", "bank", visit, (call, "call"), (start, "start"), (finish, "finish"))


def wait(log: Log) -> int | None:
    """The only wait at the bank, in minutes."""
    row = log.row("waits", service="bank")
    assert row["waits"] <= 1
    assert row["wait_median"] == row["wait_p90"] == row["wait_longest"]
    return None if row["wait_median"] is None else row["wait_median"] // 60


def test_a_wait_is_from_asking_to_the_call_a_walk_from_there_to_the_start() -> None:
    """Asked at 3, called at 10, started at 11, finished at 20: 7 + 1 + 9 minutes."""
    log = Log()
    log.come(3, "v1", "bank")
    served(log)
    assert wait(log) == 7
    times = log.row("service_times", service="bank")
    assert (times["walks"], times["walking_median"]) == (1, 60)
    assert (times["service_times"], times["service_median"], times["without_start"]) == (1, 540, 0)
    assert log.one("glance", "venue_median") == 17 * 60


def test_what_nobody_measured_is_empty_and_not_nothing() -> None:
    """Nobody came for advice: there is no wait of 0 seconds."""
    log = Log()
    log.come(0, "v1", "bank")
    row = log.row("waits", service="advice")
    assert (row["waits"], row["wait_median"], row["service_level"]) == (0, None, None)
    assert log.one("waits", "wait_longest", service="bank") is None


def test_a_missed_call_ends_no_wait_and_the_first_call_stands_beside_it() -> None:
    """Called at 10 and missed, called at 20 and once more at 22, started at 23: 22 minutes, the first call after 10."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (13, "miss"), (20, "call"), (22, "recall"), (23, "start"), (30, "finish"))
    row = log.row("waits", service="bank")
    assert (row["wait_median"], row["first_call_median"]) == (22 * 60, 10 * 60)
    assert log.one("service_times", "walking_median", service="bank") == 60
    calls = log.row("calls", service="bank")
    assert [calls[name] for name in ("calls", "recalls", "missed_calls")] == [2, 1, 1]


def test_a_call_after_the_last_start_is_in_no_wait() -> None:
    """Started at 11, parked, called again at 40 and missed: they waited until the call at 10."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (11, "start"), (15, "park"), (20, "resume"), (40, "call"), (43, "gone"))
    assert wait(log) == 10


def test_a_hold_is_no_waiting_and_ends_when_it_is_lifted_or_over() -> None:
    """Asked at 0, held from 5 for 15 minutes and back at 12; held again at 20 for 10, and called at 40: 40 - 7 - 10."""
    log = Log()
    log.come(0, "v1", "bank")
    log(5, "visit_held", "v1", minutes=15)
    log(12, "visit_resumed", "v1", steps=[])
    log(20, "visit_held", "v1", minutes=10)
    served(log, call=40, start=41, finish=50)
    assert wait(log) == 23


def test_a_hold_goes_on_when_only_a_step_is_brought_back() -> None:
    """Held from 5 for 15 minutes; at 10 only the parked advice is asked back: the bank's wait is 30 - 15."""
    log = Log()
    log.come(0, "v1", "bank", "advice")
    log(5, "visit_held", "v1", minutes=15)
    log(10, "visit_resumed", "v1", steps=[], hold_goes_on=True)
    served(log, call=30, start=31, finish=40)
    assert wait(log) == 15


def test_parked_time_and_what_was_served_before_it_is_no_waiting() -> None:
    """Asked 0, called 10, started 11, parked 15, back at 30, called 40: 10 + 1 walking there + 10 again = 21."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (11, "start"), (15, "park"), (30, "resume"), (40, "call"), (41, "start"))
    log.at("b1", "bank", "v1", (50, "finish"))
    assert wait(log) == 21


def test_time_between_being_given_up_and_asking_again_is_no_waiting() -> None:
    """Given up at 13 after a missed call, chosen again at 33, called at 40: 13 + 7."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (13, "gone"))
    assert log.one("services", "missed_for_good", service="bank") == 1
    log(33, "services_chosen", "v1", added=(), dropped=(), back=("bank",), party_size=1)
    served(log, call=40, start=41, finish=50)
    assert wait(log) == 20
    assert [log.one("services", name, service="bank") for name in ("asked", "served", "missed_for_good")] == [1, 1, 0]


def test_finished_without_a_start_counts_from_the_call_and_is_no_walk() -> None:
    """Called at 10, finished at 14 in one tap: 4 minutes of service, and of serving at the counter."""
    log = Log()
    log(0, "counter_opened", counter="b1")
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (14, "quick"), (14, "finish"))
    times = log.row("service_times", service="bank")
    assert (times["walks"], times["service_median"], times["without_start"]) == (0, 240, 1)
    counter = log.row("counters", counter="b1")
    assert (counter["walking_s"], counter["serving_s"], counter["idle_s"]) == (0, 240, 600)


def test_a_service_sent_on_to_is_asked_for_from_then_on() -> None:
    """Asked for the bank at 0, served from 11, sent on to advice at 15, called there at 25: 10 and 10 minutes."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (11, "start"))
    onward = {"to_service": "advice", "to_counter": None, "to_step": "v1/advice"}
    log(15, "step_transferred", "v1", service="bank", counter="b1", **onward)
    log.at("d1", "advice", "v1", (25, "call"), (26, "start"), (30, "finish"))
    assert [log.one("waits", "wait_median", service=name) for name in ("bank", "advice")] == [600, 600]
    assert [log.one("services", "transferred", service=name) for name in ("bank", "advice")] == [1, 0]
    assert [log.one("glance", name) for name in ("asked", "served", "transferred", "unserved")] == [2, 1, 1, 0]


def test_handed_to_a_colleague_it_stays_one_service_and_one_wait() -> None:
    """Asked 0, called 10, started 11, handed over at 15, called there at 21, started 22, finished 30: 10 + 1 + 6."""
    log = Log()
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", (10, "call"), (11, "start"))
    log(
        15,
        "step_transferred",
        "v1",
        service="bank",
        counter="b1",
        to_service="bank",
        to_counter="b2",
        to_step="v1/bank",
    )
    log.at("b2", "bank", "v1", (21, "call"), (22, "start"), (30, "finish"))
    assert wait(log) == 17
    assert log.one("service_times", "service_median", service="bank") == 8 * 60
    assert log.one("services", "asked", service="bank") == 1


def test_a_clock_that_went_back_gives_no_negative_times() -> None:
    """Called five minutes before it was asked for, by a clock that was set: it waited nothing."""
    log = Log()
    log.come(10, "v1", "bank")
    log.at("b1", "bank", "v1", (5, "call"), (4, "start"), (3, "finish"))
    assert wait(log) == 0
    times = log.row("service_times", service="bank")
    assert (times["walking_median"], times["service_median"]) == (0, 0)


def test_median_and_p90_lie_between_two_values_as_in_a_spreadsheet() -> None:
    """Waits of 1, 2, 3 and 10 minutes: median 2:30, P90 7:54, longest 10."""
    log = Log()
    for place, minutes in enumerate((1, 2, 3, 10), 1):
        log.come(0, f"v{place}", "bank")
        served(log, f"v{place}", call=minutes, start=minutes, finish=minutes)
    row = log.row("waits", service="bank")
    assert [row[name] for name in ("waits", "wait_median", "wait_p90", "wait_longest")] == [4, 150, 474, 600]


def test_the_service_level_judges_who_was_called_and_who_waited_too_long() -> None:
    """The target is 20: called after 20 (kept) and 21; gone after 25 (missed) and after 5 (left out); one waits on."""
    log = Log()
    for visit in ("v1", "v2", "v3", "v4", "v5"):
        log.come(0, visit, "bank")
    gone = {"steps": [{"step": "", "service": "bank", "state": "waiting"}]}
    log(5, "visit_left", "v4", **gone)
    log.at("b1", "bank", "v1", (20, "call"))
    log.at("b2", "bank", "v2", (21, "call"))
    log(25, "visit_left", "v3", **gone)
    row = log.row("waits", service="bank")
    assert (row["in_target"], row["of_target"], row["service_level"]) == (1, 4, 0.25)
    given_up = log.row("abandoned", service="bank")
    assert (given_up["abandoned"], given_up["given_up_median"], given_up["given_up_longest"]) == (2, 900, 1500)
    assert log.one("glance", "abandoned_visits") == 2


def test_what_was_told_first_is_held_against_what_came() -> None:
    """Told 5 to 10 minutes, called after 9: within. Told the same, called after 11: not."""
    log = Log()
    for visit, call in (("v1", 9), ("v2", 11)):
        log.come(0, visit, "bank")
        number = int(visit[1:])
        for minute, p90 in ((0, 600), (1, 6000)):  # the second range is not the first that was told
            told = {"number": number, "kind": "next", "service": "bank", "seconds": 300, "p50": 300, "p90": p90}
            log(minute, "forecasts_told", told=[told])
        log.at("b1", "bank", visit, (call, "call"), (call, "start"), (call, "finish"))
    row = log.row("quoted", service="bank")
    assert (row["quoted"], row["within"], row["within_share"], row["came_median"]) == (2, 1, 0.5, 600)
    assert (row["quoted_p50_median"], row["quoted_p90_median"]) == (300, 600)
