"""An action that was undone leaves no trace in any figure."""

from __future__ import annotations

import pytest

from checkin_server.domain.figures.dictionary import DATASETS
from checkin_server.domain.figures.report import rows_of
from tests.domain.figures.hand import Log

HERE = {"service": "bank", "counter": "b1"}
ONWARD = {**HERE, "to_service": "advice", "to_counter": None, "to_step": "v1/advice"}
HANDED = {**HERE, "to_service": "bank", "to_counter": "b2", "to_step": "v1/bank"}
ENDED = {"outcome": "served", "office": None}


def everything(log: Log) -> dict[str, object]:
    """All figures of a day."""
    return {name: rows_of(name, log.period()) for name in DATASETS}


def begun(*deeds: tuple[float, str]) -> Log:
    """Somebody waits for the bank and for advice, and the bank has done this."""
    log = Log()
    log(0, "counter_opened", counter="b1")
    log.come(0, "v1", "bank")
    log.at("b1", "bank", "v1", *deeds)
    return log


CALLED, SERVED = ((10.0, "call"),), ((10.0, "call"), (11.0, "start"))


@pytest.mark.parametrize(
    ("deeds", "action", "undone"),
    [
        ((), "call-next", [("visitor_called", HERE)]),
        (CALLED, "recall", [("visitor_recalled", HERE)]),
        (CALLED, "start", [("service_started", HERE)]),
        (CALLED, "finish", [("service_started", {**HERE, "quick": True}), ("service_finished", {**HERE, **ENDED})]),
        (SERVED, "finish", [("service_finished", {**HERE, "outcome": "referred", "office": "rabat"})]),
        (CALLED, "no-show", [("visitor_missed", {**HERE, "state": "waiting"})]),
        (CALLED, "no-show", [("visitor_missed", {**HERE, "state": "no_show"})]),
        (SERVED, "park", [("step_parked", HERE)]),
        (SERVED, "transfer", [("step_transferred", ONWARD)]),
        (SERVED, "transfer", [("step_transferred", HANDED)]),
        (SERVED, "add-service", [("service_added", {**HERE, "service": "advice"})]),
        ((*CALLED, (13.0, "gone")), "resume", [("step_resumed", HERE)]),
        ((), "scan", [("visitor_called", {**HERE, "scanned": True}), ("service_started", {**HERE, "scanned": True})]),
    ],
)  # fmt: skip
def test_an_undone_action_leaves_no_trace(
    deeds: tuple[tuple[float, str], ...], action: str, undone: list[tuple[str, dict[str, object]]]
) -> None:
    """Every figure is what it would be had nobody pressed the button; then the day goes on."""
    log, never = begun(*deeds), begun(*deeds)
    for kind, data in undone:
        log(20, kind, "v1", **data)
    assert everything(log) != everything(never)
    log.undo(20.1, "b1", action, "v1")
    never(20.1, "clock_set")  # nothing happened, and it is as late
    assert everything(log) == everything(never)
    for both in (log, never):
        both(30, "visit_left", "v1", steps=[{"step": "", "service": "bank", "state": "waiting"}])
        both.end(40)
    assert everything(log) == everything(never)


def test_what_others_did_meanwhile_stays() -> None:
    """While the bank's finish is taken back, the visitor has chosen advice at a kiosk and said what they think."""
    log = begun(*SERVED, (20, "finish"))
    log.choose(20.05, "v1", "advice")
    log(20.1, "feedback_given", "v1", scores={"bank": 4}, text=False)
    log(20.12, "visitor_sent", "v1", service="advice")
    log(20.15, "visitor_released", "v1", service="advice", reason="undone")
    log.undo(20.15, "b1", "finish", "v1")
    assert [log.one("glance", name) for name in ("asked", "served", "still_open", "scores")] == [2, 0, 2, 1]
    log.at("b1", "bank", "v1", (30, "finish"))
    assert log.one("service_times", "service_median", service="bank") == 19 * 60


def test_an_undone_break_is_no_break() -> None:
    """Paused at 10 by a slip, undone; the counter was idle all the time."""
    log = begun()
    log(10, "counter_paused", counter="b1")
    log.undo(10.1, "b1", "pause")
    log.end(30)
    row = log.row("counters", counter="b1")
    assert (row["paused_s"], row["idle_s"], row["open_s"]) == (0, 1800, 1800)
