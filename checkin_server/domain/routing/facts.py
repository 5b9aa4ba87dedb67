"""What the router is told of the hall: visits and their steps, as they are stored.

Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepFacts:
    """An open step as it is stored: state ``waiting``, ``headed``, ``called``, ``serving`` or ``parked``."""

    id: str
    service: str
    state: str
    since: int
    """When the service was asked for; one added later has the later time, so nobody gains by adding."""
    counter: str | None = None
    at: int = 0
    """When it came into its state: sent, called or started."""
    origin: str = ""
    """Zone from which the visitor was sent or called, if known."""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as it is stored; steps that have ended are left out."""

    id: str
    number: int
    category: str
    steps: tuple[StepFacts, ...]
    needs: tuple[str, ...] = ()
    party: int = 1
    zone: str = ""
    """Zone where the visitor was last known to be; empty when unknown."""
    not_before: int = 0
    """Not to be sent or called before: end of a hold, or of the rest after a missed call."""
    stops: int = 0
    """How many services the visit has had in all; 0 takes those still open."""
    link: str = ""
    """Visits with the same link belong to one family that split up and leaves together."""
    extra_head_start: float = 0.0
    """Minutes of priority given by hand, with a reason, at the welcome desk."""
    by_hand: str = ""
    """That reason; empty when none was given."""
