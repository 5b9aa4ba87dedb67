from __future__ import annotations

from checkin_server.db import days
from tests.services.conftest import MakeSite
from tests.support.venue import Site, small_plan

DAY = "2019-12-27"


def test_the_last_place_is_counted_once(new_site: MakeSite) -> None:
    """The statement itself says no: two processes on one PostgreSQL may both have seen a place."""
    planned = small_plan().days[0]
    limited = (type(planned)(planned.id, planned.opens_at, planned.closes_at, 2),)
    with new_site(plan=small_plan(days=limited)) as site:
        given = [site.db.write(lambda tx: days.count_admitted(tx, DAY)) for _ in range(4)]
        assert given == [True, True, False, False]
        assert site.one("SELECT admitted FROM service_day") == 2


def test_a_day_without_a_limit_counts_everybody(site: Site) -> None:
    """None is no limit, not nought."""
    assert all(site.db.write(lambda tx: days.count_admitted(tx, DAY)) for _ in range(3))
    assert site.one("SELECT admitted FROM service_day") == 3


def test_numbers_begin_with_one_and_follow_one_another(site: Site) -> None:
    """Each day has its own row to take them from."""
    assert [site.db.write(lambda tx: days.next_number(tx, DAY)) for _ in range(3)] == [1, 2, 3]
