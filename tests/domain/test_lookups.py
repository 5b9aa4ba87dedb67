"""How many people one person may look up."""

from __future__ import annotations

import pytest

from checkin_server.domain.lookups import CODE, WINDOWS, Look, over

MINUTE = 60_000
NOW = 1_000 * MINUTE
MIDNIGHT = NOW + 300 * MINUTE
SHORT, DAY = WINDOWS


def searches(count: int, people: int = 1, every_s: float = 0) -> list[Look]:
    """So many searches up to now, oldest first, each showing so many people."""
    return [Look(NOW - round(back * every_s * 1000), True, people) for back in range(count)][::-1]


@pytest.mark.parametrize(
    "looks",
    [
        [],
        searches(SHORT.searches - 1),
        searches(500, 4, every_s=57),  # a desk's whole day: a search a minute
        searches(24, 12, every_s=25),  # a rush: two to three searches a minute, with names that fit many
        [Look(NOW, False, 1)] * 200,
    ],
)
def test_the_work_of_a_desk_is_never_held_up(looks: list[Look]) -> None:
    """Neither in a rush nor on a long day; numbers of tickets count as people only."""
    assert over(looks, NOW, MIDNIGHT) is None


@pytest.mark.parametrize(
    ("looks", "what", "limit", "wait"),
    [
        (searches(SHORT.searches), "searches", SHORT.searches, 600),
        (searches(SHORT.searches, 0), "searches", SHORT.searches, 600),
        (searches(SHORT.searches, every_s=10), "searches", SHORT.searches, 600 - 10 * (SHORT.searches - 1)),
        (searches(15, 20), "people", SHORT.people, 600),
        ([Look(NOW - MINUTE, False, 1)] * SHORT.people, "people", SHORT.people, 540),
        (searches(DAY.searches, every_s=20), "searches", DAY.searches, 300 * 60),
        (searches(DAY.people // 10, 10, every_s=60), "people", DAY.people, 300 * 60),
    ],
)
def test_who_copies_a_list_is_stopped_and_told_for_how_long(
    looks: list[Look], what: str, limit: int, wait: int
) -> None:
    """Until the oldest look-ups are ten minutes ago; what fills a whole day, until that is over."""
    refusal = over(looks, NOW, MIDNIGHT)
    assert refusal is not None and refusal.code == CODE
    assert refusal.params == {"what": what, "limit": limit, "retry_after": wait}


def test_after_the_wait_there_is_room_for_the_next_one() -> None:
    """Exactly then, and not a moment before."""
    looks = searches(SHORT.searches, every_s=3)
    refusal = over(looks, NOW, MIDNIGHT)
    assert refusal is not None
    then = NOW + refusal.params["retry_after"] * 1000
    assert over(looks, then, MIDNIGHT) is None and over(looks, then - 1001, MIDNIGHT) is not None
