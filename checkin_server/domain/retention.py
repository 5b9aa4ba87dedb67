"""How long what is personal is kept, by law 09-08: no longer than what it is for.

Four kinds go at different times (`KINDS`): what somebody typed, what was printed, whose visit it was, and the member
list. What is left counts the same, for good. Days are ISO dates, moments milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Kind = Literal["texts", "prints", "links", "members"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""``texts``: free text, answers kept for commands, reasons. ``prints``: what stood on tickets. ``links``: which members
a visit was. ``members``: names, cards and needs of the member list."""
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each kind is kept."""

    texts_days: int = 30
    """After the service day."""
    prints_days: int = 30
    """After the service day."""
    links_days: int = 0
    """After the last day of the tour."""
    members_days: int = 30
    """After the last day of the tour."""


def last_day(cities: Iterable[str], days: Iterable[str]) -> str:
    """Return the tour's last day: of its cities' last days and the venue's own, the latest."""
    return max([*cities, *days])


def day_after(day: str) -> str:
    """Return the date after another: what is *before* it is of that day or earlier."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def dues(rule: Retention, day_over: int, tour_over: int) -> Mapping[Kind, int]:
    """Return the moment from which each kind of a day's data has to go.

    Args:
        rule: the venue's settings.
        day_over: the midnight after the day has ended.
        tour_over: the midnight after the tour's last day. A day that was held later than the tour's plan says (a
            rehearsal, another year) counts as its last one.
    """
    tour_over = max(tour_over, day_over)
    return {
        "texts": day_over + rule.texts_days * DAY_MS,
        "prints": day_over + rule.prints_days * DAY_MS,
        "links": tour_over + rule.links_days * DAY_MS,
        "members": tour_over + rule.members_days * DAY_MS,
    }


@dataclass(frozen=True, slots=True)
class Reach:
    """What "before a day" means in moments, for what is of no service day: answers, searches, test prints."""

    days: frozenset[str]
    """The service days that are meant, all of them ended."""
    until: int
    """What happened before this moment."""


@dataclass(frozen=True, slots=True)
class Held:
    """A service day as it was held."""

    day: str
    opened_at: int
    ended_at: int | None
    """None while it has not ended: nothing of it is forgotten."""


def reach(held: Iterable[Held], before: str, midnight: int) -> Reach:
    """Say what lies before a day: days by their dates, the rest by the clock, which a rehearsal has years apart.

    Never anything since the first day that is not meant was opened.
    """
    every = list(held)
    meant = [one for one in every if one.day < before and one.ended_at is not None]
    others = [one.opened_at for one in every if one not in meant]
    until = max([midnight, *(one.ended_at + 1 for one in meant if one.ended_at is not None)])
    return Reach(frozenset(one.day for one in meant), min([until, *others]))
