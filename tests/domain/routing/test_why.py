from __future__ import annotations

from checkin_server.domain.routing import MINUTE
from checkin_server.domain.routing.why import waited
from tests.domain.routing.hall import NOW, Hall


def test_a_wait_is_told_in_whole_minutes_and_never_less_than_none() -> None:
    """Also when the machine's clock was put back since: nobody has waited minus five minutes."""
    hall = Hall(open_=())
    hall.come("v", "a", ago=3.9)
    step = hall.floor.steps["va"]
    assert waited(step, NOW) == 3
    assert waited(step, NOW - 10 * MINUTE) == 0
