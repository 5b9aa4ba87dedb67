from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.domain import priority
from checkin_server.domain.plan import Plan
from tests.support.venue import small_plan


def plan(given: int, limit: int, **needs: float) -> Plan:
    """A plan whose desk gives so many minutes, within a limit."""
    routing = replace(small_plan().routing, needs_head_start=needs, head_start_limit_minutes=limit)
    return small_plan(routing=routing, desk_priority_minutes=given)


@pytest.mark.parametrize(
    ("given", "limit", "needs", "reason", "minutes"),
    [
        (20, 45, {}, "pregnant", 20),
        (60, 45, {}, "pregnant", 45),
        (20, 45, {"wheelchair": 30.0}, "wheelchair", 30),
        (20, 45, {"wheelchair": 90.0}, "wheelchair", 45),
        (20, 45, {"wheelchair": 0.0}, "wheelchair", 0),
        (-5, 45, {}, "elderly", 0),
        (20, 0, {}, "other", 0),
    ],
)
def test_priority_is_the_settings_minutes_within_the_limit_for_all(
    given: int, limit: int, needs: dict[str, float], reason: str, minutes: int
) -> None:
    """A need's own, else the desk's; never beyond the limit, never less than none."""
    assert priority.minutes(plan(given, limit, **needs), reason) == minutes
