"""What figures are made of: played days, the plans that held on them, and what is kept beside the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checkin_server.domain.fairness.log import Fairness
from checkin_server.domain.figures.day import Day
from checkin_server.domain.figures.facts import Step, Visit

Document = Mapping[str, Any]
"""A plan as `checkin_server/domain/plan_documents.py` writes it."""
Row = dict[str, Any]
Rows = list[Row]
MINUTE = 60_000
QUARTER = 15 * MINUTE


@dataclass(frozen=True)
class Held:
    """The plans that held on a day; what one does not know any more, the one before did."""

    segments: Sequence[tuple[int, Document]]
    """Since when which plan held that day, the first one first."""
    earlier: Sequence[Document] = ()
    """Other plans of the venue, the newest first: for what only they know."""

    @property
    def last(self) -> Document:
        """The plan that held last."""
        return self.segments[-1][1]

    def find(self, what: str, id_: str) -> Document | None:
        """Return a thing of the plan (``services``, ``booths``, ``counters`` …) as the newest plan has it."""
        for document in (*(plan for _, plan in reversed(self.segments)), *self.earlier):
            for row in document.get(what, ()):
                if row["id"] == id_:
                    return row  # type: ignore[no-any-return]
        return None

    def booth_of(self, what: str, id_: str) -> str:
        """Return the booth of a service or a counter; empty when that was never known."""
        found = self.find(what, id_)
        return "" if found is None else str(found.get("booth", ""))

    @property
    def target_minutes(self) -> int:
        """Within how many minutes a service shall be first called."""
        return int(self.last.get("call_target_minutes", 20))


@dataclass(frozen=True)
class Played:
    """One day, played."""

    day: Day
    plan: Held
    fairness: Fairness


@dataclass(frozen=True)
class Beside:
    """What is kept beside the log, as long as it may be."""

    stations: Mapping[str, str] = field(default_factory=dict)
    """By device, its station."""
    words: Sequence[tuple[str, str, str]] = ()
    """Opinions in full: kind, language, text."""
    referrals: Sequence[tuple[str, str]] = ()
    """Cases: office, subject."""


@dataclass(frozen=True)
class Period:
    """Some days, together."""

    days: Sequence[Played]
    local: Callable[[int], datetime]
    """A moment as the clocks of the venue show it."""
    beside: Beside = field(default_factory=Beside)

    @property
    def visits(self) -> Iterable[Visit]:
        """Arrivals: visits that got a number."""
        return (visit for one in self.days for visit in one.day.numbered)

    @property
    def steps(self) -> Iterable[tuple[Played, Step]]:
        """Their steps, with the day that they are of."""
        return ((one, step) for one in self.days for step in one.day.asked)

    def in_order(self, what: str, found: Iterable[str]) -> list[str]:
        """Return ids in the plan's order, with those that the plan has; what is gone since comes last."""
        seen = list(dict.fromkeys(found))
        known = list(dict.fromkeys(row["id"] for one in reversed(self.days) for row in one.plan.last.get(what, ())))
        return [*known, *sorted(set(seen) - set(known))]


def seconds(milliseconds: float | None) -> float | None:
    """Return whole seconds, as every duration of a dataset is given; None stays None."""
    return None if milliseconds is None else round(milliseconds / 1000)


def spread(prefix: str, count: str, values: Iterable[int | None]) -> Row:
    """Return how many durations there are (column `count`), their median, P90 and longest in seconds.

    Values are milliseconds; None is none. The P90 lies between two values as spreadsheets reckon it.
    """
    found = sorted(value for value in values if value is not None)
    return {
        count: len(found),
        f"{prefix}_median": seconds(share_at(found, 0.5)),
        f"{prefix}_p90": seconds(share_at(found, 0.9)),
        f"{prefix}_longest": seconds(found[-1]) if found else None,
    }


def share_at(ordered: Sequence[float], share: float) -> float | None:
    """Return the value below which `share` of the ordered values lie; None of nothing."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def share(part: int, of: int) -> float | None:
    """Return a share from 0 to 1, to four places; None of nothing."""
    return round(part / of, 4) if of else None
