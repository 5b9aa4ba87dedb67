"""No stored moment is read further ahead than the rules allow."""

from __future__ import annotations

import pytest

from checkin_server.domain.moments import longest
from tests.support.small_plan import small_plan

NOW = 1_577_433_600_000
MINUTE, DAY = 60_000, 86_400_000
SPANS = longest(small_plan())


@pytest.mark.parametrize("column", sorted(SPANS.spans))
def test_what_is_too_far_ahead_is_read_as_the_longest(column: str) -> None:
    """And everything else as it stands."""
    far = NOW + 30 * DAY
    assert SPANS.clamped(column, far, NOW) == NOW + SPANS.spans[column]
    for moment in (0, NOW - DAY, NOW, NOW + SPANS.spans[column]):
        assert SPANS.clamped(column, moment, NOW) == moment
    assert SPANS.clamped(column, None, NOW) is None


def test_a_column_that_is_not_listed_is_a_mistake() -> None:
    """Whoever reads a new one thinks of its longest."""
    with pytest.raises(KeyError):
        SPANS.clamped("visit.created_at", NOW, NOW)


def test_the_longest_are_those_of_the_rules() -> None:
    """Two hours' hold at most, an hour's lock, fourteen hours' session; nobody was sent in the future."""
    assert SPANS.spans["visit.hold_until"] == 120 * MINUTE
    assert SPANS.spans["visit.not_before"] == 120 * MINUTE
    assert SPANS.spans["throttle.locked_until"] == 60 * MINUTE
    assert SPANS.spans["session.expires_at"] == 14 * 60 * MINUTE
    assert SPANS.spans["step.headed_at"] == 0
