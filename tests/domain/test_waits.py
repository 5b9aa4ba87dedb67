from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain import waits
from checkin_server.domain.waits import Spoken, Wait, spoken

AHEAD = st.integers(0, 500)
BUSY = st.integers(0, 12)
COUNTERS = st.integers(1, 12)
# The same table is read by tests/js/waits.test.js: the ticket and the screens must say one wait in the same numbers.
TABLE: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "waits.json").read_text(encoding="utf-8"))
MEAN = st.floats(5, 3600)


def estimate(ahead: int, busy: int, counters: int, mean: float) -> Wait:
    """Estimate a wait that is known."""
    wait = waits.estimate(ahead, busy, counters, mean)
    assert wait is not None
    return wait


@given(AHEAD, BUSY, st.integers(-3, 0), MEAN)
def test_a_service_without_an_open_counter_has_no_waiting_time(ahead: int, busy: int, counters: int, m: float) -> None:
    """An unknown time is honest; a figure would be a guess."""
    assert waits.estimate(ahead, busy, counters, m) is None


@given(AHEAD, BUSY, COUNTERS, MEAN)
def test_an_estimate_is_a_range_of_whole_seconds(ahead: int, busy: int, counters: int, mean: float) -> None:
    """Never negative, never a single figure."""
    wait = estimate(ahead, busy, counters, mean)
    assert 0 <= wait.p50 < wait.p90
    assert isinstance(wait.p50, int) and isinstance(wait.p90, int)


@given(st.integers(0, 5), COUNTERS, MEAN)
def test_behind_nobody_with_a_counter_idle_there_is_no_wait(busy: int, counters: int, mean: float) -> None:
    """Half are called at once, nine in ten within a minute."""
    if busy < counters:
        assert estimate(0, busy, counters, mean) == Wait(0, 60)


@given(AHEAD, BUSY, COUNTERS, MEAN)
def test_one_more_ahead_never_shortens_the_wait(ahead: int, busy: int, counters: int, mean: float) -> None:
    """Both ends of the range grow with the queue."""
    one, more = estimate(ahead, busy, counters, mean), estimate(ahead + 1, busy, counters, mean)
    assert one.p50 <= more.p50 and one.p90 <= more.p90


@given(AHEAD, BUSY, COUNTERS, MEAN)
def test_one_more_open_counter_never_lengthens_the_wait(ahead: int, busy: int, counters: int, mean: float) -> None:
    """Opening a counter must look like help."""
    few, many = estimate(ahead, busy, counters, mean), estimate(ahead, busy, counters + 1, mean)
    assert many.p50 <= few.p50 and many.p90 <= few.p90


@given(AHEAD, BUSY, COUNTERS, MEAN)
def test_one_more_busy_counter_never_shortens_the_wait(ahead: int, busy: int, counters: int, mean: float) -> None:
    """Who is being served stands before who waits."""
    idle, busier = estimate(ahead, busy, counters, mean), estimate(ahead, busy + 1, counters, mean)
    assert idle.p50 <= busier.p50 and idle.p90 <= busier.p90


@given(AHEAD, BUSY, COUNTERS, MEAN, st.floats(1, 4))
def test_slower_service_never_shortens_the_wait(
    ahead: int, busy: int, counters: int, mean: float, factor: float
) -> None:
    """The measured service time is what the estimate stands on."""
    fast, slow = estimate(ahead, busy, counters, mean), estimate(ahead, busy, counters, mean * factor)
    assert fast.p50 <= slow.p50 and fast.p90 <= slow.p90


def test_the_middle_of_the_range_is_what_the_queue_takes() -> None:
    """Ten ahead at one busy counter of five minutes: ten and a half services, about 52 minutes."""
    wait = estimate(10, 1, 1, 300)
    assert wait.p50 == pytest.approx(10.5 * 300, rel=0.05)
    assert 10.5 * 300 < wait.p90 < 1.6 * 10.5 * 300


def test_a_long_queue_is_relatively_surer_than_a_short_one() -> None:
    """The spread grows with the root of the queue, not with the queue."""
    short, long = estimate(4, 2, 2, 300), estimate(100, 2, 2, 300)
    assert (long.p90 - long.p50) / long.p50 < (short.p90 - short.p50) / short.p50


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_wait_is_said_as_a_range_that_holds_it(p50: int, more: int) -> None:
    """Around both figures and never a single one: whole minutes, in steps of five above ten, half hours above 90."""
    says = spoken(Wait(p50, p50 + more))
    unit = 60 if says.unit == "minutes" else 1800
    assert says.low * unit <= p50
    assert says.high * unit >= p50 + more
    assert says.low < says.high
    if says.unit == "minutes":
        assert says.high <= 90
        assert says.high <= 10 or (says.low % 5 == 0 and says.high % 5 == 0)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: str(row["case"]))
def test_the_ticket_says_a_wait_in_the_numbers_of_the_table(row: dict[str, Any]) -> None:
    """Downwards for the least, upwards for the most, as the screens do from the same table."""
    low, high = row["says"]
    expected = Spoken(row.get("unit", "minutes"), low, high, row.get("over", False), row.get("part"))
    minute = int(row["at"][:2]) * 60 + int(row["at"][3:]) if "at" in row else None
    assert spoken(Wait(row["p50"], row["p90"]), minute) == expected
