"""Who is called next: the interface of the router (`docs/routing.md`) and the simplest rule that fills it.

A `Policy` sees only what a live system knows and decides nothing but *who*; that a visit is in one place at a time is
the database's business (compare-and-swap on the visit), whatever the policy says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free visit waiting for a service of the counter that asks. Times in milliseconds since 1970 UTC."""

    step: str
    visit: str
    number: int
    service: str
    since: int
    """When the service was asked for: later additions wait from then."""
    category: str
    remaining: int
    """Open steps of the visit, this one included."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for a call, as a code and its figures, for staff and the event log."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"code": …, **params}``, the form of the API and the event log."""
        return {"code": self.code, **self.params}


@dataclass(frozen=True, slots=True)
class Decision:
    """Call this candidate, for this reason."""

    candidate: Candidate
    why: Why


class Policy(Protocol):
    """Chooses among the free visits that wait for a counter."""

    def next_for(self, counter: str, candidates: Sequence[Candidate], now: int) -> Decision | None:
        """Return whom `counter` calls now, or None when nobody should be called."""
        ...


class LongestWaiting:
    """Whoever has waited longest and is free; the lower number first when two asked at the same moment."""

    def next_for(self, counter: str, candidates: Sequence[Candidate], now: int) -> Decision | None:
        """Return the candidate with the earliest `since`."""
        if not candidates:
            return None
        best = min(candidates, key=lambda c: (c.since, c.number))
        minutes = max(0, now - best.since) // 60_000
        code = "last_stop" if best.remaining == 1 else "longest_wait"
        return Decision(best, Why(code, {"minutes": minutes}))
