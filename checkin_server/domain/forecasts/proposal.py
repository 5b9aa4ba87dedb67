"""The route proposed to somebody who has ticked services but has no place in a queue yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkin_server.domain.waits import Wait


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticked service with the wait until its call; None where it is not known."""

    service: str
    wait: Wait | None
    after: tuple[str, ...] = ()
    """Services that must have been given first, if they are ticked too."""
    at: float | None = None
    """When its call is expected, for the order; without it the wait decides."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One stop: `why` is ``only_stop``, ``soonest``, ``after`` (with `first`), ``meanwhile`` or ``no_counter``."""

    service: str
    wait: Wait | None
    why: str
    first: str | None = None
    """The service that comes before this one, for ``after``."""


def _order(one: Candidate) -> tuple[bool, float]:
    if one.wait is None:
        return True, 0.0
    return False, one.wait.p50 if one.at is None else one.at


def propose(candidates: Sequence[Candidate]) -> list[Leg]:
    """Return the order in which the visitor will probably be called.

    One stands in all the queues at once, so the shortest comes first; a stop that needs another one waits for it, and
    a stop whose wait nobody knows (no counter is open) comes last. Equal waits keep the order they were ticked in.
    """
    ticked = {candidate.service for candidate in candidates}
    left = sorted(candidates, key=_order)
    done: set[str] = set()
    legs: list[Leg] = []
    while left:
        # A circle of services that each ask for the next can't be satisfied: then the order of waits decides.
        best = next((one for one in left if not (set(one.after) & ticked) - done), left[0])
        left.remove(best)
        done.add(best.service)
        needs = next((service for service in best.after if service in ticked), None)
        if len(candidates) == 1:
            why = "only_stop"
        elif best.wait is None:
            why = "no_counter"
        elif needs is not None:
            why = "after"
        else:
            why = "meanwhile" if legs else "soonest"
        legs.append(Leg(best.service, best.wait, why, needs if why == "after" else None))
    return legs
