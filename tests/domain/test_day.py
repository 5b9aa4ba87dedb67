"""A service day's life: when it ends, whether it was forgotten, which one opens next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.domain import day
from checkin_server.domain.plan import DayPlan
from tests.support.small_plan import CLOSES, OPENS

MINUTE = 60_000
OPEN = day.Times(OPENS, OPENS, CLOSES, closed=False)
CLOSING = replace(OPEN, closed=True, closed_at=CLOSES)
ENDED = replace(CLOSING, ended_at=CLOSES + MINUTE)
FRIDAY, SATURDAY = (
    DayPlan("2019-12-27", OPENS, CLOSES, None),
    DayPlan("2019-12-28", OPENS + 86_400_000, CLOSES + 86_400_000, None),
)


def test_a_day_is_open_then_closing_then_ended() -> None:
    """Closed by an older release, nobody knows when: it is closing, and long due."""
    assert [day.phase(one) for one in (OPEN, CLOSING, ENDED)] == ["open", "closing", "ended"]
    assert day.phase(replace(OPEN, closed=True)) == "closing"
    assert day.ends_by(replace(OPEN, closed=True), 30) == 30 * MINUTE


def test_a_closing_day_ends_some_minutes_later_at_the_latest() -> None:
    """Those that are open or over do not."""
    assert day.ends_by(CLOSING, 30) == CLOSES + 30 * MINUTE
    assert day.ends_by(OPEN, 30) is None and day.ends_by(ENDED, 30) is None


@pytest.mark.parametrize(
    ("times", "later", "forgotten"),
    [
        (OPEN, 30 * MINUTE - 1, False),
        (OPEN, 30 * MINUTE, True),
        (OPEN, 13 * 3_600_000, True),
        (CLOSING, 13 * 3_600_000, False),
        # Opened on purpose when its hours were over: a rehearsal of last week's day.
        (replace(OPEN, opened_at=CLOSES), 13 * 3_600_000, False),
    ],
)
def test_a_day_is_forgotten_half_an_hour_after_its_hours(times: day.Times, later: int, forgotten: bool) -> None:
    """Half an hour is a queue that is served to the end."""
    assert day.left_open(times, CLOSES + later, 30) is forgotten


def test_what_was_begun_after_a_forgotten_day_belongs_to_the_next() -> None:
    """Whoever came at ten to nine and opened a counter came for today."""
    morning = CLOSES + 15 * 3_600_000
    assert day.belongs_to_next(OPEN, morning, 30) == CLOSES + 30 * MINUTE
    assert day.belongs_to_next(OPEN, CLOSES, 30) == CLOSES
    assert day.belongs_to_next(CLOSING, morning, 30) == morning


def test_the_next_opening_is_the_first_planned_day_that_was_never_opened_and_is_to_come() -> None:
    """A day of last week that was never opened does not open tomorrow."""
    planned = (SATURDAY, FRIDAY)
    assert day.next_opening(planned, (), OPENS - MINUTE) == FRIDAY
    assert day.next_opening(planned, ("2019-12-27",), OPENS) == SATURDAY
    assert day.next_opening(planned, (), CLOSES) == SATURDAY
    assert day.next_opening(planned, ("2019-12-27", "2019-12-28"), OPENS) is None
    assert day.next_opening(planned, (), SATURDAY.closes_at) is None


def test_the_doors_are_early_open_over_or_not_there() -> None:
    """Over is also a day that is still open at night, and one that is closing."""
    assert day.doors(None, OPENS) == "none"
    assert [day.doors(OPEN, at) for at in (OPENS - 1, OPENS, CLOSES - 1, CLOSES)] == ["early", "open", "open", "over"]
    assert day.doors(CLOSING, OPENS) == "over"
