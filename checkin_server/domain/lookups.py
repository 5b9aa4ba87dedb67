"""How many people one person may look up on one device: more than any desk needs, far fewer than a list is long.

A desk helps somebody a minute at the most, and finds them in one or two searches. In a rush of ten minutes that is
twenty searches and, with beginnings of names that fit many, two hundred entries seen; on a whole day, with all who
forgot the card, a few hundred searches. Who copies the list needs thousands, and stops here in the first seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkin_server.domain.refusal import Refusal

CODE = "search_limit"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody was looked up."""

    at: int
    """Milliseconds since 1970 UTC."""
    by_name: bool
    """By name; else by a ticket's number, which shows one person."""
    people: int
    """Whose entries were shown."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most so much within a time."""

    minutes: int | None
    """None: on one day."""
    searches: int
    """By name."""
    people: int
    """Whose entries were shown, by name or by number."""


WINDOWS = (Window(10, 40, 300), Window(None, 600, 3000))


def over(looks: Sequence[Look], now: int, day_over: int) -> Refusal | None:
    """Refuse another look-up after too many; `looks` are those of the day, oldest first.

    The refusal says the limit that was met (``searches`` or ``people``, and ``limit``) and after how many seconds
    (``retry_after``) the next one is answered; on one day, when the day is over (`day_over`, ms).
    """
    waits = []
    for window in WINDOWS:
        begins = None if window.minutes is None else now - window.minutes * 60_000
        young = [look for look in looks if begins is None or look.at > begins]
        for what, most in (("searches", window.searches), ("people", window.people)):
            last = _one_too_many(young, what, most)
            if last is not None:
                until = day_over if window.minutes is None else last.at + window.minutes * 60_000
                waits.append((until, what, most))
    if not waits:
        return None
    until, what, most = max(waits)
    return Refusal(CODE, {"what": what, "limit": most, "retry_after": max(1, -(-(until - now) // 1000))})


def _one_too_many(looks: Sequence[Look], what: str, most: int) -> Look | None:
    """Return the newest look-up that must be forgotten before there is room again; None while there is room."""
    seen = 0
    for look in reversed(looks):
        seen += look.people if what == "people" else look.by_name
        if seen >= most:
            return look
    return None
