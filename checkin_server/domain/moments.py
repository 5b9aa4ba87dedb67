"""How far in the future a stored moment may lie: the one table, and the one rule that reads by it.

A clock that was wrong leaves moments behind that no rule would ever make: a rest until tomorrow, a lock for a day. What
is read is never later than the longest that the rules allow from now. `checkin_server/db/moments.py` writes the same
into the rows at each start and at each correction, so that such a moment comes nearer also where SQL compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import overload

from checkin_server.domain.plan import Plan

MINUTE = 60_000
CORRECTED = "clock_corrected"
"""The kind of the event after which moments are read anew: somebody said which clock is right."""
LONGEST_HOLD_MINUTES = 120
"""The longest for which a visitor may keep the place (`POST /visits/{id}/hold`)."""
LONGEST_LOCK_S = 3600
"""The longest for which wrong PINs lock."""
SESSION_HOURS = 14
LONGEST_RETRY_S = 3600
"""The longest after which a print job is tried again."""
LINK_MINUTES = 60
"""How long a one-time link is good; a pairing code for less."""


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest that a moment may lie ahead, in milliseconds, by ``table.column``."""

    spans: Mapping[str, int]

    @overload
    def clamped(self, column: str, moment: int, now: int) -> int: ...
    @overload
    def clamped(self, column: str, moment: None, now: int) -> None: ...
    @overload
    def clamped(self, column: str, moment: int | None, now: int) -> int | None: ...
    def clamped(self, column: str, moment: int | None, now: int) -> int | None:
        """Return a stored moment as it is to be read: not later than the rules allow. Raises KeyError if not listed."""
        return None if moment is None else min(moment, now + self.spans[column])


def longest(plan: Plan) -> Longest:
    """Return the longest spans by a venue's rules."""
    hold = LONGEST_HOLD_MINUTES * MINUTE
    return Longest(
        {
            "visit.not_before": max(hold, round(plan.missed_rest_minutes * MINUTE)),
            "visit.hold_until": hold,
            "step.headed_at": 0,
            "throttle.locked_until": LONGEST_LOCK_S * 1000,
            "print_job.not_before": LONGEST_RETRY_S * 1000,
            "session.expires_at": SESSION_HOURS * 60 * MINUTE,
            "pairing.expires_at": LINK_MINUTES * MINUTE,
        }
    )
