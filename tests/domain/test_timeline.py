"""What a start goes by, and since when moments are wrong together."""

from __future__ import annotations

import pytest

from checkin_server.domain.timeline import Before, Run, Start, start, stretches, wrong_since

MINUTE, DAY = 60_000, 86_400_000
NINE = 1_577_433_600_000
NEAR = 2 * MINUTE


def before(
    last: int, expected: int | None = None, *, kept: int = 0, open_day: bool = True, runs: bool = True
) -> Before:
    """What is known, in milliseconds from nine o'clock."""
    return Before(NINE + last, None if expected is None else NINE + expected, kept, open_day, runs)


@pytest.mark.parametrize(
    ("machine", "known", "wanted"),
    [
        # Every morning: the machine was off, its clock is ahead of what was written.
        pytest.param(0, before(-15 * 60 * MINUTE), Start(NINE), id="morning"),
        # A restart in the day, with the clock as it was.
        pytest.param(9 * MINUTE, before(0, 9 * MINUTE), Start(NINE + 9 * MINUTE, joins=True), id="restart"),
        # A second behind the last moment: no moment comes before one that was written.
        pytest.param(-1000, before(0), Start(NINE), id="a second behind"),
        # The clock was set by 40 minutes while the server was away: after a restart of the machine, and without one.
        pytest.param(
            -40 * MINUTE,
            before(0),
            Start(NINE - 40 * MINUTE, "behind", offset=-40 * MINUTE - 1),
            id="started anew",
        ),
        pytest.param(
            -40 * MINUTE,
            before(0, 5 * MINUTE),
            Start(NINE - 40 * MINUTE, "behind", offset=-45 * MINUTE),
            id="behind, known to the moment",
        ),
        # A day ahead: not followed while people are inside; at a new start of the machine nobody can know.
        pytest.param(
            DAY, before(0, MINUTE), Start(NINE + MINUTE, "stepped", offset=DAY - MINUTE, joins=True), id="ahead"
        ),
        pytest.param(DAY, before(0), Start(NINE + DAY), id="a day later"),
        pytest.param(DAY, before(0, MINUTE, open_day=False), Start(NINE + DAY), id="ahead, nobody inside"),
        # Somebody said that the machine's clock is a day ahead: it is no question again.
        pytest.param(
            DAY + MINUTE,
            before(0, MINUTE, kept=DAY),
            Start(NINE + MINUTE, kept=DAY, joins=True),
            id="known to be wrong",
        ),
        # One event lies in the future, the clock is as it was.
        pytest.param(
            MINUTE,
            before(DAY, MINUTE),
            Start(NINE + MINUTE, "behind", offset=MINUTE - DAY - 1, alone=True),
            id="one event",
        ),
        pytest.param(
            0, before(DAY, runs=False), Start(NINE, "behind", offset=-DAY - 1, alone=True), id="an older release's day"
        ),
        pytest.param(0, Before(0, None, runs=False), Start(NINE), id="the very first"),
    ],
)
def test_what_a_start_goes_by(machine: int, known: Before, wanted: Start) -> None:
    """The machine's clock, but for one that was set with people inside."""
    assert start(NINE + machine, known, NEAR) == wanted


def test_runs_are_wrong_together_as_far_as_their_time_went_on() -> None:
    """By their own word, or since they would overlap otherwise."""
    night = Run(1, NINE - 12 * 60 * MINUTE, NINE - 10 * 60 * MINUTE, joins=False)
    morning = Run(50, NINE, NINE + 30 * MINUTE, joins=False)
    again = Run(80, NINE + 31 * MINUTE, NINE + 60 * MINUTE, joins=True)
    assert wrong_since([again, morning, night], -40 * MINUTE) == morning
    assert wrong_since([again, morning, night], 40 * MINUTE) == morning
    started_anew = Run(80, NINE + 31 * MINUTE, NINE + 60 * MINUTE, joins=False)
    assert wrong_since([started_anew, morning, night], -40 * MINUTE) == morning, "else it began before that ended"
    assert wrong_since([started_anew, morning, night], 40 * MINUTE) == started_anew
    a_day_ahead = Run(80, NINE + DAY, NINE + DAY + MINUTE, joins=False)
    assert wrong_since([a_day_ahead, morning, night], 35 * MINUTE - DAY) == a_day_ahead
    assert wrong_since([], MINUTE) is None


def test_numbers_that_follow_each_other_are_one_stretch() -> None:
    """What lies between was written by a clock that was right."""
    assert stretches([3, 4, 5, 9, 11, 12]) == [(3, 5), (9, 9), (11, 12)]
    assert stretches([]) == []
