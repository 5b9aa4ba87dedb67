"""What counters see: a counter, a step, a visit without a name."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checkin_server.services.shapes import Locale, StepState, Time, Why

CounterWord = Literal["open", "paused", "closed"]
WhereRelativesAre = Literal["waiting", "headed", "called", "serving", "done"]


class CounterState(TypedDict):
    """A counter."""

    id: str
    booth: str
    label: str
    zone: str
    state: CounterWord
    reason: str | None
    services: list[str]


class StepAtCounter(TypedDict):
    """A step as counters see it."""

    id: str
    service: str
    state: StepState
    booth: str
    zone: str
    counter: str | None
    since: Time
    called_at: Time | None
    started_at: Time | None
    ended_at: Time | None
    recalls: int


class Stop(TypedDict):
    """A stop of a visit's route."""

    service: str
    state: StepState


class RelativesAtCounter(TypedDict):
    """Another visit of a family that split up: `state` is that of the step it is at, ``waiting`` or ``done``."""

    number: int
    state: WhereRelativesAre
    service: str | None


class VisitAtCounter(TypedDict):
    """A visit as counters see it: no name."""

    id: str
    number: int
    locale: Locale
    category: str
    party_size: int
    needs: list[str]
    family: list[RelativesAtCounter]
    route: list[Stop]


class AtCounter(TypedDict):
    """The step at a counter, its visit, and why it was called."""

    step: StepAtCounter
    visit: VisitAtCounter
    why: Why | None
