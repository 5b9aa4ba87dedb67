"""The judge of the event log: who was chosen before whom, told by hand-written logs."""

from __future__ import annotations

from typing import Any

import pytest

from checkin_server.domain.fairness.log import Fairness

CAP, REST = 90.0, 2.0
MINUTE = 60_000


class Log:
    """A log that is judged as it is written; minutes after opening."""

    def __init__(self, after: dict[str, tuple[str, ...]] | None = None) -> None:
        self.judge = Fairness(CAP, after or {}, REST)
        self.seq = 0

    def __call__(self, minute: float, kind: str, visit: str, service: str | None = None, **data: Any) -> None:
        """Write one event; a visit's number is the one in its name."""
        self.seq += 1
        step = f"{visit}/{service}" if service else None
        self.judge.see(self.seq, round(minute * MINUTE), kind, visit, step, service, int(visit[1:]), data)

    def come(self, minute: float, visit: str, *services: str, category: str = "active") -> None:
        """Somebody checks in and chooses."""
        self(minute, "member_admitted", visit, category=category)
        self(minute, "services_chosen", visit, added=services, back=(), dropped=())

    def told(self) -> tuple[bool, list[tuple[int, int]]]:
        """Whether the bound held, and who was overtaken by whom if not."""
        report = self.judge.report()
        return report["held"], [(case["number"], case["by"]) for case in report["cases"]]


@pytest.mark.parametrize("how", ["visitor_sent", "visitor_called"])
def test_a_broken_order_is_reported_as_beyond_the_bound(how: str) -> None:
    """Ninety minutes, the overtaker's head start of 15, two for the walk: 107 holds, 108 does not."""
    for later, held in ((107, True), (108, False)):
        log = Log()
        log.come(0, "v1", "bank")
        log.come(later, "v2", "bank")
        log(later + 5, how, "v2", "bank", head_start=15)
        assert log.told() == (held, [] if held else [(1, 2)])
        (row,) = log.judge.report()["categories"]
        assert row == {"category": "active", "visits": 2, "overtaken": 1, "longest_s": later * 60}


def test_a_call_of_somebody_who_was_sent_is_no_new_choice() -> None:
    """They were chosen when they were sent."""
    log = Log()
    log.come(0, "v1", "bank")
    log(1, "visitor_sent", "v1", "bank")
    log(2, "visitor_called", "v1", "bank")
    assert log.judge.report()["choices"] == 1


@pytest.mark.parametrize(
    "away",
    [
        [(1, "visitor_sent", "health", {})],
        [(1, "visitor_called", "health", {})],
        [(1, "visit_held", None, {"minutes": 240})],
        [(1, "visit_left", None, {})],
        [(1, "services_chosen", None, {"added": (), "back": (), "dropped": ("bank",)})],
        [(1, "visitor_called", "bank", {}), (20, "service_finished", "bank", {"outcome": "served"})],
    ],
)
def test_who_cannot_be_chosen_cannot_be_overtaken(away: list[tuple[int, str, str | None, dict[str, Any]]]) -> None:
    """On the way, at a counter, away, gone, or not waiting for it any more."""
    log = Log()
    log.come(0, "v1", "bank", "health")
    for minute, kind, service, data in away:
        log(minute, kind, "v1", service, **data)
    log.come(150, "v2", "bank")
    log(151, "visitor_called", "v2", "bank")
    assert log.told() == (True, [])


@pytest.mark.parametrize(
    "back",
    [
        [(1, "visitor_sent", "health", {}), (2, "visitor_released", "health", {})],
        [(1, "visit_held", None, {"minutes": 240}), (30, "visit_resumed", None, {"steps": ()})],
        [(1, "visitor_called", "bank", {}), (5, "visitor_missed", "bank", {"state": "waiting"})],
        [(1, "visitor_called", "health", {}), (20, "service_finished", "health", {"outcome": "served"})],
        [(1, "visitor_called", "bank", {}), (2, "step_parked", "bank", {}), (9, "step_resumed", "bank", {})],
        [(1, "visitor_called", "bank", {}), (2, "action_undone", "bank", {"state": "waiting"})],
    ],
)
def test_who_is_free_again_has_the_old_place(back: list[tuple[int, str, str | None, dict[str, Any]]]) -> None:
    """And is overtaken by whoever is chosen then, though they asked much later."""
    log = Log()
    log.come(0, "v1", "bank", "health")
    for minute, kind, service, data in back:
        log(minute, kind, "v1", service, **data)
    log.come(150, "v2", "bank")
    log(151, "visitor_called", "v2", "bank")
    assert log.told() == (False, [(1, 2)])


def test_an_earlier_stop_comes_first() -> None:
    """Who must see another stand before this one does not wait for it yet."""
    log = Log(after={"bank": ("health",)})
    log.come(0, "v1", "bank", "health")
    log.come(150, "v2", "bank")
    log(151, "visitor_called", "v2", "bank")
    log(152, "visitor_called", "v1", "health")
    log(153, "step_parked", "v1", "health")
    log.come(154, "v4", "bank")
    log(155, "visitor_called", "v4", "bank")
    assert log.told() == (True, []), "set aside is not over"
    log(156, "step_resumed", "v1", "health")
    log(157, "visitor_called", "v1", "health")
    log(160, "service_finished", "v1", "health", outcome="served")
    log.come(161, "v3", "bank")
    log(162, "visitor_called", "v3", "bank")
    assert log.told() == (False, [(1, 3)])
