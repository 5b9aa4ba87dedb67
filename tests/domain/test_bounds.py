"""How much one visit may ask for in an hour, and until when a day that is over listens."""

from __future__ import annotations

import pytest

from checkin_server.domain import bounds

HOUR = bounds.HOUR_MS


@pytest.mark.parametrize(
    ("times", "most", "waits"),
    [
        ([], 1, None),
        ([], 0, 3600),
        ([10], 1, 3600),
        ([10, 20], 3, None),
        ([0, HOUR // 2], 2, 1),
        ([0, 1000, HOUR // 2], 2, 2),
    ],
)
def test_within_an_hour_something_is_done_so_often(times: list[int], most: int, waits: int | None) -> None:
    """The refusal says in how many seconds the oldest that counts is an hour ago."""
    now = 10 if times == [10] else HOUR - 1
    refusal = bounds.within_an_hour("reprint_limit", times, now, most)
    assert (refusal and refusal.params["retry_after"]) == waits


def test_what_was_an_hour_ago_does_not_count() -> None:
    """To the millisecond."""
    assert bounds.within_an_hour("x", [0], HOUR, 1) is None
    assert bounds.within_an_hour("x", [1], HOUR, 1) is not None


@pytest.mark.parametrize(
    ("closed", "ended", "now", "listens"),
    [
        (None, None, 10**12, True),
        (0, None, 60_000, True),
        (0, None, 60_001, False),
        (0, 50_000, 60_001, False),
        (None, 0, 60_001, False),
    ],
)
def test_a_closed_day_listens_for_so_many_minutes(
    closed: int | None, ended: int | None, now: int, listens: bool
) -> None:
    """From its closing, or from its end where nobody closed it."""
    assert (bounds.day_listens(closed, ended, now, 1) is None) == listens
