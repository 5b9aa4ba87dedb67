"""What is known of one day once its log was played: visits, their steps, counters, tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from checkin_server.domain.figures.intervals import Stretch, length, within, without

End = Literal["served", "transferred", "given_back", "missed", "left", "day_end", "open"]
"""Where a step ended; ``open``: it has not."""
CounterState = Literal["closed", "idle", "paused", "walking", "serving"]
Party = Mapping[str, Mapping[str, int]]
"""How many people of a party are of each ``category``, ``unit`` and ``language``."""


class Event(NamedTuple):
    """One row of the event log."""

    at: int
    kind: str
    visit: str | None = None
    step: str | None = None
    service: str | None = None
    counter: str | None = None
    number: int | None = None
    device: str | None = None
    plan: str | None = None
    """The plan in force, by its hash; None before the first start with plans."""
    data: Mapping[str, Any] = {}
    seq: int = 0


@dataclass(slots=True, eq=False)
class Step:
    """One service wanted in a visit."""

    visit: Visit
    service: str
    asked_at: int
    how: Literal["chosen", "added", "transferred"]
    state: str = "waiting"
    """``waiting``, ``called``, ``serving``, ``parked``, or one of `End`."""
    first_called_at: int | None = None
    called_at: int | None = None
    """The last call; to call once more is a call."""
    answered_at: int | None = None
    """The last call that was followed by a start."""
    started_at: int | None = None
    """The last start, the call where a service was finished without one."""
    ended_at: int | None = None
    counter: str | None = None
    outcome: str | None = None
    office: str | None = None
    quick: bool = False
    """Finished without having been started: it counts from the call."""
    calls: int = 0
    recalls: int = 0
    misses: int = 0
    aside: list[Stretch] = field(default_factory=list)
    """Parked, given up after missed calls, gone with its visit, or served before: that is no waiting."""
    aside_since: int | None = None
    kept: list[tuple[int, int, str]] = field(default_factory=list)
    """From when until when it waited for one counter alone that a colleague named."""
    kept_since: tuple[int, str] | None = None

    @property
    def end(self) -> End:
        """Where it ended."""
        return self.state if self.state in _ENDS else "open"  # type: ignore[return-value]

    def not_waiting(self, until: int) -> list[Stretch]:
        """Return when it stood in no queue, or its visit was held, as far as `until`."""
        still = [] if self.aside_since is None else [(self.aside_since, until)]
        return [*self.aside, *still, *self.visit.held_until(until)]

    def waited(self, until: int) -> int:
        """Return how long it had waited by a moment, less the time it was held or set aside; milliseconds."""
        return length(without([(self.asked_at, until)], self.not_waiting(until)))

    @property
    def wait(self) -> int | None:
        """How long it waited for the last call that was followed by a start; None when it was never started."""
        return None if self.answered_at is None else self.waited(self.answered_at)

    @property
    def first_call(self) -> int | None:
        """How long it waited for the first call; None when there was none."""
        return None if self.first_called_at is None else self.waited(self.first_called_at)

    @property
    def walking(self) -> int | None:
        """From the last call to the start; None where nobody pressed *Start*."""
        if self.started_at is None or self.answered_at is None or self.quick:
            return None
        return max(0, self.started_at - self.answered_at)

    @property
    def service_time(self) -> int | None:
        """From the start to the finish; None when it was not finished."""
        if self.state != "served" or self.started_at is None or self.ended_at is None:
            return None
        return max(0, self.ended_at - self.started_at)


_ENDS = frozenset({"served", "transferred", "given_back", "missed", "left", "day_end"})


class Placed(NamedTuple):
    """A visit was spoken for: sent to a service's zone, or called or served at a counter."""

    since: int
    until: int
    service: str
    sent: bool


@dataclass(slots=True, eq=False)
class Visit:
    """One party's presence on one day."""

    id: str
    came_at: int
    """The first scan; of a part of a family that split up, that of the family."""
    category: str
    unit: str
    locale: str
    came_by: Visit | None = None
    """The visit that a part of a family came by."""
    number: int | None = None
    people: int = 1
    party: Party | None = None
    """None where the log is older than these counts."""
    steps: list[Step] = field(default_factory=list)
    newest: dict[str, Step] = field(default_factory=dict)
    """By service, the step that came last."""
    left_at: int | None = None
    ended_with_day: bool = False
    finished_at: int | None = None
    """The last finish."""
    held: list[Stretch] = field(default_factory=list)
    hold: Stretch | None = None
    """The hold that goes on, or went on last."""
    rests: list[Stretch] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    place: tuple[int, str, bool] | None = None
    """Since when it is spoken for, for which service, and whether it is only sent."""

    def held_until(self, until: int) -> list[Stretch]:
        """Return when its place was kept without calls, as far as `until`."""
        now = [] if self.hold is None else [(self.hold[0], min(self.hold[1], until))]
        return [*self.held, *now]

    @property
    def wants(self) -> list[Step]:
        """Its steps that had not ended when it did."""
        return [step for step in self.steps if step.end in ("left", "day_end")]

    def over_at(self, until: int) -> int | None:
        """Return when it was over: the last finish, or when it left; None while it is inside, or ended with its day."""
        if self.left_at is not None:
            return self.left_at
        if self.ended_with_day or any(step.end == "open" for step in self.steps):
            return None
        return self.finished_at


@dataclass(slots=True)
class Counter:
    """One counter, and when it was in which state."""

    id: str
    standing: Literal["closed", "idle", "paused"] = "closed"
    """What it is without a visitor."""
    line: list[tuple[int, CounterState]] = field(default_factory=list)
    """Since when it is what."""

    def becomes(self, at: int, state: CounterState) -> None:
        """Note that it is something else from a moment on; a clock that went back moves nothing before what was."""
        if self.line and at < self.line[-1][0]:
            at = self.line[-1][0]
        if not self.line or self.line[-1][1] != state:
            self.line.append((at, state))

    def times(self, spans: list[Stretch]) -> dict[CounterState, list[Stretch]]:
        """Return when it was in each state, within the time that the day was open."""
        end = max((until for _, until in spans), default=0)
        ends = [since for since, _ in self.line[1:]] + [end]
        found: dict[CounterState, list[Stretch]] = {}
        for (since, state), until in zip(self.line, ends, strict=True) if self.line else ():
            found.setdefault(state, []).append((since, until))
        return {state: within(times, spans) for state, times in found.items()}
