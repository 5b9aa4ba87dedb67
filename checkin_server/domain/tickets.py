"""When a ticket's time is over: paper that comes out then leads somebody wrong."""

from __future__ import annotations

from dataclasses import dataclass

STALE = "stale"
"""Why such a print job has failed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A print job that has not begun. A test print is of no day and no visit."""

    asked_at: int
    """Milliseconds since 1970 UTC: the choice that it is the ticket of, or when it was asked for again."""
    day_ended: bool = False
    visit_left: bool = False


def is_stale(job: Waiting, now: int, minutes: int) -> bool:
    """Whether a job may not print any more.

    Its day has ended (the numbers begin anew, and two people would hold one), its visit has left, or nothing of it has
    begun `minutes` after it was asked for: the screen has shown the number long ago, and its owner is elsewhere.
    """
    return job.day_ended or job.visit_left or now - job.asked_at >= minutes * 60_000
