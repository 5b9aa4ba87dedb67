"""What a rehearsal says: the shape of `riwaq rehearse --json`, and what tables and plots are made from.

Fields may be added; what stands here keeps its meaning. Durations are minutes, shares lie between 0 and 1; counts are
means over the seeds.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Spread(BaseModel):
    """How a duration is spread, in minutes."""

    mean: float
    p50: float
    p95: float
    max: float


class ServiceFigures(BaseModel):
    """One service over the day."""

    service: str
    name: str
    """In English, from the venue's file."""
    counters: int
    """Counters that give it in the plan."""
    asked: float
    served: float
    unserved: float
    """Asked for and not given: the visitor left, was missed too often, or the day was over."""
    after_closing: float
    """Of those served, how many ended after closing."""
    wait: Spread | None
    """Standing about before this service; None when nobody asked for it."""
    service_minutes: float | None
    """Mean length of the service."""
    use: float | None
    """Share of its open counters' time in which they served somebody; None when none was ever open."""
    missed: float
    """Calls that nobody came to."""


class PolicyFigures(BaseModel):
    """A day under one way of calling visitors."""

    policy: str
    """``riwaq`` is the real router; the others are what it is compared with."""
    runs: int
    """Seeds played."""
    seconds: float
    """Time that one run took."""
    visits: float
    services_asked: float
    services_served: float
    unserved: float
    after_closing: float
    """Services that ended after closing."""
    last_left_minutes: float
    """When the last visitor left, after closing (before it when negative)."""
    wait: Spread | None
    """Standing about, in all, per visit; None of no visits."""
    in_venue: Spread | None
    service_level: float | None
    """Share of services called within the venue's target; None when nobody was called."""
    missed_calls_per_100: float
    """Missed calls per 100 visits."""
    services: list[ServiceFigures]


class Change(BaseModel):
    """Something tried, and what it changed in the mean wait per visit."""

    kind: Literal["counter", "time_slots", "what_if"]
    what: str
    """In words: ``open a second insurance counter``."""
    setting: str | None
    """The same as an argument: ``insurance=2`` for ``--what-if``."""
    wait_before: float
    wait_after: float
    p95_before: float
    p95_after: float
    unserved_before: float
    unserved_after: float
    late_before: float
    """Services that ended after closing."""
    late_after: float


class Slot(BaseModel):
    """How many visitors to invite for a time slot."""

    begins: str
    """Local time, ``HH:MM``."""
    visitors: int


class LiveFigures(BaseModel):
    """What only a live rehearsal can know."""

    url: str
    clock: Literal["real", "virtual"]
    speed: float | None
    """Simulated minutes a minute; None is as fast as the server answers."""
    seconds: float
    """How long the day took."""
    requests: int
    retries: int
    """Requests that were sent again, with the same id, after an error."""
    refused: dict[str, int]
    """Refusals by code."""
    tickets_printed: int
    tickets_missing: int
    """Numbers without a printed ticket at the end."""
    calls: int
    calls_not_shown: int
    """Calls that stood on none of the boards of the zone right after."""
    same_calls: float | None
    """Share of calls that this day and the same day in this process have alike: visitor, service and moment.

    None on the real clock, whose moments are nobody's."""
    differs_from_log: list[str]
    """What the server's event log tells otherwise than the visitors do; empty when all is well."""


class Report(BaseModel):
    """A rehearsal."""

    version: Literal[1] = 1
    venue: str
    day: str
    opens_at: str
    """RFC 3339, UTC."""
    closes_at: str
    scenario: str
    visitors: int
    """Visits planned for each run."""
    seeds: list[int]
    target_minutes: int
    ignoring: float = 0.0
    """Share of visitors who don't go where they are sent."""
    what_if: list[str]
    policies: list[PolicyFigures]
    """The first is the real router."""
    lower_bound_minutes: float | None
    """Mean time in the venue that no way of calling can beat; None when it was not asked for."""
    changes: list[Change]
    """What was tried, the most effective first."""
    slots: list[Slot]
    """Invitations by time slot that spread the same visitors over the day."""
    live: LiveFigures | None = None
