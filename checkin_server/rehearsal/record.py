"""What happened on a rehearsed day, visit by visit and counter by counter.

The same record is written by the rehearsal in this process, by the policies it is compared with, and by the live
rehearsal, which reads it from a server's answers; so all of them are measured by the same rules
(`checkin_server.rehearsal.figures`). Times are milliseconds since 1970 UTC, as everywhere in the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from checkin_server.domain.plan import Plan


@dataclass(slots=True)
class Stop:
    """One service of a visit."""

    service: str
    asked: int
    """When it was asked for."""
    calls: list[int] = field(default_factory=list)
    """When the visitor was called to it; more than once after missed calls."""
    counter: str | None = None
    """Where it was given, or where the visitor was called last."""
    started: int | None = None
    ended: int | None = None
    misses: int = 0
    """Calls that nobody came to."""
    walk: int = 0
    """Milliseconds the visitor walked to it after the last instruction."""

    @property
    def served(self) -> bool:
        """Whether it was given."""
        return self.ended is not None


@dataclass(slots=True)
class Visited:
    """One party's day."""

    visit: str
    """The simulated visitor's id, the same in every run of the same day."""
    category: str
    party: int
    arrived: int
    left: int | None = None
    """When nothing was left to do, or the party went home; None: still inside when the rehearsal ended."""
    stops: list[Stop] = field(default_factory=list)
    number: int | None = None
    """The number on the ticket, where there is one."""


@dataclass(frozen=True)
class Day:
    """A day that was played."""

    plan: Plan
    policy: str
    """``riwaq`` is the real router; the others are what it is compared with."""
    opens_at: int
    closes_at: int
    visits: Sequence[Visited]
    manned: Mapping[str, Sequence[tuple[int, int]]]
    """By counter, from when to when somebody was there: breaks and breakdowns are left out."""
    seconds: float = 0.0
    """How long the rehearsal itself took."""

    @cached_property
    def ended_at(self) -> int:
        """The last moment anything happened to a visitor, or closing time when that is later."""
        moments = [self.closes_at]
        for visit in self.visits:
            moments.append(visit.left or visit.arrived)
            moments += [stop.ended or stop.started or (stop.calls[-1] if stop.calls else 0) for stop in visit.stops]
        return max(moments)

    @cached_property
    def open(self) -> dict[str, list[tuple[int, int]]]:
        """By counter, when it was open for visitors: after closing only until its booth's last service has ended."""
        last: dict[str, int] = {}
        for visit in self.visits:
            for stop in visit.stops:
                if stop.ended is not None and stop.counter is not None:
                    booth = self.plan.counters[stop.counter].booth
                    last[booth] = max(last.get(booth, self.closes_at), stop.ended)
        spans: dict[str, list[tuple[int, int]]] = {}
        for counter, manned in self.manned.items():
            known = self.plan.counters.get(counter)
            end = last.get(known.booth, self.closes_at) if known else self.closes_at
            spans[counter] = [(since, min(until, end)) for since, until in manned if since < end]
        return spans
