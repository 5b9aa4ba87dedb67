"""What the dashboard calls trouble at a stand: open counters, somebody to call, and nobody who calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.shown import dashboard
from tests.support.venue import Site, accepted


def troubles(site: Site) -> list[dict[str, Any]]:
    """Return what is wrong at the stands."""
    shown: list[dict[str, Any]] = dashboard.snapshot(site.venue, dict, frozenset())["trouble"]
    return [trouble for trouble in shown if trouble["code"] == "nobody_at_booth"]


def test_an_open_counter_that_calls_nobody_for_ten_minutes_is_trouble(site: Site) -> None:
    """Somebody waits, the counter is open, and nobody is there."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.wait(9)
    assert troubles(site) == []
    site.wait(2)
    assert troubles(site) == [{"code": "nobody_at_booth", "booth": "bank", "waiting": 1}]
    site.press("bank-1", "call-next")
    assert troubles(site) == []


def test_it_counts_from_when_somebody_could_have_been_called(site: Site) -> None:
    """An empty queue is no reason to look for anybody."""
    site.press("bank-1", "open")
    site.wait(30)
    assert troubles(site) == []
    site.visitor("bank")
    site.wait(5)
    assert troubles(site) == []
    site.wait(6)
    assert len(troubles(site)) == 1


def test_a_stand_is_not_told_of_for_visitors_who_wait_for_another_one(site: Site) -> None:
    """The health stand has nobody to call, however many wait for the bank."""
    site.press("health-1", "open")
    for _ in range(3):
        site.visitor("bank")
    site.wait(30)
    assert troubles(site) == []


@pytest.mark.parametrize("action", ["pause", "close"])
def test_a_counter_that_is_not_open_calls_nobody_and_should_not(site: Site, action: str) -> None:
    """A break is a break."""
    site.press("bank-1", "open", action)
    site.visitor("bank")
    site.wait(30)
    assert troubles(site) == []


def test_whoever_serves_for_long_is_there(site: Site) -> None:
    """Also for the stand's other counters."""
    site.press("bank-1", "open")
    site.press("bank-2", "open")
    site.visitor("bank")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    site.wait(40)
    assert troubles(site) == []


def test_who_cannot_be_called_is_not_waited_for(site: Site) -> None:
    """Held for prayer, or at another counter."""
    site.press("health-1", "open")
    site.visitor("bank", "health")
    site.press("health-1", "call-next", "start")
    site.press("bank-1", "open")
    held = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", held, minutes=60))
    site.wait(30)
    assert troubles(site) == []


def test_who_has_just_finished_or_missed_somebody_is_there(site: Site) -> None:
    """Each press of a button shows that somebody stands at the counter."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.wait(9)
    site.press("bank-1", "call-next")
    site.visitor("bank")
    site.wait(9)
    site.press("bank-1", "start", "finish")
    site.wait(9)
    assert troubles(site) == []
    site.wait(2)
    assert len(troubles(site)) == 1
