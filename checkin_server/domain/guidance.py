"""What a visitor should do now, from the state of the visit's steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkin_server.domain import steps
from checkin_server.domain.waits import Wait


@dataclass(frozen=True, slots=True)
class Stop:
    """A step as guidance sees it."""

    id: str
    service: str
    state: str
    wait: Wait | None = None
    at: float | None = None
    """When its call is expected, in milliseconds since 1970 UTC; where it is not known the wait gives the order."""
    ended_at: int | None = None
    given: bool = True
    """Whether its service is (still) given here."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """The instruction: `kind` is ``choose``, ``wait``, ``go``, ``serving``, ``held`` or ``done``."""

    kind: str
    step: str | None = None
    why: str | None = None


def visit_state(stored: str, stops: Sequence[Stop], hold_until: int | None, now: int) -> str:
    """Return the state the API shows: ``choosing``, ``open``, ``held``, ``done`` or ``left``."""
    if stored != "open":
        return stored
    if not any(stop.state in steps.OPEN for stop in stops):
        return "done"
    if hold_until is not None and hold_until > now:
        return "held"
    return "open"


def next_for(state: str, stops: Sequence[Stop]) -> Guidance:
    """Say what to do now, of stops in the route's order. A call beats everything; then the first of known wait."""
    for stop in stops:
        if stop.state == "serving":
            return Guidance("serving", stop.id)
        if stop.state in steps.PLACED:
            return Guidance("go", stop.id)
    if state == "choosing":
        return Guidance("choose")
    if state in ("done", "left"):
        return Guidance("done")
    if state == "held":
        return Guidance("held")
    waiting = [stop for stop in stops if stop.state == "waiting"]
    if not waiting:
        return Guidance("wait")
    first = next((stop for stop in waiting if stop.wait is not None), None)
    if first is None:
        # Whatever may still be given comes first; what is not given any more is said, nobody waits for it in vain.
        given = next((stop for stop in waiting if stop.given), None)
        return Guidance("wait", given.id) if given is not None else Guidance("wait", waiting[0].id, "not_given")
    return Guidance("wait", first.id, "only_stop" if len(waiting) == 1 else "soonest")
